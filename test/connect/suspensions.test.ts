import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { ProviderKey } from '../../src/domain/provider-key.ts'
import {
  ProviderSuspensionsDocument,
  ProvidersDocument,
  ReconnectConnectionDocument,
  ResumeProviderDocument,
  SuspendProviderDocument,
  type SuspendProviderMutationVariables,
} from '../generated/graphql.ts'
import { createAccountOrThrow, credentials } from '../graphql/provider-accounts.ts'
import { createTestClock } from '../helpers/clock.ts'
import { submitLinkPage, submitProviderPage } from '../helpers/gateway.ts'
import { openSandbox } from '../sandbox/open.ts'
import { type OpenGateway, openGateway } from './gateway.ts'
import { clearRequests, linkRow, requests } from './observe.ts'

const reason = 'Stolen credentials'

async function suspend(
  { send }: Pick<OpenGateway, 'send'>,
  provider: ProviderKey,
  options: Partial<SuspendProviderMutationVariables> = {},
): Promise<string> {
  const { suspendProvider } = await send(SuspendProviderDocument, { provider, reason, ...options })
  if (suspendProvider.__typename !== 'SuspendProviderPayload')
    throw new Error(JSON.stringify(suspendProvider))
  return suspendProvider.providerSuspension.id
}

const resume = async ({ send }: OpenGateway, id: string) =>
  (await send(ResumeProviderDocument, { id })).resumeProvider

const read = (url: string, init: RequestInit = {}) => fetch(url, { redirect: 'manual', ...init })

const suspended = { __typename: 'ProviderError', code: 'PROVIDER_SUSPENDED', retryable: true }
const statusOf = async ({ send }: OpenGateway, key: ProviderKey) =>
  (await send(ProvidersDocument, {})).providers.find((provider) => provider.key === key)?.status

describe('a suspended provider', () => {
  test('connects nothing: no links are created, opened or renewed there', async () => {
    const gateway = await openGateway()
    const { create, createLink, makeConnection, send } = gateway
    await makeConnection('FIVETRAN', 'hubspot')
    const { nodes } = await gateway.list()
    const open = await createLink('FIVETRAN', 'hubspot')
    await suspend(gateway, 'FIVETRAN')
    expect(await statusOf(gateway, 'FIVETRAN')).toBe('SUSPENDED')

    const input = { connector: 'hubspot', endUser: { id: 'user-2' } }
    expect(await create('FIVETRAN', input)).toMatchObject(suspended)
    const { reconnectConnection } = await send(ReconnectConnectionDocument, { id: nodes[0]?.id ?? '' })
    expect(reconnectConnection).toMatchObject({ code: 'PROVIDER_SUSPENDED' })
    const page = await read(open.url)
    expect([page.status, await page.text()]).toEqual([
      503,
      expect.stringContaining('This cannot be connected right now'),
    ])
    const submitted = await read(open.url, { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } })
    expect(submitted.status).toBe(503)
    expect(await linkRow(gateway, open.id)).toMatchObject({ status: 'CREATED', openedAt: null })
    // Other providers are used as before.
    expect((await createLink('PIPEDREAM', 'github')).url).toContain('/connect/')
  })

  test('is not chosen for a link without a provider', async () => {
    const gateway = await openGateway()
    await gateway.connect.connectorSyncs.ensureFresh(30_000)
    await suspend(gateway, 'FIVETRAN')
    const document = `mutation { createConnectLink(input: { connector: "hubspot", endUser: { id: "u" } }) {
      ... on CreateConnectLinkPayload { selection { chosen rejected { provider reason } } } } }`
    const { data } = (await (await gateway.post(document)).json()) as {
      data: { createConnectLink: { selection: { chosen: string; rejected: readonly object[] } } }
    }
    const { chosen, rejected } = data.createConnectLink.selection
    expect(chosen).not.toBe('FIVETRAN')
    expect(rejected).toContainEqual({ provider: 'FIVETRAN', reason: expect.stringContaining('SUSPENDED') })
  })

  test('completes a link that was opened before, unless reads stop too', async () => {
    const gateway = await openGateway()
    await gateway.makeConnection('PIPEDREAM', 'slack_v2', { endUser: { id: 'user-2' } })
    const [connected] = (await gateway.list()).nodes
    if (connected === undefined) throw new Error('there is no connection')
    const link = await gateway.createLink('PIPEDREAM', 'github')
    const page = await submitLinkPage(link.url)
    const id = await suspend(gateway, 'PIPEDREAM', { reads: 'STOP' })
    await submitProviderPage(page, 'approve')
    await clearRequests(gateway)
    await gateway.list()
    const sent = (await requests(gateway)).filter(({ path }) => path.startsWith('/pipedream/v1/connect/'))
    expect(sent).toEqual([])
    expect((await linkRow(gateway, link.id)).status).not.toBe('COMPLETED')

    expect(await gateway.disconnect(connected.id)).toMatchObject({ code: 'PROVIDER_SUSPENDED' })

    expect(await resume(gateway, id)).toMatchObject({ __typename: 'ResumeProviderPayload' })
    await suspend(gateway, 'PIPEDREAM')
    gateway.clock.advance(60)
    await gateway.poll()
    expect(await linkRow(gateway, link.id)).toMatchObject({ status: 'COMPLETED' })
  })

  test('is as before once it is resumed, and its suspension is kept', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('CENSUS', 'hubspot')
    const since = new Date(gateway.clock.now().getTime() - 3_600_000).toISOString()
    const id = await suspend(gateway, 'CENSUS', { since })
    const again = await gateway.send(SuspendProviderDocument, { provider: 'CENSUS', reason })
    expect(again.suspendProvider).toMatchObject({ code: 'INVALID_STATE' })
    expect(await resume(gateway, id)).toMatchObject({ providerSuspension: { id } })
    expect(await resume(gateway, id)).toMatchObject({ code: 'INVALID_STATE' })
    expect(await statusOf(gateway, 'CENSUS')).toBe('UP')
    expect(await submitLinkPage(link.url)).toContain('/census/')
    await gateway.createLink('CENSUS', 'hubspot')
    const { providerSuspensions } = await gateway.send(ProviderSuspensionsDocument, {})
    expect(providerSuspensions).toMatchObject({
      totalCount: 1,
      nodes: [{ id, reason, resumedAt: expect.any(String), reads: 'CONTINUE', isForOneAccount: false }],
    })
    expect(new Date(String(providerSuspensions.nodes[0]?.since))).toEqual(new Date(since))
  })

  test('may be one account of an organization', async () => {
    const gateway = await openGateway()
    const settings = credentials.PIPEDREAM('acme')
    const providerAccountId = await createAccountOrThrow(gateway, { provider: 'PIPEDREAM', settings })
    await suspend(gateway, 'PIPEDREAM', { providerAccountId })
    const acme = { id: 'ada', organization: { id: 'acme' } }
    expect(await gateway.create('PIPEDREAM', { connector: 'github', endUser: acme })).toMatchObject(suspended)
    expect(await gateway.create('PIPEDREAM', { connector: 'github', endUser: { id: 'bob' } })).toMatchObject({
      __typename: 'CreateConnectLinkPayload',
    })
    const other = { provider: 'CENSUS', reason, providerAccountId } as const
    expect((await gateway.send(SuspendProviderDocument, other)).suspendProvider).toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test.each([
    [{ reason: ' ' }, ['reason']],
    [{ reason: 'x'.repeat(501) }, ['reason']],
    [{ since: '2099-01-01T00:00:00Z' }, ['since']],
  ])('cannot be suspended with %j', async (options, path) => {
    const gateway = await openGateway()
    const input = { provider: 'CENSUS', reason, ...options } as const
    expect((await gateway.send(SuspendProviderDocument, input)).suspendProvider).toMatchObject({
      __typename: 'InvalidInputError',
    })
    const document = `mutation ($reason: String!, $since: DateTime) { suspendProvider(provider: CENSUS, reason: $reason,
      since: $since) { ... on InvalidInputError { issues { path } } } }`
    expect(await (await gateway.post(document, input)).text()).toContain(JSON.stringify({ path }))
  })
})

test('another gateway of the same store stops too, even if the announcement was lost', async () => {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock })
  const a = await openGateway({ sandbox, clock })
  const b = await openGateway({ sandbox, clock, keepData: true })
  const link = await b.createLink('FIVETRAN', 'hubspot')
  const row = {
    id: '8f0f2a38-3d8c-4f5a-9a53-8d1d4a5d1f10',
    provider: 'FIVETRAN',
    accountKey: null,
    reads: 'CONTINUE',
    reason,
    since: clock.now(),
    createdAt: clock.now(),
    resumedAt: null,
  } as const
  const trigger = (state: 'enable' | 'disable') =>
    sql`alter table provider_suspensions ${sql.raw(state)} trigger user`.execute(a.connect.db)
  await trigger('disable')
  await a.connect.db.insertInto('providerSuspensions').values(row).execute()
  await trigger('enable')
  await expect.poll(async () => (await read(link.url)).status, { timeout: 20_000, interval: 200 }).toBe(503)
  expect(await b.create('FIVETRAN', { connector: 'hubspot', endUser: { id: 'u' } })).toMatchObject(suspended)
})
