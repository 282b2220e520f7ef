import { beforeAll, describe, expect, test } from 'vitest'
import { nextCheckAt, openInterval } from '../../src/connect/links/poll-interval.ts'
import type { Database } from '../../src/store/database.ts'
import { countListedLinks, findListedLinks, recordListCheck } from '../../src/store/list-checks.ts'
import type { ConnectLinkRow } from '../../src/store/schema.ts'
import { testDatabase } from '../helpers/database.ts'
import { accountKey, addLink, later, origin, saveOne } from './rows.ts'

beforeAll(() => testDatabase())

const request = {
  accountKey,
  instanceId: 'a',
  purposes: ['CONNECT'],
  now: later(600),
} as const

/** Records a list that was read ten minutes after the links were created, and took a minute. */
const record = (db: Database, links: readonly ConnectLinkRow[], hasPendingConnection = false) =>
  recordListCheck(db, {
    ...request,
    now: later(660),
    readAt: request.now,
    ids: links.map(({ id }) => id),
    hasPendingConnection,
    interval: openInterval,
    expiredNextAt: later(720),
  })

const row = (db: Database, { id }: ConnectLinkRow) =>
  db.selectFrom('connectLinks').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

describe('recordListCheck', () => {
  test.each([
    ['created long ago', {}],
    ['changed a minute ago', { statusChangedAt: later(590) }],
    ['changed a moment ago', { statusChangedAt: later(599) }],
    ['about to expire', { expiresAt: later(700) }],
    ['expired during the read', { expiresAt: later(630) }],
  ])('plans the next check as after a check of one link: %s', async (_, changes) => {
    const db = await testDatabase()
    const link = await addLink(db, changes)
    expect(await record(db, [link])).toEqual([{ id: link.id, isExpired: false }])
    const checkedAt = request.now
    const planned = nextCheckAt({ ...link, checkedAt }, later(660))
    const stored = await row(db, link)
    expect(stored).toMatchObject({ checkedAt, polledAt: checkedAt, leasedBy: 'a' })
    // Due at once, either way.
    const isPast = stored.nextCheckAt !== null && stored.nextCheckAt <= later(660)
    expect(isPast ? later(660) : stored.nextCheckAt).toEqual(planned)
  })

  test('returns links that had expired before the read', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { expiresAt: later(600) })
    expect(await record(db, [link])).toEqual([{ id: link.id, isExpired: true }])
    expect(await row(db, link)).toMatchObject({ nextCheckAt: later(720) })
  })

  test.each([
    ['of the end user, whatever its connector', { endUserId: 'user-1', connectorKey: 'other' }, true],
    ['of the connector, of an unknown end user', { endUserId: null }, true],
    ['of an unknown connector and end user', { endUserId: null, connectorKey: 'unknown' }, true],
    ['of another end user', { endUserId: 'user-2' }, false],
    ['of another connector, of an unknown end user', { endUserId: null, connectorKey: 'other' }, false],
  ])('leaves a link as it is if a new connection is one %s', async (_, connection, isLeft) => {
    const db = await testDatabase()
    const link = await addLink(db)
    await saveOne(db, connection, origin(later(60)))
    expect(await record(db, [link])).toEqual(isLeft ? [] : [{ id: link.id, isExpired: false }])
  })

  test('compares with no connection that is older than the link, or of another link', async () => {
    const db = await testDatabase()
    await saveOne(db, { remoteId: 'old', endUserId: 'user-1' }, origin(later(-600)))
    const made = await saveOne(db, { remoteId: 'made', endUserId: 'user-1' }, origin(later(60)))
    await addLink(db, { status: 'COMPLETED', connectionId: made.id, nextCheckAt: null })
    const link = await addLink(db)
    expect(await record(db, [link])).toEqual([{ id: link.id, isExpired: false }])
  })

  test.each([
    ['PENDING', true],
    ['ACTIVE', false],
    ['DISCONNECTED', false],
  ] as const)('checks a link whose own connection is %s: %s', async (status, isChecked) => {
    const db = await testDatabase()
    await saveOne(db, { remoteId: 'own', status })
    const link = await addLink(db, { remoteConnectionId: 'own' })
    expect(await record(db, [link], true)).toEqual(isChecked ? [{ id: link.id, isExpired: false }] : [])
  })
})

test('only open links of the account and purposes that are due and free are checked by a list', async () => {
  const db = await testDatabase()
  const due = await addLink(db)
  const others = [
    { purpose: 'RECONNECT' },
    { status: 'COMPLETED' },
    { accountKey: 'FIVETRAN|other' },
    { nextCheckAt: later(601) },
    { checkLockExpiresAt: later(601) },
    { heldUntil: later(900) },
  ] as const
  const all = [due]
  for (const changes of others) all.push(await addLink(db, changes))

  expect(await countListedLinks(db, request, 10)).toBe(1)
  const page = { afterId: '00000000-0000-0000-0000-000000000000', limit: 10 }
  expect((await findListedLinks(db, request, page)).map(({ id }) => id)).toEqual([due.id])
  expect((await record(db, all)).map(({ id }) => id)).toEqual([due.id])
})
