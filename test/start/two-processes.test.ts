import { existsSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { beforeAll, describe, expect, onTestFinished, vi } from 'vitest'
import { ConnectLinkDocument, RevokeConnectLinkDocument } from '../generated/graphql.ts'
import { collect, eventData, openStream, subscribeToLinks } from '../graphql/subscribe.ts'
import { freshPostgres, onEmbedded, onPostgres } from '../helpers/database.ts'
import { followReturnUrl, submitProviderPage } from '../helpers/gateway.ts'
import { build, createLink, type Gateway, run, serve } from './process.ts'
import { serveSandbox } from './sandbox.ts'
import { embeddedFolder } from './store.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 })

beforeAll(build)

const keys = {
  GATEWAY_API_KEY: 'gw_key_of_the_operator_of_the_gateway',
  GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32),
}

/** An empty database and a sandbox for gateways that share them. */
async function openSharedDatabase(server: string, name: string) {
  const DATABASE_URL = await freshPostgres(server, name)
  const sandbox = await serveSandbox({ DATABASE_URL, ...keys })
  const client = new pg.Client({ connectionString: DATABASE_URL })
  await client.connect()
  onTestFinished(() => client.end())
  return {
    start: () => serve(sandbox.environment),
    query: async (text: string) => (await client.query(text)).rows,
  }
}

async function startTwo(server: string, name: string) {
  const { start } = await openSharedDatabase(server, name)
  const [one, other] = await Promise.all([start(), start()])
  return { one, other }
}

const originOf = ({ url }: Gateway) => ({ url: new URL(url).origin })
const bearer = { authorization: `Bearer ${keys.GATEWAY_API_KEY}` }

describe('two processes', () => {
  onEmbedded('on one data folder: the second exits with one line, and the first loses no row', async () => {
    const DATA_DIR = await embeddedFolder()
    const first = await serve({ DATA_DIR })
    const links = [await createLink(first)]
    const seconds = [1, 2].map(() => run('serve', { PORT: '0', SANDBOX_PORT: '0', DATA_DIR }))
    seconds.push(run('migrate', { DATA_DIR }))
    for (let count = 0; count < 10; count += 1) links.push(await createLink(first))

    for (const second of seconds) {
      expect(await second.ended).toEqual({ code: 1, signal: null })
      expect(second.stderr()).toMatch(/^[^\n]+\n$/)
      expect(second.stderr()).toContain(`in use by another gateway (process ${first.pid} on `)
      expect(second.stdout()).toBe('')
    }
    expect(existsSync(join(DATA_DIR, 'gateway.lock'))).toBe(true)
    await first.stop()
    const restarted = await serve({ DATA_DIR })
    for (const { id } of links) {
      expect((await restarted.send(ConnectLinkDocument, { id })).connectLink?.id).toBe(id)
    }
  })

  onPostgres(
    'on one PostgreSQL: both start concurrently, and one reads a link that the other has created',
    async (server) => {
      const { one, other } = await startTwo(server, 'gateway_start')

      const { id, url } = await createLink(one)
      const { connectLink } = await other.send(ConnectLinkDocument, { id })

      expect(connectLink?.url?.split('/').at(-1)).toBe(url?.split('/').at(-1))
      expect(one.stdout()).toMatch(/Data +PostgreSQL at 127\.0\.0\.1:\d+\n/)
      expect(await Promise.all([one.stop(), other.stop()])).toEqual(Array(2).fill({ code: 0, signal: null }))
    },
  )

  onPostgres(
    'on one PostgreSQL: a subscription at one receives the transitions at the other, each once',
    async (server) => {
      const { one, other } = await startTwo(server, 'gateway_start_watch')
      const all = await openStream(originOf(one), {
        query: 'subscription { connectLinkUpdated { id status } }',
        headers: bearer,
      })
      await all.until(/^:/)
      const link = await createLink(other, 'PIPEDREAM')
      const updates = collect(subscribeToLinks(originOf(one), link.id, bearer))
      // Link page, webhook and return URL are all served by the other gateway.
      const { location } = await submitProviderPage(link.url ?? '', 'approve')
      await followReturnUrl(location)
      const steps = await updates
      expect(steps.at(-1)).toMatchObject({ status: 'COMPLETED', connection: { status: 'ACTIVE' } })
      const { connectLink } = await other.send(ConnectLinkDocument, { id: link.id })
      const history = connectLink?.history.map(({ to }) => to) ?? []
      expect(steps.map(({ status }) => status)).toEqual(history.slice(-steps.length))
      const { id } = await createLink(other, 'CENSUS')
      await other.send(RevokeConnectLinkDocument, { id })
      expect(eventData(await all.until(/REVOKED.*\n/))).toEqual(
        [
          ...history.map((status) => ({ id: link.id, status })),
          { id, status: 'CREATED' },
          { id, status: 'REVOKED' },
        ].map((connectLinkUpdated) => ({ data: { connectLinkUpdated } })),
      )
      expect(one.stderr() + other.stderr()).toBe('')
    },
  )

  onPostgres(
    'on one PostgreSQL: one is killed, and the other polls its links when the lease has expired',
    async (server) => {
      const { start, query } = await openSharedDatabase(server, 'gateway_start_lease')
      const one = await start()
      const link = await createLink(one, 'FIVETRAN')
      const leases = () =>
        query(
          'select lease_expires_at from connect_links join instances on instances.id = connect_links.leased_by',
        )
      await vi.waitFor(async () => expect(await leases()).toHaveLength(1), { timeout: 60_000, interval: 200 })
      const other = await start()
      await one.stop('SIGKILL')
      const [{ lease_expires_at }] = await leases()

      const updates = collect(subscribeToLinks(originOf(other), link.id, bearer))
      await submitProviderPage(link.providerUrl ?? '', 'approve')
      expect((await updates).at(-1)).toMatchObject({
        status: 'COMPLETED',
        history: [{ to: 'CREATED' }, { to: 'COMPLETED', source: 'PROVIDER_POLL' }],
      })
      const [{ at: completedAt }] = await query(
        "select at from link_transitions where to_status = 'COMPLETED'",
      )
      expect(completedAt >= lease_expires_at).toBe(true)
      expect(other.stderr()).toBe('')
    },
  )
})
