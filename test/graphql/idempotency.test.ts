import { describe, expect, test } from 'vitest'
import { forgetOldKeys } from '../../src/store/idempotency-keys.ts'
import { CreateConnectLinkDocument, type CreateConnectLinkInput } from '../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'

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

  test('stays taken while nobody knows what the provider did', async () => {
    const gateway = await startTestGateway({ patienceMs: 200 })
    await gateway.control('POST', 'faults', {
      provider: 'fivetran',
      path: '/v1/connections',
      times: 1,
      kind: 'reset',
    })
    expect(await create(gateway)).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect(await create(gateway)).toMatchObject({ code: 'OPERATION_IN_PROGRESS' })
    expect(await postsOf(gateway)).toBe(1)
  })

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
    await forgetOldKeys(db, gateway.clock.now())
    expect(await db.selectFrom('idempotency_keys').select('key').execute()).toHaveLength(1)
    gateway.clock.advance(24 * 3600)
    await forgetOldKeys(db, gateway.clock.now())
    expect(await db.selectFrom('idempotency_keys').select('key').execute()).toHaveLength(0)
  })
})
