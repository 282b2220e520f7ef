import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { findLinks } from '../../src/store/connect-links.ts'
import { openDatabase } from '../../src/store/database.ts'
import { openMigratedDatabase } from '../../src/store/open-migrated.ts'
import { asViewer } from '../../src/store/row-access.ts'
import { next, subscribeToLinks } from '../graphql/subscribe.ts'
import { submitLinkPage, submitProviderPage } from '../helpers/gateway.ts'
import { build, createLink, serve, temporaryFolder } from '../start/process.ts'
import { addLink } from '../store/rows.ts'
import { noPgbouncer, startPgbouncer } from './pgbouncer.ts'
import { ownDatabase, startPostgres } from './postgres-server.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 })

const keys = {
  GATEWAY_API_KEY: 'gw_key_of_the_operator_of_the_gateway',
  GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32),
}
const bearer = { authorization: `Bearer ${keys.GATEWAY_API_KEY}` }
const noNotifications = /database notifications do not arrive/g

/** Fewer connections to the server than the gateway has to the pooler, so that they are shared. */
async function startPooled() {
  const direct = await ownDatabase(await startPostgres())
  return { direct, pooled: await startPgbouncer(direct, 3) }
}

async function startGateway(urls: Record<string, string>) {
  const gateway = await serve({ ...keys, ...urls, DATA_DIR: temporaryFolder() })
  const { origin } = new URL(gateway.url)
  return { ...gateway, origin: { url: origin } }
}

/** Completes a link and returns the statuses that its subscription received. */
async function watchCompletion(gateway: Awaited<ReturnType<typeof startGateway>>) {
  const link = await createLink(gateway, 'PIPEDREAM', { idempotencyKey: 'one' })
  expect((await createLink(gateway, 'PIPEDREAM', { idempotencyKey: 'one' })).id).toBe(link.id)
  const events = subscribeToLinks(gateway.origin, link.id, bearer)
  expect(await next(events)).toMatchObject({ status: 'CREATED' })
  await submitLinkPage(link.url ?? '')
  const statuses = [(await next(events)).status]
  await submitProviderPage(link.providerUrl ?? '', 'approve')
  for await (const { status } of events) statuses.push(status)
  return statuses
}

describe.skipIf(noPgbouncer !== undefined)('through pgbouncer in transaction mode', () => {
  beforeAll(build)

  test('the gateway starts, and reads changes from the tables, which it logs once', async () => {
    const { pooled } = await startPooled()
    const gateway = await startGateway({ DATABASE_URL: pooled })
    expect(await watchCompletion(gateway)).toEqual(['OPENED', 'COMPLETED'])
    expect((await fetch(`${gateway.origin.url}/ready`)).status).toBe(200)
    expect(gateway.stderr().match(noNotifications)).toHaveLength(1)
    expect(await gateway.stop()).toEqual({ code: 0, signal: null })
  })

  test('with a direct connection in DATABASE_LISTEN_URL it gets notifications', async () => {
    const { direct, pooled } = await startPooled()
    const gateway = await startGateway({ DATABASE_URL: pooled, DATABASE_LISTEN_URL: direct })
    expect(await watchCompletion(gateway)).toEqual(['OPENED', 'COMPLETED'])
    expect(gateway.stderr()).toBe('')
  })

  test('neither the access of a session nor a time limit leaks to other clients', async () => {
    const { pooled } = await startPooled()
    const database = await openMigratedDatabase({ url: pooled })
    onTestFinished(database.close)
    const { db } = database
    const links = [await addLink(db, { endUserId: 'ada' }), await addLink(db, { endUserId: 'bob' })]
    const ids = links.map(({ id }) => id)
    const viewers = ['ada', 'bob', null]
    const reads = Array.from({ length: 150 }, (_, index) => viewers[index % viewers.length] ?? null)
    const found = await Promise.all(
      reads.map((endUserId) =>
        asViewer(
          db,
          endUserId === null ? null : { endUserId, organizationId: null, sharedOrganizationId: null },
          // A statement that is prepared on a direct connection.
          (reader) => findLinks(reader, ids),
        ),
      ),
    )
    expect(found.map((rows) => rows.map(({ endUserId }) => endUserId).toSorted())).toEqual(
      reads.map((endUserId) => (endUserId === null ? ['ada', 'bob'] : [endUserId])),
    )

    const other = await openDatabase({ url: pooled }, { statementTimeoutMs: null })
    onTestFinished(other.close)
    const settings = await Promise.all(
      Array.from({ length: 10 }, () =>
        other.db
          .selectNoFrom((select) => [
            select.fn<string>('current_setting', [select.val('statement_timeout')]).as('limit'),
            select.fn('pg_sleep', [select.val(0.05)]).as('pause'),
          ])
          .executeTakeFirstOrThrow(),
      ),
    )
    expect(new Set(settings.map(({ limit }) => limit))).toEqual(new Set(['0']))
  })
})
