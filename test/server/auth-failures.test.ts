import { describe, expect, test } from 'vitest'
import { createAuthFailures } from '../../src/server/auth-failures.ts'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway, testApiKey } from '../helpers/gateway.ts'
import { createTestLog } from '../helpers/log.ts'

function open() {
  const clock = createTestClock()
  const { log, text: logged } = createTestLog()
  const { record } = createAuthFailures(log, clock.now)
  const recordMany = (count: number, address: string) =>
    Array.from({ length: count }, () => record(address)).at(-1)
  return { clock, logged, recordMany }
}

describe('failed authentication', () => {
  test('is delayed after five failures of an address, longer each time, for at most 5 s', () => {
    const { recordMany } = open()
    expect(recordMany(5, '192.0.2.1')).toBe(0)
    expect(recordMany(1, '192.0.2.1')).toBe(100)
    expect(recordMany(1, '192.0.2.1')).toBe(200)
    expect(recordMany(1_000, '192.0.2.1')).toBe(5_000)
    expect(recordMany(1, '192.0.2.2')).toBe(0)
  })

  test('is not delayed any more a minute later', () => {
    const { clock, recordMany } = open()
    expect(recordMany(10, '192.0.2.1')).toBe(500)
    clock.advance(60)
    expect(recordMany(1, '192.0.2.1')).toBe(0)
  })

  test('is logged with the address at the sixth failure and every hundredth, not at each', () => {
    const { logged, recordMany } = open()
    recordMany(5, '192.0.2.1')
    expect(logged()).toBe('')
    recordMany(295, '192.0.2.1')
    const lines = logged().trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { address: '192.0.2.1', failures: 6 },
      { address: '192.0.2.1', failures: 100 },
      { address: '192.0.2.1', failures: 200 },
      { address: '192.0.2.1', failures: 300 },
    ])
  })

  test('over HTTP is logged without the credentials, and the API key is still accepted', async () => {
    const { post, logged } = await startTestGateway({ env: { SANDBOX: 'off' } })
    const wrong = { authorization: 'Bearer gw_wrong_key' }
    const statuses = await Promise.all(
      Array.from({ length: 7 }, async () => (await post('{ viewer { kind } }', {}, wrong)).status),
    )
    expect(statuses).toEqual(Array(7).fill(401))
    expect(logged()).toContain('authentication fails repeatedly')
    expect(logged()).not.toContain('gw_wrong_key')
    const right = await post('{ viewer { kind } }', {}, { authorization: `Bearer ${testApiKey}` })
    expect(right.status).toBe(200)
  })
})
