import { describe, expect, test } from 'vitest'
import { createTestClock } from '../../helpers/clock.ts'
import { openSandbox } from '../../sandbox/open.ts'
import { type OpenGateway, openGateway } from '../gateway.ts'
import { clearRequests, countReads, historyLines, requests } from '../observe.ts'

const leaseMs = 60_000
const reads = '/fivetran/v1/connections/'

/** Two gateways on one store, with one clock and one sandbox. */
async function twoGateways() {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock })
  const a = await openGateway({ sandbox, clock, leaseMs })
  const b = await openGateway({ sandbox, clock, leaseMs, keepData: true })
  await clearRequests(a)
  await clearRequests(b)
  return { a, b, clock }
}

/** The instance that leases each link, by remote connection id. */
async function leases({ connect }: OpenGateway): Promise<ReadonlyMap<string, string | null>> {
  const rows = await connect.db
    .selectFrom('connectLinks')
    .select(['remoteConnectionId', 'leasedBy'])
    .execute()
  return new Map(rows.map((row) => [row.remoteConnectionId ?? '', row.leasedBy]))
}

const readsOf = (gateway: OpenGateway) =>
  gateway.logged().match(/"purpose":"read a connection"/g)?.length ?? 0

describe('two gateways on one store', () => {
  test('poll only the links that they lease, over many rounds', async () => {
    const { a, b, clock } = await twoGateways()
    for (let index = 0; index < 3; index += 1) await a.createLink('FIVETRAN', 'hubspot')
    clock.advance(3)
    await a.poll()
    for (let index = 0; index < 2; index += 1) await a.createLink('FIVETRAN', 'hubspot')
    clock.advance(2)
    await b.poll()
    const leased = await leases(a)
    const ids = (gateway: OpenGateway) =>
      [...leased].filter(([, owner]) => owner === gateway.connect.instanceId).map(([id]) => id)
    expect([ids(a).length, ids(b).length]).toEqual([3, 2])
    await a.control('DELETE', 'requests')
    const [readsBeforeA, readsBeforeB] = [readsOf(a), readsOf(b)]

    for (let round = 0; round < 30; round += 1) {
      clock.advance(5)
      const before = (await requests(a)).length
      await Promise.all([a.poll(), b.poll()])
      const paths = (await requests(a)).slice(before).map(({ path }) => path)
      expect(new Set(paths).size, `round ${round}`).toBe(paths.length)
    }

    expect(await leases(a)).toEqual(leased)
    const paths = (await requests(a)).map(({ path }) => path)
    const countOf = (remoteIds: readonly string[]) =>
      paths.filter((path) => remoteIds.some((id) => path === `${reads}${id}`)).length
    expect(countOf(ids(a))).toBeGreaterThan(20)
    expect([readsOf(a) - readsBeforeA, readsOf(b) - readsBeforeB]).toEqual([countOf(ids(a)), countOf(ids(b))])
  })

  test('take over the links of the other one when its lease has expired, not before', async () => {
    const { a, b, clock } = await twoGateways()
    await a.createLink('FIVETRAN', 'hubspot')
    clock.advance(3)
    await a.poll()
    expect(readsOf(a)).toBe(1)

    // The first gateway sends no further heartbeat.
    clock.advance(leaseMs / 1000 - 0.1)
    await b.poll()
    expect(readsOf(b)).toBe(0)
    clock.advance(0.1)
    await b.poll()
    expect(readsOf(b)).toBe(1)
  })

  test('take over the links of the other one immediately when it closes', async () => {
    const { a, b, clock } = await twoGateways()
    await a.createLink('FIVETRAN', 'hubspot')
    clock.advance(3)
    await a.poll()
    await a.close()

    clock.advance(3)
    await b.poll()
    expect(readsOf(b)).toBe(1)
  })

  test('expire a link exactly once when both poll it', async () => {
    const { a, b, clock } = await twoGateways()
    const link = await a.createLink('FIVETRAN', 'hubspot', { expiresInSeconds: 60 })
    clock.advance(60)
    await Promise.all([a.poll(), b.poll(), a.poll(), b.poll()])

    expect(await historyLines(a, link.id)).toEqual(['CREATED by API_CALL', 'EXPIRED by TIMEOUT'])
    expect((await requests(a)).filter(({ method }) => method === 'DELETE')).toHaveLength(1)
  })

  test('expire a link exactly once that was not checked for hours', async () => {
    const { a, b, clock } = await twoGateways()
    const link = await a.createLink('FIVETRAN', 'hubspot', { expiresInSeconds: 60 })
    clock.advance(60 + 7_200)
    await Promise.all([a.poll(), b.poll(), a.readLink(link.id), b.readLink(link.id)])

    expect(await historyLines(a, link.id)).toEqual(['CREATED by API_CALL', 'EXPIRED by TIMEOUT'])
    expect(await countReads(a, reads)).toBeGreaterThan(0)
  })
})
