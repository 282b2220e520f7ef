import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { connectionStatuses } from '../../src/domain/statuses.ts'
import {
  ConnectionsDocument,
  CreateConnectLinkDocument,
  RefreshConnectionDocument,
} from '../generated/graphql.ts'
import {
  followReturnUrl,
  startTestGateway,
  submitLinkPage,
  submitProviderPage,
  type TestGateway,
} from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { createLinkOrThrow, providerRequests, waitForStatus } from './open.ts'

/** Opens the link, changes the app in the address of Pipedream's page, approves, and returns to the gateway. */
async function connectApp(url: string, app: string): Promise<void> {
  const page = new URL(await submitLinkPage(url))
  page.searchParams.set('app', app)
  const { location } = await submitProviderPage(page.href, 'approve')
  await followReturnUrl(location)
}

const createdShape = z.object({
  createConnectLink: z.object({ connectLink: z.object({ id: z.string(), url: z.string() }) }),
})

/** A link for GitHub that a session of Ada with that limit has created. */
async function createGitHubLink(gateway: TestGateway) {
  const session = await asEndUser(gateway, 'ada', { connectors: ['github'] })
  const variables = { provider: 'PIPEDREAM', input: { connector: 'github' } }
  const { data } = await session.query(String(CreateConnectLinkDocument), variables)
  const { connectLink } = createdShape.parse(data).createConnectLink
  return { session, ...connectLink }
}

/** The connections that an API key or a session sees after another sync. */
async function listed(gateway: TestGateway) {
  gateway.clock.advance(6)
  await gateway.connect.connectionSyncs.ensureFresh(30_000)
  const filter = { statuses: [...connectionStatuses] }
  const { connections } = await gateway.send(ConnectionsDocument, { filter })
  return connections.nodes.map(({ connectorKey, endUser, status }) => [connectorKey, endUser?.id, status])
}

const linkQuery = `query ($id: ID!) {
  connectLink(id: $id) { status lastFailure { code } connection { id } } }`
const ownConnections = '{ connections { totalCount } }'

/** Webhooks to the link are lost: its address does not exist any more. */
const loseWebhooks = ({ connect }: TestGateway) =>
  connect.db.updateTable('connectLinks').set({ webhookTokenHash: null }).execute()

const pipedreamDeletions = async (gateway: TestGateway) =>
  (await providerRequests(gateway)).filter(
    ({ method, path }) => method === 'DELETE' && /\/accounts\/apn_/.test(path),
  )

test('the account of another app that an edited page connects is removed, and the link stays open', async () => {
  const gateway = await startTestGateway()
  const { session, id, url } = await createGitHubLink(gateway)
  await connectApp(url, 'slack')

  await vi.waitFor(async () => {
    expect((await session.query(linkQuery, { id })).data).toEqual({
      connectLink: { status: 'AUTHORIZING', lastFailure: { code: 'OTHER_CONNECTOR' }, connection: null },
    })
    expect(await pipedreamDeletions(gateway)).toHaveLength(1)
  }, 10_000)
  expect((await session.query(ownConnections)).data).toEqual({ connections: { totalCount: 0 } })
  expect(await listed(gateway)).toEqual([['slack', undefined, 'DISCONNECTED']])
})

test('the account of the app of the link completes it', async () => {
  const gateway = await startTestGateway()
  const { session, id, url } = await createGitHubLink(gateway)
  await connectApp(url, 'github')
  await waitForStatus(gateway, id, /COMPLETED/)
  expect((await session.query(ownConnections)).data).toEqual({ connections: { totalCount: 1 } })
  expect(await listed(gateway)).toEqual([['github', 'ada', 'ACTIVE']])
  expect(await pipedreamDeletions(gateway)).toEqual([])
})

test('without its webhook it is listed without an end user, also after later reads and without the link', async () => {
  const gateway = await startTestGateway()
  const { session, url } = await createGitHubLink(gateway)
  await loseWebhooks(gateway)
  await connectApp(url, 'slack')

  expect(await listed(gateway)).toEqual([['slack', undefined, 'ACTIVE']])
  const { connections } = await gateway.send(ConnectionsDocument, {})
  await gateway.send(RefreshConnectionDocument, { id: connections.nodes[0]?.id ?? '' })
  await gateway.connect.db.deleteFrom('connectLinks').execute()
  expect(await listed(gateway)).toEqual([['slack', undefined, 'ACTIVE']])
  expect((await session.query(ownConnections)).data).toEqual({ connections: { totalCount: 0 } })
})

test('an account that a link for its app can have made, or that no link can, is that of the end user', async () => {
  const gateway = await startTestGateway()
  await createGitHubLink(gateway)
  const slack = await createLinkOrThrow(gateway, 'PIPEDREAM', { connector: 'slack', endUser: { id: 'ada' } })
  await loseWebhooks(gateway)
  await connectApp(slack.url ?? '', 'slack')
  expect(await listed(gateway)).toEqual([['slack', 'ada', 'ACTIVE']])

  gateway.clock.advance(5 * 3_600)
  // Bob has no link at this gateway: Pipedream names him because another application made the link.
  const later = await createLinkOrThrow(gateway, 'PIPEDREAM', { connector: 'github', endUser: { id: 'bob' } })
  await gateway.connect.db.updateTable('connectLinks').set({ endUserId: 'carol' }).execute()
  await connectApp(later.url ?? '', 'stripe')
  expect(await listed(gateway)).toContainEqual(['stripe', 'bob', 'ACTIVE'])
})
