import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { backgroundWork } from '../../src/http/http-types.ts'
import { deleteExpiredKeys } from '../../src/store/idempotency-keys.ts'
import { CreateConnectLinkDocument, type CreateConnectLinkInput } from '../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { xpanderKey } from './open.ts'

const input: CreateConnectLinkInput = {
  connector: 'hubspot',
  endUser: { id: 'user-1' },
  idempotencyKey: 'order-7',
}

async function createLink(gateway: TestGateway, changes: Partial<CreateConnectLinkInput> = {}) {
  const variables = { provider: 'FIVETRAN', input: { ...input, ...changes } } as const
  return (await gateway.send(CreateConnectLinkDocument, variables)).createConnectLink
}

async function countCreateRequests(gateway: TestGateway): Promise<number> {
  const requests: { method: string; path: string }[] = await (await gateway.control('GET', 'requests')).json()
  return requests.filter(
    ({ method, path }) => method === 'POST' && path.startsWith('/fivetran/v1/connections'),
  ).length
}

const listResponse = z.object({ data: z.object({ items: z.array(z.object({ id: z.string() })) }) })

/** Lists the connections at Fivetran directly, not through the gateway. */
async function fivetranConnections({ sandbox }: TestGateway): Promise<readonly { id: string }[]> {
  const authorization = `Basic ${Buffer.from('sandbox-key:sandbox-secret').toString('base64')}`
  const url = new URL('/fivetran/v1/connections', sandbox.url)
  return listResponse.parse(await (await fetch(url, { headers: { authorization } })).json()).data.items
}

/** Returns the remote IDs of the connections that all providers list. */
async function remoteIds({ connect }: TestGateway): Promise<readonly string[]> {
  const ids: string[] = []
  const { signal } = new AbortController()
  for (const { adapter } of connect.providers.configured) {
    for await (const { items } of adapter.listConnections([], backgroundWork(signal))) {
      ids.push(...items.map(({ remoteId }) => remoteId))
    }
  }
  return ids
}

/** Puts the database in the state left by a process that was killed after the provider's response, before its own. */
async function simulateCrash({ connect: { db }, clock }: TestGateway): Promise<void> {
  await db.deleteFrom('connectLinks').execute()
  await db.deleteFrom('connections').execute()
  const lockedUntil = new Date(clock.now().getTime() + 15_000)
  const locked = { response: null, lockedBy: 'killed-process', lockedUntil }
  await db.updateTable('idempotencyKeys').set(locked).execute()
}

describe('an idempotency key', () => {
  test('returns the same link for the same input, and a conflict for another input', async () => {
    const gateway = await startTestGateway()
    const first = await createLink(gateway)
    const second = await createLink(gateway)
    if (first.__typename !== 'CreateConnectLinkPayload' || second.__typename !== 'CreateConnectLinkPayload') {
      throw new Error('no link')
    }
    expect(first.replayed).toBe(false)
    expect(second).toMatchObject({
      replayed: true,
      connectLink: { id: first.connectLink.id, url: first.connectLink.url },
    })
    expect(await createLink(gateway, { endUser: { id: 'user-2' } })).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    })
    expect(await countCreateRequests(gateway)).toBe(1)
  })

  test('creates one connection for 50 concurrent calls', async () => {
    const gateway = await startTestGateway()
    const results = await Promise.all(Array.from({ length: 50 }, () => createLink(gateway)))
    const ids = results.map(
      (result) => result.__typename === 'CreateConnectLinkPayload' && result.connectLink.id,
    )
    expect(new Set(ids).size).toBe(1)
    expect(ids[0]).toBeTruthy()
    const first = results.filter((one) => one.__typename === 'CreateConnectLinkPayload' && !one.replayed)
    expect(first).toHaveLength(1)
    expect(await countCreateRequests(gateway)).toBe(1)
  })

  test('can be used again after the provider rejected the call', async () => {
    const gateway = await startTestGateway()
    await gateway.control('POST', 'faults', {
      provider: 'fivetran',
      path: '/v1/connections',
      times: 1,
      status: 422,
      body: {},
    })
    expect(await createLink(gateway)).toMatchObject({ code: 'PROVIDER_REJECTED' })
    expect(await createLink(gateway)).toMatchObject({
      __typename: 'CreateConnectLinkPayload',
      replayed: false,
    })
  })

  test('stays reserved while the outcome at the provider is unknown, and the retry reconciles first', async () => {
    const gateway = await startTestGateway()
    const fault = { provider: 'fivetran', method: 'POST', path: '/v1/connections', times: 1, kind: 'reset' }
    await gateway.control('POST', 'faults', fault)
    expect(await createLink(gateway)).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect(await createLink(gateway, { endUser: { id: 'user-2' } })).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    })
    expect(await createLink(gateway)).toMatchObject({
      __typename: 'CreateConnectLinkPayload',
      replayed: false,
    })
    expect(await createLink(gateway)).toMatchObject({ replayed: true })
    expect(await fivetranConnections(gateway)).toHaveLength(1)
  })

  test('adopts the connection of a call whose response was lost', async () => {
    const gateway = await startTestGateway({ providerDeadlineMs: 500 })
    await gateway.connect.connectorSyncs.ensureFresh(60_000)
    // The create request takes effect but its response is late, and the following read fails: the outcome is unknown.
    const lateResponse = {
      provider: 'fivetran',
      method: 'POST',
      path: '/v1/connections',
      times: 1,
      delayMs: 600_000,
    }
    await gateway.control('POST', 'faults', lateResponse)
    const failedRead = { provider: 'fivetran', method: 'GET', path: '/v1/groups/', times: 1, status: 503 }
    await gateway.control('POST', 'faults', failedRead)
    expect(await createLink(gateway)).toMatchObject({ code: 'PROVIDER_TIMEOUT' })
    const [created] = await fivetranConnections(gateway)

    const adopted = await createLink(gateway)
    expect(adopted).toMatchObject({ __typename: 'CreateConnectLinkPayload', replayed: false })
    expect(await fivetranConnections(gateway)).toEqual([created])
    expect(created).toBeDefined()
    expect(await createLink(gateway)).toMatchObject({ replayed: true })
  })

  test.each([
    ['FIVETRAN', { connector: 'hubspot' }],
    ['XPANDER', { connector: xpanderKey('Stripe'), xpander: { security: { apiKey: 'secret' } } }],
  ] as const)(
    'lets the retry finish a call to %s that crashed before its link was stored',
    async (provider, options) => {
      const gateway = await startTestGateway({ maxWaitMs: 50 })
      await gateway.connect.connectorSyncs.ensureFresh(60_000)
      const variables = { provider, input: { ...input, ...options } }
      const create = async () => (await gateway.send(CreateConnectLinkDocument, variables)).createConnectLink
      const first = await create()
      const connections = await remoteIds(gateway)
      await simulateCrash(gateway)

      expect(await create()).toMatchObject({ code: 'OPERATION_IN_PROGRESS' })
      gateway.clock.advance(15)
      const second = await create()

      if (first.__typename !== 'CreateConnectLinkPayload') throw new Error('no link')
      expect(second).toMatchObject({ replayed: false, connectLink: { id: first.connectLink.id } })
      expect(await remoteIds(gateway)).toEqual(connections)
      expect(connections).toHaveLength(1)
    },
  )

  test('expires after 24 hours', async () => {
    const gateway = await startTestGateway()
    await createLink(gateway)
    gateway.clock.advance(24 * 3600 + 1)
    expect(await createLink(gateway)).toMatchObject({ replayed: false })
  })

  test('is deleted by deleteExpiredKeys after 24 hours and not before', async () => {
    const gateway = await startTestGateway()
    await createLink(gateway)
    const { db } = gateway.connect
    await deleteExpiredKeys(db, gateway.clock.now())
    expect(await db.selectFrom('idempotencyKeys').select('key').execute()).toHaveLength(1)
    gateway.clock.advance(24 * 3600)
    await deleteExpiredKeys(db, gateway.clock.now())
    expect(await db.selectFrom('idempotencyKeys').select('key').execute()).toHaveLength(0)
  })
})
