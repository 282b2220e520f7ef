import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { recordChecked } from '../../src/store/link-checks.ts'
import { migrateToLatest } from '../../src/store/migrate.ts'
import { lockLinksForPoll, type PollLockRequest } from '../../src/store/poll-rounds.ts'
import type { ConnectLinkRow } from '../../src/store/schema.ts'
import { freshPostgres, onPostgres, testDatabase } from '../helpers/database.ts'
import { openExplaining } from './explain.ts'
import { accountKey, addLink, later, startedAt } from './rows.ts'

beforeAll(() => testDatabase())

/** A round of one instance, `seconds` after the links were created. */
const round = (seconds: number, changes: Partial<PollLockRequest> = {}): PollLockRequest => ({
  accountKeys: [accountKey],
  now: later(seconds),
  lockExpiresAt: later(seconds),
  instanceId: 'a',
  activity: 'OTHER',
  activeSince: later(1_000_000),
  limit: 50,
  ...changes,
})

const addLinksOf = async (db: Database, endUserId: string, count: number, changes = {}) => {
  for (let index = 0; index < count; index += 1) await addLink(db, { endUserId, ...changes })
}

/** The end users of the locked links, sorted. */
const endUsers = (links: readonly ConnectLinkRow[]) => links.map(({ endUserId }) => endUserId).toSorted()

/** Locks one link a round, a second apart, and checks it; returns their end users in order. */
async function oneByOne(db: Database, rounds: number): Promise<string> {
  const order: string[] = []
  for (let second = 1; second <= rounds; second += 1) {
    for (const link of await lockLinksForPoll(db, round(second, { limit: 1 }))) {
      order.push(link.endUserId)
      await recordChecked(db, [{ link, nextCheckAt: later(second + 300) }])
    }
  }
  return order.join(' ')
}

describe('a round', () => {
  test('has a link of each end user before a second one of any', async () => {
    const db = await testDatabase()
    await addLinksOf(db, 'a', 10)
    await addLinksOf(db, 'b', 2, { nextCheckAt: later(1) })
    await addLinksOf(db, 'c', 1, { nextCheckAt: later(2) })

    const limit = { limit: 6 }
    expect(endUsers(await lockLinksForPoll(db, round(3, limit)))).toEqual(['a', 'a', 'a', 'b', 'b', 'c'])
  })

  test('goes on with the end user whose links were not polled for longest', async () => {
    const db = await testDatabase()
    await addLinksOf(db, 'a', 10)
    await addLinksOf(db, 'b', 2, { nextCheckAt: later(1) })
    await addLinksOf(db, 'c', 3, { nextCheckAt: later(1.5) })

    expect(await oneByOne(db, 9)).toBe('a b c a b c a c a')
  })

  test('does not count reads of callers as polls', async () => {
    const db = await testDatabase()
    await addLinksOf(db, 'a', 2)
    await addLinksOf(db, 'b', 1, { nextCheckAt: later(1), checkedAt: later(1.5) })
    expect(await oneByOne(db, 2)).toBe('a b')
  })

  test('has either the active open links or the others', async () => {
    const db = await testDatabase()
    const active = { openedAt: later(50), nextCheckAt: later(60) }
    const opened = await addLink(db, { ...active, endUserId: 'a', checkedAt: later(55) })
    const returned = await addLink(db, { ...active, endUserId: 'b', openedAt: null, returnedAt: later(50) })
    const others = [
      await addLink(db, { endUserId: 'a' }),
      await addLink(db, { ...active, endUserId: 'c', openedAt: later(39) }),
      await addLink(db, { ...active, endUserId: 'd', status: 'REVOKED' }),
    ]
    const lock = async (activity: 'ACTIVE' | 'OTHER') => {
      const links = await lockLinksForPoll(db, round(60, { activity, activeSince: later(40) }))
      return links.map(({ id }) => id).toSorted()
    }
    expect(await lock('ACTIVE')).toEqual([opened.id, returned.id].toSorted())
    expect(await lock('OTHER')).toEqual(others.map(({ id }) => id).toSorted())
  })

  test('has active links first that were not checked since they were opened or returned', async () => {
    const db = await testDatabase()
    const add = (endUserId: string, changes: Partial<ConnectLinkRow>) =>
      addLink(db, { endUserId, nextCheckAt: later(60), ...changes })
    await add('a', { openedAt: later(50), checkedAt: later(51) })
    const opened = await add('b', { openedAt: later(58), checkedAt: later(57), polledAt: later(57) })
    const returned = await add('c', { openedAt: later(50), returnedAt: later(59), checkedAt: later(58) })

    const request = round(60, { limit: 2, activity: 'ACTIVE', activeSince: later(40) })
    const links = await lockLinksForPoll(db, request)
    expect(links.map(({ id }) => id).toSorted()).toEqual([opened.id, returned.id].toSorted())
  })

  test('has the least recently checked links of an end user first', async () => {
    const db = await testDatabase()
    const ids: string[] = []
    for (const checked of [5, 1, 3]) ids[checked] = (await addLink(db, { checkedAt: later(checked) })).id
    const never = await addLink(db, { nextCheckAt: later(6) })

    const lock = async () => (await lockLinksForPoll(db, round(10, { limit: 1 })))[0]?.id
    expect([await lock(), await lock(), await lock(), await lock()]).toEqual([
      never.id,
      ids[1],
      ids[3],
      ids[5],
    ])
  })
})

/** 10,000 open links, of which 500 belong to one end user, and as many ended ones per open one as `ended`. */
async function fillOpenLinks(db: Database, ended: number): Promise<void> {
  await sql`
    insert into connect_links (id, provider, account_key, connector_key, direction, purpose, status, expiry_source,
      embeddable, requires_provider_login, end_user_id, created_at, status_changed_at, next_check_at, polled_at)
    select gen_random_uuid(), 'FIVETRAN', ${accountKey}, 'hubspot', 'SOURCE', 'CONNECT',
      case when n < 10000 then 'OPENED' else 'COMPLETED' end, 'NONE', false, false,
      case when n < 500 then 'user-0' else 'user-' || n % 1000 end, at, at,
      case when n < 10000 then at + n * interval '1 second' end, at
    from (select n, ${startedAt}::timestamptz as at from generate_series(0, ${10_000 * (ended + 1) - 1}::int) as n) numbered`.execute(
    db,
  )
  await sql`vacuum analyze connect_links`.execute(db)
}

onPostgres(
  'a round among 10,000 open links reads the due ones by index, and nothing else',
  async (server) => {
    const name = `gateway_poll_rounds_${process.env.VITEST_POOL_ID ?? '0'}`
    const { db, costOf, close } = openExplaining(await freshPostgres(server, name))
    await migrateToLatest(db)
    await fillOpenLinks(db, 9)
    const rowsAt = async (seconds: number) =>
      (await costOf(() => lockLinksForPoll(db, round(seconds, { activeSince: later(0) })))).rows

    // Each due link is read twice, with the last poll of its end user; the 50 locked ones are read once more.
    const maxRows = (due: number) => 3 * due + 3 * 50
    expect(await rowsAt(99)).toBeLessThanOrEqual(maxRows(100))
    expect(await rowsAt(10_000)).toBeLessThanOrEqual(maxRows(10_000))
    await close()
  },
)
