import { describe, expect, test, vi } from 'vitest'
import { RefreshConnectionDocument } from '../../generated/graphql.ts'
import { asEndUser } from '../../graphql/as-end-user.ts'
import {
  awaitSyncsAndClearRequests,
  createConnection,
  providerRequests,
  providers,
} from '../../graphql/open.ts'
import { startTwoUserGateway } from '../../graphql/two-users.ts'
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts'
import { callDirectly, fivetranHeaders } from '../gateway.ts'

const refresh = async ({ send }: TestGateway, id: string) =>
  (await send(RefreshConnectionDocument, { id })).refreshConnection

const remoteIdOf = async ({ connect: { db } }: TestGateway) =>
  (await db.selectFrom('connections').select('remoteId').executeTakeFirstOrThrow()).remoteId

describe('refreshConnection', () => {
  test('returns the present state at the provider', async () => {
    const gateway = await startTestGateway()
    const id = await createConnection(gateway, 'PIPEDREAM')
    const remoteId = await remoteIdOf(gateway)
    await gateway.control('POST', 'break', { vendor: 'pipedream', id: remoteId })
    gateway.clock.advance(60)
    await awaitSyncsAndClearRequests(gateway)

    expect(await refresh(gateway, id)).toMatchObject({
      connection: {
        id,
        status: 'NEEDS_ATTENTION',
        health: { code: 'NEEDS_REAUTH' },
        lastCheckedAt: gateway.clock.now().toISOString(),
      },
    })
    expect((await providerRequests(gateway)).map(({ path }) => path)).toEqual([
      `/pipedream/v1/connect/proj_sandbox/accounts/${remoteId}`,
    ])
  })

  test('returns DISCONNECTED if the connection no longer exists at the provider', async () => {
    const gateway = await startTestGateway()
    const id = await createConnection(gateway, 'FIVETRAN')
    const path = `/fivetran/v1/connections/${await remoteIdOf(gateway)}`
    await callDirectly(gateway, path, { method: 'DELETE', headers: fivetranHeaders })

    const disconnected = { connection: { status: 'DISCONNECTED', health: { code: 'REVOKED' } } }
    expect(await refresh(gateway, id)).toMatchObject(disconnected)
    expect(await refresh(gateway, id)).toMatchObject(disconnected)
  })

  test('does not change an unchanged connection of any provider', async () => {
    const gateway = await startTestGateway()
    for (const provider of providers) {
      const id = await createConnection(gateway, provider)
      expect(await refresh(gateway, id)).toMatchObject({ connection: { id, status: 'ACTIVE' } })
    }
  })

  test('returns the error of the provider and keeps the stored state', async () => {
    const gateway = await startTestGateway()
    const id = await createConnection(gateway, 'CENSUS')
    // The read is retried once.
    await gateway.control('POST', 'faults', { provider: 'census', times: 2, status: 503 })
    expect(await refresh(gateway, id)).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect(await refresh(gateway, id)).toMatchObject({ connection: { status: 'ACTIVE' } })
  })

  test('returns PROVIDER_NOT_CONFIGURED for an account that is no longer configured', async () => {
    const before = await startTestGateway()
    const id = await createConnection(before, 'PIPEDREAM')
    const env = { SANDBOX: 'off' }
    const after = await startTestGateway({ env, sandbox: before.sandbox, keepData: true })
    expect(await refresh(after, id)).toMatchObject({ code: 'PROVIDER_NOT_CONFIGURED' })
  })
})

/** Delays Pipedream's next answer by 1.5 s. */
const delayNextRead = ({ control }: Pick<TestGateway, 'control'>) =>
  control('POST', 'faults', { provider: 'pipedream', path: '/accounts', times: 1, delayMs: 1500 })

describe('concurrent refreshes', () => {
  test('of one connection share one provider call, for all callers', async () => {
    const gateway = await startTestGateway()
    const id = await createConnection(gateway, 'PIPEDREAM')
    const user = await asEndUser(gateway, 'user-1')
    await awaitSyncsAndClearRequests(gateway)
    await delayNextRead(gateway)

    const answers = await Promise.all([
      ...[1, 2, 3].map(async () => JSON.stringify(await refresh(gateway, id))),
      user
        .query(String(RefreshConnectionDocument), { id })
        .then(({ data }) => JSON.stringify(data?.refreshConnection)),
    ])

    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toContain('ACTIVE')
    expect(await providerRequests(gateway)).toHaveLength(1)
  })

  test('are not shared with a caller without access to the connection', async () => {
    const { gateway, ada, bob } = await startTwoUserGateway()
    await awaitSyncsAndClearRequests(gateway)
    await delayNextRead(gateway)

    const document = String(RefreshConnectionDocument)
    const [adaResult, bobResult] = await Promise.all([
      ada.query(document, { id: ada.connection }),
      bob.query(document, { id: ada.connection }),
    ])

    expect(adaResult.data?.refreshConnection).toMatchObject({ connection: { status: 'ACTIVE' } })
    expect(bobResult.data?.refreshConnection).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('return NOT_FOUND to a caller that loses access meanwhile', async () => {
    const { gateway, ada } = await startTwoUserGateway()
    await awaitSyncsAndClearRequests(gateway)
    await delayNextRead(gateway)
    const result = ada.query(String(RefreshConnectionDocument), { id: ada.connection })
    await waitForRequest(gateway)
    await gateway.connect.db.updateTable('connections').set({ endUserId: 'user-2' }).execute()
    expect((await result).data?.refreshConnection).toMatchObject({ code: 'NOT_FOUND' })
  })
})

/** Resolves once the provider has received a request. */
async function waitForRequest(gateway: TestGateway): Promise<void> {
  await vi.waitFor(async () => expect(await providerRequests(gateway)).toHaveLength(1))
}
