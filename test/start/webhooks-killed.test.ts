import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, vi } from 'vitest'
import { startReceiver } from '../connect/outgoing-webhooks/receiver.ts'
import { CreateWebhookEndpointDocument, TypedDocumentString } from '../generated/graphql.ts'
import { onPostgres } from '../helpers/database.ts'
import { build, type Gateway, serve } from './process.ts'
import { newStore } from './store.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 })

beforeAll(build)

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
