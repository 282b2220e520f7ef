import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { eventData, openStream } from '../graphql/subscribe.ts'
import { submitLinkPage, submitProviderPage } from '../helpers/gateway.ts'
import { build, createLink, serve, temporaryFolder } from '../start/process.ts'
import { noPostgres, ownDatabase, type PostgresServer, startPostgres } from './postgres-server.ts'
import { mountSmallDisk, noDisk } from './small-disk.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 })

const keys = {
  GATEWAY_API_KEY: 'gw_key_of_the_operator_of_the_gateway',
  GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32),
}
const bearer = { authorization: `Bearer ${keys.GATEWAY_API_KEY}` }

async function startGateway(store: Record<string, string>) {
  const gateway = await serve({ ...keys, DATA_DIR: temporaryFolder(), LOG_LEVEL: 'info', ...store })
  const { origin } = new URL(gateway.url)
  const post = (query: string) =>
    fetch(gateway.url, {
      method: 'POST',
      headers: { ...bearer, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
  return {
    ...gateway,
    post,
    ready: async () => (await fetch(`${origin}/ready`)).status,
    /** The log lines of level warn and error, without those of requests. */
    warnings: () =>
      gateway
        .stderr()
        .split('\n')
        .filter((line) => /"level":[45]0/.test(line) && !line.includes('"msg":"service unavailable"'))
        .map((line) => JSON.parse(line).msg as string),
    watch: (fields: string) =>
      openStream({ url: origin }, { query: `subscription { ${fields} }`, headers: bearer }),
  }
}

type Gateway = Awaited<ReturnType<typeof startGateway>>

/** A link, and streams of it and of all links that have received what there is. */
async function watchedLink(gateway: Gateway) {
  const all = await gateway.watch('connectLinkUpdated { id status }')
  await all.until(/^:/)
  const link = await createLink(gateway, 'PIPEDREAM')
  const one = await gateway.watch(`connectLinkUpdated(id: "${link.id}") { id status }`)
  for (const stream of [one, all]) await stream.until(/CREATED.*\n/)
  return { link, one, all }
}

/** Completes the link, and expects every transition once and in order in both streams. */
async function expectCompletion({ link, one, all }: Awaited<ReturnType<typeof watchedLink>>): Promise<void> {
  await retried(() => submitLinkPage(link.url ?? ''))
  await retried(() => submitProviderPage(link.providerUrl ?? '', 'approve'))
  const expected = ['CREATED', 'OPENED', 'COMPLETED'].map((status) => ({
    data: { connectLinkUpdated: { id: link.id, status } },
  }))
  const isOfLink = (event: unknown) => JSON.stringify(event).includes(`"${link.id}"`)
  for (const stream of [one, all])
    expect(eventData(await stream.until(/COMPLETED.*\n/)).filter(isOfLink)).toEqual(expected)
}

async function retried<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work()
    } catch {
      await sleep(200)
    }
  }
}

const list = '{ connectLinks(first: 1) { nodes { id } } }'
const change = 'mutation { createSession(input: { endUser: { id: "ada" } }) { __typename } }'

async function expectUnavailable(gateway: Gateway, query: string): Promise<void> {
  const response = await gateway.post(query)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] })
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
}

const untilReady = (gateway: Gateway, status = 200) =>
  vi.waitFor(async () => expect(await gateway.ready()).toBe(status), { timeout: 60_000, interval: 200 })

const clientsOf = async ({ query }: PostgresServer) =>
  (await query(`select pid from pg_stat_activity where usename = 'gateway'`)).length

const smallDisks = noDisk
  ? []
  : [
      {
        store: 'PostgreSQL',
        async open(folder: string) {
          const server = await startPostgres()
          const url = await ownDatabase(server)
          await server.query(`create tablespace small location '${folder}'`)
          await server.query('alter database gateway set tablespace small')
          return { DATABASE_URL: url }
        },
      },
      { store: 'embedded', open: async (folder: string) => ({ DATA_DIR: folder }) },
    ]

describe.skipIf(noPostgres !== undefined)('the gateway and its event streams survive', () => {
  beforeAll(build)

  test('a crash of PostgreSQL and its restart', async () => {
    const server = await startPostgres()
    const gateway = await startGateway({ DATABASE_URL: await ownDatabase(server) })
    const watched = await watchedLink(gateway)
    await server.stop()
    expect(await gateway.ready()).toBe(503)
    await expectUnavailable(gateway, list)
    await sleep(5_000)
    expect(gateway.warnings().toSorted()).toEqual([
      'background work waits for the database',
      'database notifications do not arrive: changes are read every 2 s instead',
    ])
    await server.start()
    await expectCompletion(watched)
    await untilReady(gateway)
    // 10 of the pool, and that which listens.
    expect(await clientsOf(server)).toBeLessThanOrEqual(11)
  })

  test('a failover to another host of the URL', async () => {
    const primary = await startPostgres()
    const url = await ownDatabase(primary)
    const standby = await startPostgres({ primary })
    const gateway = await startGateway({
      DATABASE_URL: `${url.replace(/\/gateway$/, `,127.0.0.1:${standby.port}/gateway`)}?target_session_attrs=read-write`,
    })
    const watched = await watchedLink(gateway)
    await vi.waitFor(async () => {
      const [row] = await primary.query<{ same: boolean }>(
        'select bool_and(replay_lsn = pg_current_wal_lsn()) as same from pg_stat_replication',
      )
      expect(row?.same).toBe(true)
    }, 30_000)
    await primary.stop()
    await expectUnavailable(gateway, change)
    expect(await gateway.ready()).toBe(503)
    await standby.query('select pg_promote()')
    await expectCompletion(watched)
    await untilReady(gateway)
  })

  test('a table that is locked for longer than a statement may take', async () => {
    const server = await startPostgres()
    const gateway = await startGateway({ DATABASE_URL: await ownDatabase(server) })
    const watched = await watchedLink(gateway)
    const locking = new pg.Client({ connectionString: server.url.replace(/postgres$/, 'gateway') })
    await locking.connect()
    await locking.query('begin; lock table connect_links in access exclusive mode')
    const startedAt = performance.now()
    await expectUnavailable(gateway, list)
    const request = { idempotencyKey: 'locked' }
    await expect(createLink(gateway, 'PIPEDREAM', request)).rejects.toThrow('SERVICE_UNAVAILABLE')
    // Both have waited for 10 s at most for each statement; one that waits for the lock would never end.
    expect(performance.now() - startedAt).toBeLessThan(60_000)
    await locking.end()
    const { id } = await retried(() => createLink(gateway, 'PIPEDREAM', request))
    expect((await createLink(gateway, 'PIPEDREAM', request)).id).toBe(id)
    await expectCompletion(watched)
  })

  test('a limit of connections that is lower than those of its pool', async () => {
    const server = await startPostgres()
    const gateway = await startGateway({ DATABASE_URL: await ownDatabase(server) })
    const watched = await watchedLink(gateway)
    const allow = async (connections: number) => {
      await server.query(`alter role gateway connection limit ${connections}`)
      await server.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'gateway'`)
    }
    await allow(0)
    await expectUnavailable(gateway, list)
    expect(await gateway.ready()).toBe(503)
    await allow(3)
    await untilReady(gateway)
    const responses = await Promise.all(Array.from({ length: 40 }, () => gateway.post(list)))
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
    await expectCompletion(watched)
  })

  for (const { store, open } of smallDisks) {
    test(`a full disk: ${store}`, async () => {
      const disk = mountSmallDisk()
      const gateway = await startGateway(await open(disk.folder))
      const watched = await watchedLink(gateway)
      disk.fill()
      await vi.waitFor(
        () => expect(createLink(gateway, 'PIPEDREAM')).rejects.toThrow('SERVICE_UNAVAILABLE'),
        60_000,
      )
      expect((await gateway.post(list)).status).toBe(200)
      disk.empty()
      await expectCompletion(watched)
      await untilReady(gateway)
    })
  }
})
