import { describe, expect, test, vi } from 'vitest'
import { RefreshConnectionDocument } from '../../generated/graphql.ts'
import { asEndUser } from '../../graphql/as-end-user.ts'
import { connected, forgetRequests, requestsTo } from '../../graphql/open.ts'
import { openTwoUsers } from '../../graphql/two-users.ts'
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts'
import { fivetranHeaders, outside } from '../gateway.ts'

const refreshOf = async ({ send }: TestGateway, id: string) =>
  (await send(RefreshConnectionDocument, { id })).refreshConnection

const remoteIdOf = async ({ connect: { db } }: TestGateway) =>
  (await db.selectFrom('connections').select('remoteId').executeTakeFirstOrThrow()).remoteId

describe('refreshing a connection', () => {
  test('shows at once what has happened at its provider', async () => {
    const gateway = await startTestGateway()
    const id = await connected(gateway, 'PIPEDREAM')
    const remoteId = await remoteIdOf(gateway)
    await gateway.control('POST', 'break', { vendor: 'pipedream', id: remoteId })
    gateway.clock.advance(60)
    await forgetRequests(gateway)

    expect(await refreshOf(gateway, id)).toMatchObject({
      connection: {
        id,
        status: 'NEEDS_ATTENTION',
        health: { code: 'NEEDS_REAUTH' },
        lastCheckedAt: gateway.clock.now().toISOString(),
      },
    })
    expect((await requestsTo(gateway)).map(({ path }) => path)).toEqual([
      `/pipedream/v1/connect/proj_sandbox/accounts/${remoteId}`,
    ])
  })

  test('notes at once that it is gone', async () => {
    const gateway = await startTestGateway()
    const id = await connected(gateway, 'FIVETRAN')
    const path = `/fivetran/v1/connections/${await remoteIdOf(gateway)}`
    await outside(gateway, path, { method: 'DELETE', headers: fivetranHeaders })

    const gone = { connection: { status: 'DISCONNECTED', health: { code: 'REVOKED' } } }
    expect(await refreshOf(gateway, id)).toMatchObject(gone)
    expect(await refreshOf(gateway, id)).toMatchObject(gone)
  })

  test('of any provider leaves one that is unchanged as it is', async () => {
    const gateway = await startTestGateway()
    for (const provider of ['FIVETRAN', 'CENSUS', 'PIPEDREAM'] as const) {
      const id = await connected(gateway, provider)
      expect(await refreshOf(gateway, id)).toMatchObject({ connection: { id, status: 'ACTIVE' } })
    }
  })

  test('answers what is wrong with the provider, and keeps what was known', async () => {
    const gateway = await startTestGateway()
    const id = await connected(gateway, 'CENSUS')
    await gateway.control('POST', 'faults', { provider: 'census', times: 1, status: 503 })
    expect(await refreshOf(gateway, id)).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect(await refreshOf(gateway, id)).toMatchObject({ connection: { status: 'ACTIVE' } })
  })

  test('of an account that is not configured any more is not tried', async () => {
    const before = await startTestGateway()
    const id = await connected(before, 'PIPEDREAM')
    const env = { SANDBOX: 'off' }
    const after = await startTestGateway({ env, sandbox: before.sandbox, keepData: true })
    expect(await refreshOf(after, id)).toMatchObject({ code: 'PROVIDER_NOT_CONFIGURED' })
  })
})

/** Pipedream takes its time for the next reading. */
const answerLate = ({ control }: Pick<TestGateway, 'control'>) =>
  control('POST', 'faults', { provider: 'pipedream', path: '/accounts', times: 1, delayMs: 1500 })

describe('readings under way', () => {
  test('of one connection are one call of the provider, whoever asks', async () => {
    const gateway = await startTestGateway()
    const id = await connected(gateway, 'PIPEDREAM')
    const user = await asEndUser(gateway, 'user-1')
    await forgetRequests(gateway)
    await answerLate(gateway)

    const answers = await Promise.all([
      ...[1, 2, 3].map(async () => JSON.stringify(await refreshOf(gateway, id))),
      user
        .ask(String(RefreshConnectionDocument), { id })
        .then(({ data }) => JSON.stringify(data?.refreshConnection)),
    ])

    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toContain('ACTIVE')
    expect(await requestsTo(gateway)).toHaveLength(1)
  })

  test('are not joined by anybody who may not see the connection', async () => {
    const { gateway, ada, bob } = await openTwoUsers()
    await forgetRequests(gateway)
    await answerLate(gateway)

    const document = String(RefreshConnectionDocument)
    const [hers, his] = await Promise.all([
      ada.ask(document, { id: ada.connection }),
      bob.ask(document, { id: ada.connection }),
    ])

    expect(hers.data?.refreshConnection).toMatchObject({ connection: { status: 'ACTIVE' } })
    expect(his.data?.refreshConnection).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('say nothing to one whose right to the connection ends meanwhile', async () => {
    const { gateway, ada } = await openTwoUsers()
    await forgetRequests(gateway)
    await answerLate(gateway)
    const hers = ada.ask(String(RefreshConnectionDocument), { id: ada.connection })
    await untilAsked(gateway)
    await gateway.connect.db.updateTable('connections').set({ endUserId: 'somebody else' }).execute()
    expect((await hers).data?.refreshConnection).toMatchObject({ code: 'NOT_FOUND' })
  })
})

/** Resolves once the provider has been asked something. */
async function untilAsked(gateway: TestGateway): Promise<void> {
  await vi.waitFor(async () => expect(await requestsTo(gateway)).toHaveLength(1))
}
