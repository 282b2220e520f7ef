import { expect, test } from 'vitest'
import { diagnoseAccounts } from '../../src/app/diagnose-accounts.ts'
import type { ProviderAdapter } from '../../src/providers/adapter.ts'
import { definitionByKey } from '../../src/providers/index.ts'
import { createProviderRegistry, type Provider } from '../../src/providers/provider-registry.ts'
import { createTestLog } from '../helpers/log.ts'
import { adapterOf, capabilitiesOf } from '../helpers/providers.ts'

const { diagnose: _, ...otherMethods } = adapterOf('XPANDER')

const diagnosing = (diagnose: ProviderAdapter['diagnose'], sandbox = false): Provider => ({
  key: 'NANGO',
  name: 'Nango',
  capabilities: capabilitiesOf('NANGO'),
  linkOptions: definitionByKey.NANGO.linkOptions,
  sandbox,
  bound: {
    accountKey: 'account',
    remoteAccount: 'account',
    isFormerAccount: () => false,
    adapter: { ...otherMethods, ...(diagnose && { diagnose }) },
  },
})

const finding = async () =>
  [
    { check: 'rights', status: 'WARN', message: 'The key may do more.' },
    { check: 'rights', status: 'PASS', message: 'It has all current rights.' },
    { check: 'API version', status: 'WARN', message: 'The version is not current.' },
  ] as const

async function logOf(provider: Provider): Promise<string> {
  const { log, text } = createTestLog()
  await diagnoseAccounts({ providers: createProviderRegistry([provider]), log })
  return text()
}

test('logs what is wrong with the account of a provider', async () => {
  expect(await logOf(diagnosing(finding))).toMatch(/^(?!.*current).*The key may do more/s)
})

test.each([
  ['of the sandbox', diagnosing(finding, true)],
  ['of a provider that cannot tell', diagnosing(undefined)],
])('logs nothing about the account %s', async (_, provider) => {
  expect(await logOf(provider)).toBe('')
})

test('logs a diagnosis that fails, without the text of the error', async () => {
  const text = await logOf(diagnosing(() => Promise.reject(new Error('secret-text'))))
  expect(text).toContain('could not be diagnosed')
  expect(text).not.toContain('secret-text')
})
