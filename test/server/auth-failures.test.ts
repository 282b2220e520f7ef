import { describe, expect, test } from 'vitest'
import { createAuthFailures } from '../../src/server/auth-failures.ts'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway, testApiKey } from '../helpers/gateway.ts'
import { createTestLog } from '../helpers/log.ts'

/** `sleep` records its arguments; it returns at once unless `hold`, until `release` is called. */
function open({ hold = false } = {}) {
  const clock = createTestClock()
  const { log, text: logged } = createTestLog()
  const delays: number[] = []
  const repeated: string[] = []
  const waiting: (() => void)[] = []
  const failures = createAuthFailures({
    log,
    now: clock.now,
    onRepeated: ({ address }) => repeated.push(address),
    sleep(delayMs) {
      delays.push(delayMs)
      return hold ? new Promise<void>((resolve) => waiting.push(resolve)) : Promise.resolve()
    },
  })
  const delay = (address: string) => failures.delay({ address, userAgent: null })
  async function fail(count: number, address: string) {
    for (let index = 0; index < count; index += 1) await delay(address)
    return delays.at(-1) ?? 0
  }
  const release = () => {
    for (const resolve of waiting.splice(0)) resolve()
  }
  return { clock, logged, delay, fail, delays, repeated, release }
}

describe('failed authentication', () => {
  test('is delayed after five failures of an address, longer each time, for at most 5 s', async () => {
    const { fail, delays } = open()
    expect(await fail(5, '192.0.2.1')).toBe(0)
    expect(await fail(1, '192.0.2.1')).toBe(100)
    expect(await fail(1, '192.0.2.1')).toBe(200)
    expect(await fail(1_000, '192.0.2.1')).toBe(5_000)
    await fail(5, '192.0.2.2')
    expect(delays).toHaveLength(1_002)
  })

  test('is counted for an IPv6 network of 64 bits', async () => {
    const { fail, delays } = open()
    for (const host of ['1', '2', '3:4', 'aaaa', 'bbbb']) await fail(1, `2001:db8::${host}`)
    expect(delays).toEqual([])
    expect(await fail(1, '2001:db8:0:0:ffff::')).toBe(100)
    await fail(1, '2001:db8:0:1::1')
    expect(delays).toEqual([100])
  })

  test('is not delayed any more a minute later', async () => {
    const { clock, fail, delays } = open()
    expect(await fail(10, '192.0.2.1')).toBe(500)
    clock.advance(60)
    await fail(1, '192.0.2.1')
    expect(delays).toHaveLength(5)
  })

  test('is refused without a delay while 20 responses of the address, or 1,000 in all, are delayed', async () => {
    const { fail, delay, delays, release } = open({ hold: true })
    await fail(5, '192.0.2.1')
    const held = Array.from({ length: 20 }, () => delay('192.0.2.1'))
    expect(await delay('192.0.2.1')).toBe(false)
    for (let network = 0; network < 60; network += 1) {
      await fail(5, `203.0.113.${network}`)
      for (let index = 0; index < 20; index += 1) void delay(`203.0.113.${network}`)
    }
    expect(delays).toHaveLength(1_000)
    release()
    expect(await Promise.all(held)).toEqual(Array(20).fill(true))
    const next = delay('192.0.2.1')
    release()
    expect(await next).toBe(true)
  })

  test('is logged with the address at the sixth failure and every hundredth, not at each', async () => {
    const { logged, fail, repeated } = open()
    await fail(5, '192.0.2.1')
    expect(logged()).toBe('')
    await fail(295, '192.0.2.1')
    const lines = logged().trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { address: '192.0.2.1', failures: 6 },
      { address: '192.0.2.1', failures: 100 },
      { address: '192.0.2.1', failures: 200 },
      { address: '192.0.2.1', failures: 300 },
    ])
    expect(repeated).toEqual(Array(4).fill('192.0.2.1'))
  })

  test('over HTTP 458 times at once is slowed or refused, and logged; the API key is still accepted', async () => {
    const { post, logged } = await startTestGateway({ env: { SANDBOX: 'off' } })
    const wrong = { authorization: 'Bearer gw_wrong_key' }
    const answers = Promise.all(
      Array.from({ length: 458 }, async () => {
        const response = await post('{ viewer { kind } }', {}, wrong)
        return [response.status, response.headers.get('retry-after'), await response.text()].join(' ')
      }),
    )
    const right = await post('{ viewer { kind } }', {}, { authorization: `Bearer ${testApiKey}` })
    expect(right.status).toBe(200)
    const seen = await answers
    const refused = seen.filter((one) => one.startsWith('429 5 {'))
    // Not exactly all but 25: on a slow machine some delays end before the last request arrives.
    expect(refused.length).toBeGreaterThan(0)
    expect(seen.filter((one) => one.startsWith('401 ')).length).toBe(458 - refused.length)
    expect(refused[0]).toContain('"code":"RATE_LIMITED"')
    expect(logged()).toContain('authentication fails repeatedly')
    expect(logged()).not.toContain('gw_wrong_key')
  })
})
