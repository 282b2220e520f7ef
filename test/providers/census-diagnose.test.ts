import { expect, test } from 'vitest'
import { diagnose } from '../../src/providers/census/diagnose.ts'

test.each([
  ['2', 'pat', '2026-12-01', 'PASS'],
  ['2', 'secret-token:key', '2026-12-01', 'FAIL'],
  ['1', 'pat', '2026-12-01', 'FAIL'],
  ['1', 'secret-token:key', '2027-01-14', 'WARN'],
  ['1', 'secret-token:key', '2027-01-15', 'FAIL'],
] as const)('version %s with the key %s on %s: %s', (version, apiKey, now, status) => {
  const [found] = diagnose({ version, apiKey }, new Date(now))
  expect(found).toMatchObject({ check: 'API version', status })
  expect(found?.message).not.toContain(apiKey)
})
