import { describe, expect, test } from 'vitest'
import { createTestClock } from '../../helpers/clock.ts'
import { openSandbox } from '../../sandbox/open.ts'
import { type OpenGateway, openGateway } from '../gateway.ts'
import { countAnew, readsOf, requests, stepsOf } from '../observe.ts'

const leaseMs = 60_000
const reads = '/fivetran/v1/connections/'

/** Two gateways on one store, with one clock and one sandbox. */
async function twoGateways() {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock })
  const a = await openGateway({ sandbox, clock, leaseMs })
  const b = await openGateway({ sandbox, clock, leaseMs, keepData: true })
  await countAnew(a)
  await countAnew(b)
  return { a, b, clock }
}

/** Which gateway looks after which link. */
async function leases({ connect }: OpenGateway): Promise<ReadonlyMap<string, string | null>> {
  const rows = await connect.db
    .selectFrom('connectLinks')
    .select(['remoteConnectionId', 'leasedBy'])
    .execute()
  return new Map(rows.map((row) => [row.remoteConnectionId ?? '', row.leasedBy]))
}

const readBy = (gateway: OpenGateway) => gateway.logged().match(/"purpose":"read a connection"/g)?.length ?? 0

describe('two gateways on one store', () => {
  test('each ask about their own open links alone, over many rounds', async () => {
    const { a, b, clock } = await twoGateways()
    for (let index = 0; index < 3; index += 1) await a.createLink('FIVETRAN', 'hubspot')
    clock.advance(3)
    await a.poll()
    for (let index = 0; index < 2; index += 1) await a.createLink('FIVETRAN', 'hubspot')
    clock.advance(2)
    await b.poll()
    const whose = await leases(a)
    const ids = (gateway: OpenGateway) =>
      [...whose].filter(([, owner]) => owner === gateway.connect.instanceId).map(([id]) => id)
    expect([ids(a).length, ids(b).length]).toEqual([3, 2])
    await a.control('DELETE', 'requests')
    const [ofA, ofB] = [readBy(a), readBy(b)]

    for (let round = 0; round < 30; round += 1) {
      clock.advance(5)
      const before = (await requests(a)).length
      await Promise.all([a.poll(), b.poll()])
      const asked = (await requests(a)).slice(before).map(({ path }) => path)
      expect(new Set(asked).size, `round ${round}`).toBe(asked.length)
    }

    expect(await leases(a)).toEqual(whose)
    const seen = (await requests(a)).map(({ path }) => path)
    const countOf = (wanted: readonly string[]) =>
      seen.filter((path) => wanted.some((id) => path === `${reads}${id}`)).length
    expect(countOf(ids(a))).toBeGreaterThan(20)
    expect([readBy(a) - ofA, readBy(b) - ofB]).toEqual([countOf(ids(a)), countOf(ids(b))])
  })

  test('one takes the other’s links over when its lease has ended, and not before', async () => {
    const { a, b, clock } = await twoGateways()
    await a.createLink('FIVETRAN', 'hubspot')
    clock.advance(3)
    await a.poll()
    expect(readBy(a)).toBe(1)

    // The first one is never heard of again.
    clock.advance(leaseMs / 1000 - 0.1)
    await b.poll()
    expect(readBy(b)).toBe(0)
    clock.advance(0.1)
    await b.poll()
    expect(readBy(b)).toBe(1)
  })

  test('one that closes leaves its links at once', async () => {
    const { a, b, clock } = await twoGateways()
    await a.createLink('FIVETRAN', 'hubspot')
    clock.advance(3)
    await a.poll()
    await a.close()

    clock.advance(3)
    await b.poll()
    expect(readBy(b)).toBe(1)
  })

  test('expire a link exactly once, although both are at it', async () => {
    const { a, b, clock } = await twoGateways()
    const link = await a.createLink('FIVETRAN', 'hubspot', { expiresInSeconds: 60 })
    clock.advance(60)
    await Promise.all([a.poll(), b.poll(), a.poll(), b.poll()])

    expect(await stepsOf(a, link.id)).toEqual(['CREATED by API_CALL', 'EXPIRED by TIMEOUT'])
    expect((await requests(a)).filter(({ method }) => method === 'DELETE')).toHaveLength(1)
  })

  test('expire a link exactly once that nobody has looked at for hours', async () => {
    const { a, b, clock } = await twoGateways()
    const link = await a.createLink('FIVETRAN', 'hubspot', { expiresInSeconds: 60 })
    clock.advance(60 + 7_200)
    await Promise.all([a.poll(), b.poll(), a.readLink(link.id), b.readLink(link.id)])

    expect(await stepsOf(a, link.id)).toEqual(['CREATED by API_CALL', 'EXPIRED by TIMEOUT'])
    expect(await readsOf(a, reads)).toBeGreaterThan(0)
  })
})
