import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, vi } from 'vitest'
import { startReceiver } from '../connect/outgoing-webhooks/receiver.ts'
import { providerFixtures } from '../fixtures/providers.ts'
import {
  ConnectLinkDocument,
  CreateWebhookEndpointDocument,
  type ProviderKey,
  TypedDocumentString,
} from '../generated/graphql.ts'
import { providers } from '../graphql/open.ts'
import { freshPostgres, onEmbedded, onPostgres } from '../helpers/database.ts'
import { approveAndReturn } from '../helpers/gateway.ts'
import { build, createLink, freshConnections, type Gateway, requestLink, serve } from './process.ts'
import { requestsOf, type SandboxProcess, serveSandbox } from './sandbox.ts'
import { newStore } from './store.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

const inputOf = (provider: ProviderKey) => ({
  idempotencyKey: `order at ${provider}`,
  ...providerFixtures[provider].creatingInput,
})

const postsTo = async (sandbox: SandboxProcess, provider: ProviderKey) => {
  const [method, path] = providerFixtures[provider].requests.create
  return (await requestsOf(sandbox)).filter((line) => line.startsWith(`${method} /`) && line.endsWith(path))
    .length
}

/**
 * Kills the gateway after the providers have carried out a request and before their responses, which are delayed by an
 * hour.
 */
async function killBeforeResponse(
  gateway: Gateway,
  sandbox: SandboxProcess,
  interrupted: readonly ProviderKey[],
) {
  const requests = interrupted.map(async (provider) => {
    const [method, path] = providerFixtures[provider].requests.create
    const fault = { provider, method, path, times: 1, acts: true, delayMs: 3_600_000 }
    expect((await sandbox.control('POST', 'faults', fault)).status).toBe(201)
    const request = expect(requestLink(gateway, provider, inputOf(provider))).rejects.toThrow()
    await vi.waitFor(async () => expect(await postsTo(sandbox, provider)).toBe(1), { timeout: 30_000 })
    return { request }
  })
  const pending = await Promise.all(requests)
  expect(await gateway.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' })
  await Promise.all(pending.map(({ request }) => request))
}

/**
 * Repeats the call with the same idempotency key: the first retry creates the link, later ones replay it. Returns the
 * link.
 */
async function retry(gateway: Gateway, provider: ProviderKey) {
  const first = await requestLink(gateway, provider, inputOf(provider))
  expect(first).toMatchObject({ __typename: 'CreateConnectLinkPayload', replayed: false })
  const link = await createLink(gateway, provider, inputOf(provider))
  const again = await requestLink(gateway, provider, inputOf(provider))
  expect(again).toMatchObject({ replayed: true, connectLink: { id: link.id, url: link.url } })
  return link
}

async function finish(gateway: Gateway, { id, url }: { id: string; url?: string | null }) {
  if (url != null) await approveAndReturn(url)
  await vi.waitFor(
    async () => {
      const { connectLink } = await gateway.send(ConnectLinkDocument, { id })
      expect(connectLink?.status).toBe('COMPLETED')
    },
    { timeout: 60_000, interval: 500 },
  )
}

/** All connections at the provider. */
async function connectionsAt(gateway: Gateway, provider: ProviderKey) {
  const { nodes } = await freshConnections(gateway, { filter: { providers: [provider] } })
  return nodes.map(({ status, endUser }) => [status, endUser?.id])
}

describe('SIGKILL after the provider has acted and before the link is stored', () => {
  onEmbedded('after a restart, a retry with the same key leads to one connection', async () => {
    const sandbox = await serveSandbox()
    await killBeforeResponse(await serve(sandbox.realEnvironment), sandbox, providers)
    const after = await serve(sandbox.realEnvironment)
    for (const provider of providers) {
      const link = await retry(after, provider)
      expect(await postsTo(sandbox, provider), provider).toBe(
        providerFixtures[provider].createRequestsAfterRetry,
      )
      await finish(after, link)
      expect(await connectionsAt(after, provider), provider).toEqual([['ACTIVE', 'user-1']])
    }
    expect(after.stderr()).toBe('')
  })

  onEmbedded('does not affect another idempotency key, which creates a connection of its own', async () => {
    const sandbox = await serveSandbox()
    await killBeforeResponse(await serve(sandbox.realEnvironment), sandbox, ['FIVETRAN'])
    const after = await serve(sandbox.realEnvironment)
    const other = await createLink(after, 'FIVETRAN', { idempotencyKey: 'order-8' })
    const link = await retry(after, 'FIVETRAN')
    expect(link.id).not.toBe(other.id)
    expect(await postsTo(sandbox, 'FIVETRAN')).toBe(2)
  })

  onPostgres('another gateway on the same PostgreSQL continues the call', async (server) => {
    const DATABASE_URL = await freshPostgres(server, 'gateway_start_killed')
    const keys = {
      GATEWAY_API_KEY: 'gw_key_of_the_operator_of_the_gateway',
      GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32),
    }
    const sandbox = await serveSandbox({ DATABASE_URL, ...keys })
    const other = await serve(sandbox.realEnvironment)
    await killBeforeResponse(await serve(sandbox.realEnvironment), sandbox, ['FIVETRAN'])
    // It waits until the killed gateway's lock on the idempotency key has expired.
    const link = await retry(other, 'FIVETRAN')
    expect(await postsTo(sandbox, 'FIVETRAN')).toBe(1)
    await finish(other, link)
    expect(await connectionsAt(other, 'FIVETRAN')).toEqual([['ACTIVE', 'user-1']])
  })
})

interface Created {
  readonly createConnectLinks: readonly { readonly connectLink?: { readonly id: string } }[]
}

const createLinksDocument = new TypedDocumentString<Created, { inputs: readonly object[] }>(
  `mutation ($inputs: [CreateConnectLinksInput!]!) { createConnectLinks(inputs: $inputs) {
    ... on CreateConnectLinkPayload { connectLink { id } } } }`,
)

/** Creates links for 50 end users; returns the IDs of those that were created. */
async function createLinks({ send }: Gateway, batch: number): Promise<readonly string[]> {
  const inputs = Array.from({ length: 50 }, (_, index) => ({
    provider: 'PIPEDREAM' as const,
    input: { connector: 'github', endUser: { id: `user-${batch}-${index}` } },
  }))
  const { createConnectLinks } = await send(createLinksDocument, { inputs })
  return createConnectLinks.flatMap(({ connectLink }) => (connectLink ? [connectLink.id] : []))
}

onPostgres('with two gateways, of which one is killed while it sends, each change is delivered', async () => {
  const environment = { ...(await newStore()), WEBHOOK_ALLOW_PRIVATE: 'true' }
  const first = await serve(environment)
  const second = await serve(environment)
  const receiver = await startReceiver()
  // Slow enough that messages are under way when the gateway is killed.
  receiver.respond((_, response) => void sleep(30).then(() => response.writeHead(204).end()))
  const created = await first.send(CreateWebhookEndpointDocument, { input: { url: receiver.url } })
  expect(created.createWebhookEndpoint.__typename).toBe('CreateWebhookEndpointPayload')

  const ids: string[] = []
  for (let batch = 0; batch < 10; batch += 1) {
    if (batch === 5) await first.stop('SIGKILL')
    ids.push(...(await createLinks(batch < 5 ? first : second, batch)))
  }
  expect(ids).toHaveLength(500)
  const received = () =>
    new Set(
      receiver.received.filter(({ type }) => type === 'connect_link.created').map(({ data }) => data.id),
    )
  // What the killed gateway had claimed is due again after a minute.
  await expect.poll(() => ids.filter((id) => !received().has(id)).length, { timeout: 150_000 }).toBe(0)
  expect(await second.stop()).toEqual({ code: 0, signal: null })
})
