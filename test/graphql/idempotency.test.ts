import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { deleteExpiredKeys } from '../../src/store/idempotency-keys.ts'
import { CreateConnectLinkDocument, type CreateConnectLinkInput } from '../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { xpanderKey } from './open.ts'

const input: CreateConnectLinkInput = {
  connector: 'hubspot',
  endUser: { id: 'user-1' },
  idempotencyKey: 'order-7',
}

async function create(gateway: TestGateway, changes: Partial<CreateConnectLinkInput> = {}) {
  const variables = { provider: 'FIVETRAN', input: { ...input, ...changes } } as const
  return (await gateway.send(CreateConnectLinkDocument, variables)).createConnectLink
}

async function postsOf(gateway: TestGateway): Promise<number> {
  const requests: { method: string; path: string }[] = await (await gateway.control('GET', 'requests')).json()
  return requests.filter(
    ({ method, path }) => method === 'POST' && path.startsWith('/fivetran/v1/connections'),
  ).length
}

const listAnswer = z.object({ data: z.object({ items: z.array(z.object({ id: z.string() })) }) })

/** The connections that Fivetran has, asked as another program would. */
async function connectionsAt({ sandbox }: TestGateway): Promise<readonly { id: string }[]> {
  const authorization = `Basic ${Buffer.from('sandbox-key:sandbox-secret').toString('base64')}`
  const url = new URL('/fivetran/v1/connections', sandbox.url)
  return listAnswer.parse(await (await fetch(url, { headers: { authorization } })).json()).data.items
}

/** What the providers have, by their own lists. */
async function remoteIds({ connect }: TestGateway): Promise<readonly string[]> {
  const ids: string[] = []
  const { signal } = new AbortController()
  for (const { adapter } of connect.providers.configured) {
    for await (const page of adapter.listConnections([], { signal })) {
      ids.push(...page.map(({ remoteId }) => remoteId))
    }
  }
  return ids
}

/** Leaves the store as a process does that is killed between the provider's answer and its own. */
async function cutOff({ connect: { db }, clock }: TestGateway): Promise<void> {
  await db.deleteFrom('connectLinks').execute()
  await db.deleteFrom('connections').execute()
  const lockedUntil = new Date(clock.now().getTime() + 15_000)
  const running = { response: null, lockedBy: 'a killed one', lockedUntil }
  await db.updateTable('idempotencyKeys').set(running).execute()
}

describe('an idempotency key', () => {
  test('answers the same link to the same input, and a conflict to another', async () => {
    const gateway = await startTestGateway()
    const first = await create(gateway)
    const second = await create(gateway)
    if (first.__typename !== 'CreateConnectLinkPayload' || second.__typename !== 'CreateConnectLinkPayload') {
      throw new Error('no link')
    }
    expect(first.replayed).toBe(false)
    expect(second).toMatchObject({
      replayed: true,
      connectLink: { id: first.connectLink.id, url: first.connectLink.url },
    })
    expect(await create(gateway, { endUser: { id: 'user-2' } })).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    })
    expect(await postsOf(gateway)).toBe(1)
  })

  test('makes one connection of fifty calls at once', async () => {
    const gateway = await startTestGateway()
    const answers = await Promise.all(Array.from({ length: 50 }, () => create(gateway)))
    const ids = answers.map(
      (answer) => answer.__typename === 'CreateConnectLinkPayload' && answer.connectLink.id,
    )
    expect(new Set(ids).size).toBe(1)
    expect(ids[0]).toBeTruthy()
    const first = answers.filter((one) => one.__typename === 'CreateConnectLinkPayload' && !one.replayed)
    expect(first).toHaveLength(1)
    expect(await postsOf(gateway)).toBe(1)
  })

  test('is free again after a refusal', async () => {
    const gateway = await startTestGateway()
    await gateway.control('POST', 'faults', {
      provider: 'fivetran',
      path: '/v1/connections',
      times: 1,
      status: 422,
      body: {},
    })
    expect(await create(gateway)).toMatchObject({ code: 'PROVIDER_REJECTED' })
    expect(await create(gateway)).toMatchObject({ __typename: 'CreateConnectLinkPayload', replayed: false })
  })

  test('stays taken while nobody knows what the provider did, and the next attempt looks first', async () => {
    const gateway = await startTestGateway()
    const fault = { provider: 'fivetran', method: 'POST', path: '/v1/connections', times: 1, kind: 'reset' }
    await gateway.control('POST', 'faults', fault)
    expect(await create(gateway)).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect(await create(gateway, { endUser: { id: 'user-2' } })).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    })
    expect(await create(gateway)).toMatchObject({ __typename: 'CreateConnectLinkPayload', replayed: false })
    expect(await create(gateway)).toMatchObject({ replayed: true })
    expect(await connectionsAt(gateway)).toHaveLength(1)
  })

  test('adopts what was made although nobody heard the answer', async () => {
    const gateway = await startTestGateway({ providerDeadlineMs: 500 })
    await gateway.connect.connectorSyncs.ensureFresh(60_000)
    // The call is late, and is carried out all the same; then nobody can say what became of it.
    const late = { provider: 'fivetran', method: 'POST', path: '/v1/connections', times: 1, delayMs: 600_000 }
    await gateway.control('POST', 'faults', late)
    const blind = { provider: 'fivetran', method: 'GET', path: '/v1/groups/', times: 1, status: 503 }
    await gateway.control('POST', 'faults', blind)
    expect(await create(gateway)).toMatchObject({ code: 'PROVIDER_TIMEOUT' })
    const [made] = await connectionsAt(gateway)

    const adopted = await create(gateway)
    expect(adopted).toMatchObject({ __typename: 'CreateConnectLinkPayload', replayed: false })
    expect(await connectionsAt(gateway)).toEqual([made])
    expect(made).toBeDefined()
    expect(await create(gateway)).toMatchObject({ replayed: true })
  })

  test.each([
    ['FIVETRAN', { connector: 'hubspot' }],
    ['XPANDER', { connector: xpanderKey('Stripe'), xpander: { security: { apiKey: 'secret' } } }],
  ] as const)(
    'has a call of %s, cut off before it was recorded, finished by the next one',
    async (provider, more) => {
      const gateway = await startTestGateway({ maxWaitMs: 50 })
      await gateway.connect.connectorSyncs.ensureFresh(60_000)
      const variables = { provider, input: { ...input, ...more } }
      const ask = async () => (await gateway.send(CreateConnectLinkDocument, variables)).createConnectLink
      const first = await ask()
      const connections = await remoteIds(gateway)
      await cutOff(gateway)

      expect(await ask()).toMatchObject({ code: 'OPERATION_IN_PROGRESS' })
      gateway.clock.advance(15)
      const second = await ask()

      if (first.__typename !== 'CreateConnectLinkPayload') throw new Error('no link')
      expect(second).toMatchObject({ replayed: false, connectLink: { id: first.connectLink.id } })
      expect(await remoteIds(gateway)).toEqual(connections)
      expect(connections).toHaveLength(1)
    },
  )

  test('is forgotten after a day', async () => {
    const gateway = await startTestGateway()
    await create(gateway)
    gateway.clock.advance(24 * 3600 + 1)
    expect(await create(gateway)).toMatchObject({ replayed: false })
  })

  test('is kept until then, and not longer', async () => {
    const gateway = await startTestGateway()
    await create(gateway)
    const { db } = gateway.connect
    await deleteExpiredKeys(db, gateway.clock.now())
    expect(await db.selectFrom('idempotencyKeys').select('key').execute()).toHaveLength(1)
    gateway.clock.advance(24 * 3600)
    await deleteExpiredKeys(db, gateway.clock.now())
    expect(await db.selectFrom('idempotencyKeys').select('key').execute()).toHaveLength(0)
  })
})
