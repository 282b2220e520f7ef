import { sql } from 'kysely'
import { beforeAll, expect, vi } from 'vitest'
import { openDatabase } from '../../src/store/database.ts'
import { migrateToLatest } from '../../src/store/migrate.ts'
import { createLink, createLinkOrThrow, postQuery } from '../graphql/open.ts'
import { next, subscribeToLinks } from '../graphql/subscribe.ts'
import { freshPostgres, onEmbedded, onPostgres, testDatabase } from '../helpers/database.ts'
import { startTestGateway, submitLinkPage, type TestGateway } from '../helpers/gateway.ts'
import { type Relay, startRelay } from '../helpers/relay.ts'

beforeAll(() => testDatabase())

/** A gateway that reaches its database through a relay. */
async function startBehindRelay(server: string): Promise<{ gateway: TestGateway; relay: Relay }> {
  const relay = await startRelay(await freshPostgres(server, `gateway_outage_${process.env.VITEST_POOL_ID}`))
  const database = await openDatabase({ url: relay.url }, { statementTimeoutMs: 500 })
  await migrateToLatest(database.db)
  return { relay, gateway: await startTestGateway({ database, keepData: true, maxWaitMs: 500 }) }
}

const list = '{ connectLinks(first: 1) { nodes { id } } }'
const ready = async ({ url }: TestGateway) => (await fetch(`${url}/ready`)).status

async function expectUnavailable(gateway: TestGateway): Promise<void> {
  const response = await gateway.post(list)
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('5')
  const { errors } = (await response.json()) as { errors: readonly unknown[] }
  expect(errors).toMatchObject([
    { message: 'The database cannot be used at the moment.', extensions: { code: 'SERVICE_UNAVAILABLE' } },
  ])
}

onPostgres(
  'a database whose connections fall silent: 503 and not ready; later the gateway recovers',
  async (server) => {
    const { gateway, relay } = await startBehindRelay(server)
    await createLinkOrThrow(gateway, 'PIPEDREAM')
    expect(await ready(gateway)).toBe(200)

    relay.swallow()
    await expectUnavailable(gateway)
    expect(await ready(gateway)).toBe(503)
    relay.forward()
    await vi.waitFor(async () => expect(await ready(gateway)).toBe(200), { timeout: 20_000 })
    expect((await postQuery(gateway, list)).codes).toEqual([])
  },
)

onPostgres('a database that refuses connections: 503 at once; later the gateway recovers', async (server) => {
  const { gateway, relay } = await startBehindRelay(server)
  await relay.close()
  await expectUnavailable(gateway)
  expect(await ready(gateway)).toBe(503)
  await relay.open()
  await vi.waitFor(async () => expect(await ready(gateway)).toBe(200), { timeout: 20_000 })
})

onPostgres(
  'a read-only database is not ready: lists are served, changes are refused with 503',
  async (server) => {
    const { gateway } = await startBehindRelay(server)
    const { db } = gateway.connect
    const name = sql.id(
      (await sql<{ name: string }>`select current_database() as name`.execute(db)).rows[0]?.name ?? '',
    )
    const admin = await openDatabase({ url: server })
    const terminate = sql`select pg_terminate_backend(pid) from pg_stat_activity where datname like 'gateway_outage%'`
    await sql`alter database ${name} set default_transaction_read_only = on`.execute(admin.db)
    await terminate.execute(admin.db)

    await vi.waitFor(async () => expect((await postQuery(gateway, list)).codes).toEqual([]), {
      timeout: 20_000,
    })
    expect(await ready(gateway)).toBe(503)
    await expect(createLink(gateway, 'PIPEDREAM')).rejects.toThrow('SERVICE_UNAVAILABLE')

    await sql`alter database ${name} reset default_transaction_read_only`.execute(admin.db)
    await terminate.execute(admin.db)
    await admin.close()
    await vi.waitFor(async () => expect(await ready(gateway)).toBe(200), { timeout: 20_000 })
  },
)

onPostgres('a subscription gets the changes although notifications do not arrive', async (server) => {
  const { gateway, relay } = await startBehindRelay(server)
  const link = await createLinkOrThrow(gateway, 'PIPEDREAM')
  const events = subscribeToLinks(gateway, link.id)
  expect(await next(events)).toMatchObject({ status: 'CREATED' })

  // The connections of now, LISTEN among them, stay silent; new ones work.
  relay.swallow()
  relay.forward()
  await vi.waitFor(async () => expect(await ready(gateway)).toBe(200), { timeout: 20_000 })
  await submitLinkPage(link.url ?? '')
  expect(await next(events)).toMatchObject({ status: 'OPENED' })
})

onPostgres(
  'a mutation whose COMMIT is executed but not answered: its retry with the same key has one result',
  async (server) => {
    const { gateway, relay } = await startBehindRelay(server)
    let lost = 0
    for (let commit = 0; commit === lost; commit += 1) {
      const more = { idempotencyKey: `key-${commit}`, endUser: { id: `user-${commit}` } }
      relay.loseCommit(commit)
      const first = await createLink(gateway, 'FIVETRAN', more).catch((error: unknown) => String(error))
      const isLost = relay.hasLostCommit()
      relay.loseCommit(Number.NaN)
      if (!isLost) break
      lost += 1
      if (typeof first === 'string') expect(first).toContain('SERVICE_UNAVAILABLE')
      const retry = await createLinkOrThrow(gateway, 'FIVETRAN', more)
      expect((await createLinkOrThrow(gateway, 'FIVETRAN', more)).id).toBe(retry.id)
      const { rows } = await sql<{ links: number; connections: number }>`
        select count(*) as links, count(distinct remote_connection_id) as connections
        from connect_links where end_user_id = ${`user-${commit}`}`.execute(gateway.connect.db)
      expect(rows).toEqual([{ links: 1, connections: 1 }])
    }
    expect(lost).toBeGreaterThan(0)
  },
)

onEmbedded('the embedded database is ready once it has started', async () => {
  expect(await ready(await startTestGateway())).toBe(200)
})
