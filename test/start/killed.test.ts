import { beforeAll, describe, expect, test, vi } from 'vitest'
import { ConnectionsDocument, ConnectLinkDocument, type ProviderKey } from '../generated/graphql.ts'
import { calls } from '../graphql/faults.ts'
import { connectorOf, xpanderKey } from '../graphql/open.ts'
import { freshPostgres, onPostgres } from '../helpers/database.ts'
import { decide } from '../helpers/gateway.ts'
import { askForLink, build, createLink, type Gateway, serve } from './process.ts'
import { type SandboxProcess, seenBy, serveSandbox } from './sandbox.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

/** What makes something at that provider that would be there twice. */
const inputOf = (provider: ProviderKey) => ({
  idempotencyKey: 'order-7',
  connector: connectorOf[provider],
  ...(provider === 'XPANDER' && {
    connector: xpanderKey('Algolia'),
    xpander: { security: { apiKey: 'key' } },
  }),
})

const postsTo = async (sandbox: SandboxProcess, provider: ProviderKey) => {
  const [method, path] = calls.creating[provider]
  return (await seenBy(sandbox)).filter((line) => line.startsWith(`${method} /`) && line.endsWith(path))
    .length
}

/** The provider has made what it was asked for, and its answer is on the way for ever. */
async function killBeforeTheAnswer(gateway: Gateway, sandbox: SandboxProcess, provider: ProviderKey) {
  const [method, path] = calls.creating[provider]
  const fault = { provider, method, path, times: 1, acts: true, delayMs: 3_600_000 }
  expect((await sandbox.control('POST', 'faults', fault)).status).toBe(201)
  const cutOff = expect(askForLink(gateway, provider, inputOf(provider))).rejects.toThrow()
  await vi.waitFor(async () => expect(await postsTo(sandbox, provider)).toBe(1), { timeout: 30_000 })
  expect(await gateway.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' })
  await cutOff
}

/** The same call again, and again; answers the link that it makes. */
async function retry(gateway: Gateway, provider: ProviderKey) {
  const first = await askForLink(gateway, provider, inputOf(provider))
  expect(first).toMatchObject({ __typename: 'CreateConnectLinkPayload', replayed: false })
  const link = await createLink(gateway, provider, inputOf(provider))
  const again = await askForLink(gateway, provider, inputOf(provider))
  expect(again).toMatchObject({ replayed: true, connectLink: { id: link.id, url: link.url } })
  return link
}

async function finish(gateway: Gateway, { id, url }: { id: string; url?: string | null }) {
  if (url != null) await decide(url, 'approve')
  await vi.waitFor(
    async () => {
      const { connectLink } = await gateway.send(ConnectLinkDocument, { id })
      expect(connectLink?.status).toBe('COMPLETED')
    },
    { timeout: 60_000, interval: 500 },
  )
}

/** All connections that the provider has, whoever made them. */
async function connectionsAt(gateway: Gateway, provider: ProviderKey) {
  const { connections } = await gateway.send(ConnectionsDocument, { filter: { providers: [provider] } })
  expect(connections.syncStatus).toMatchObject([{ provider, state: 'FRESH' }])
  return connections.nodes.map(({ status, endUser }) => [status, endUser?.id])
}

describe('kill -9 between the answer of the provider and its record', () => {
  test.each<[ProviderKey, posts: number]>([
    ['FIVETRAN', 1],
    ['CENSUS', 2],
    ['PIPEDREAM', 2],
    ['XPANDER', 1],
  ])('at %s, a restart, and the same call again make one connection', async (provider, posts) => {
    const sandbox = await serveSandbox()
    await killBeforeTheAnswer(await serve(sandbox.asIfReal), sandbox, provider)
    const after = await serve(sandbox.asIfReal)
    const link = await retry(after, provider)
    expect(await postsTo(sandbox, provider)).toBe(posts)
    await finish(after, link)
    expect(await connectionsAt(after, provider)).toEqual([['ACTIVE', 'user-1']])
    expect(after.stderr()).toBe('')
  })

  test('leaves nothing behind for another key: that makes a connection of its own', async () => {
    const sandbox = await serveSandbox()
    await killBeforeTheAnswer(await serve(sandbox.asIfReal), sandbox, 'FIVETRAN')
    const after = await serve(sandbox.asIfReal)
    const other = await createLink(after, 'FIVETRAN', { idempotencyKey: 'order-8' })
    const link = await retry(after, 'FIVETRAN')
    expect(link.id).not.toBe(other.id)
    expect(await postsTo(sandbox, 'FIVETRAN')).toBe(2)
  })

  onPostgres('with another gateway on the same PostgreSQL, which takes the call over', async (server) => {
    const DATABASE_URL = await freshPostgres(server, 'gateway_start_killed')
    const keys = { GATEWAY_API_KEY: 'gw_key_of_the_operator', GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32) }
    const sandbox = await serveSandbox({ DATABASE_URL, ...keys })
    const other = await serve(sandbox.asIfReal)
    await killBeforeTheAnswer(await serve(sandbox.asIfReal), sandbox, 'FIVETRAN')
    // It waits until the first one has been silent for long enough.
    const link = await retry(other, 'FIVETRAN')
    expect(await postsTo(sandbox, 'FIVETRAN')).toBe(1)
    await finish(other, link)
    expect(await connectionsAt(other, 'FIVETRAN')).toEqual([['ACTIVE', 'user-1']])
  })
})
