import { beforeAll, describe, expect, test } from 'vitest'
import type { RemoteConnection } from '../../src/providers/adapter.ts'
import { findOriginals, findUsableConnection } from '../../src/store/connection-duplicates.ts'
import { markDisconnected } from '../../src/store/connections.ts'
import type { Database } from '../../src/store/database.ts'
import { upsertConnections } from '../../src/store/upsert-connections.ts'
import { testDatabase } from '../helpers/database.ts'
import { accountKey, ada, later, origin, remote, saveOne } from './rows.ts'

beforeAll(() => testDatabase())

const acme = { id: 'acme', name: 'Acme', email: null }
const base = { endUserId: 'user-1', externalAccount: acme } as const

/** Saves two connections, created 60 s apart, and returns whether the later one is a duplicate of the earlier one. */
async function isDuplicate(
  db: Database,
  second: Partial<RemoteConnection>,
  from: Parameters<typeof saveOne>[2] = origin(),
): Promise<boolean> {
  const older = await saveOne(db, { ...base, remoteId: 'older' })
  const newer = await saveOne(db, { ...base, remoteId: 'newer', createdAt: later(60), ...second }, from)
  const originals = await findOriginals(db, [older.id, newer.id])
  expect(originals.has(older.id)).toBe(false)
  return originals.get(newer.id) === older.id
}

describe('originalsOf', () => {
  test('returns the older connection of the same end user, connector and external account', async () => {
    expect(await isDuplicate(await testDatabase(), {})).toBe(true)
  })

  test('identifies the external account by its ID, not by its name or email', async () => {
    const renamed = { ...acme, name: 'Acme Inc.', email: 'team@acme.example' }
    expect(await isDuplicate(await testDatabase(), { externalAccount: renamed })).toBe(true)
  })

  test.each([
    ['another external account', { externalAccount: { ...acme, id: 'other' } }],
    ['an unknown external account', { externalAccount: null }],
    ['another end user', { endUserId: 'user-2' }],
    ['an unknown end user', { endUserId: null }],
    ['another connector', { connectorKey: 'github' }],
    ['another direction', { direction: 'DESTINATION' }],
  ] as const)('returns nothing for a connection of %s', async (_, second) => {
    expect(await isDuplicate(await testDatabase(), second)).toBe(false)
  })

  test('returns nothing for a connection of another provider account', async () => {
    expect(await isDuplicate(await testDatabase(), {}, { ...origin(), accountKey: 'another account' })).toBe(
      false,
    )
  })

  test('returns nothing if either is disconnected, and ignores invisible connections', async () => {
    const db = await testDatabase()
    const older = await saveOne(db, { ...base, remoteId: 'older' })
    const newer = await saveOne(db, { ...base, remoteId: 'newer', createdAt: later(60) })
    const owner = {
      ownedBy: 'PERSON' as const,
      evidence: 'LINK' as const,
      endUser: ada,
      tags: [],
      visible: false,
    }
    await upsertConnections(
      db,
      origin(),
      [remote({ ...base, remoteId: 'pending', createdAt: later(-60) })],
      owner,
    )
    expect(await findOriginals(db, [newer.id])).toEqual(new Map([[newer.id, older.id]]))

    await markDisconnected(db, newer.id, later(70))
    expect(await findOriginals(db, [newer.id])).toEqual(new Map())
    await saveOne(db, { ...base, remoteId: 'newer' }, origin(later(80)))
    await markDisconnected(db, older.id, later(90))
    expect(await findOriginals(db, [newer.id])).toEqual(new Map())
  })

  test('returns the oldest of several duplicates', async () => {
    const db = await testDatabase()
    const ids: string[] = []
    for (const seconds of [0, 1, 2])
      ids.push((await saveOne(db, { ...base, remoteId: `at-${seconds}`, createdAt: later(seconds) })).id)
    const [oldest = '', second = '', third = ''] = ids
    expect(await findOriginals(db, ids)).toEqual(
      new Map([
        [second, oldest],
        [third, oldest],
      ]),
    )
  })
})

test('keeps an external account that a response omits, and updates `updatedAt` when it changes', async () => {
  const db = await testDatabase()
  const before = await saveOne(db, base)
  const omitted = await saveOne(db, { ...base, externalAccount: null }, origin(later(60)))
  expect(omitted).toEqual({ ...before, lastCheckedAt: later(60) })
  const renamed = await saveOne(
    db,
    { ...base, externalAccount: { ...acme, name: 'Acme Inc.' } },
    origin(later(90)),
  )
  expect(renamed).toMatchObject({ externalAccountName: 'Acme Inc.', updatedAt: later(90) })
})

describe('findUsable', () => {
  const query = {
    accountKey,
    endUserId: 'user-1',
    organizationId: null,
    owner: 'PERSON',
    connectorKey: 'hubspot',
    direction: 'SOURCE',
  } as const

  test('returns the oldest ACTIVE connection that needs no action', async () => {
    const db = await testDatabase()
    await saveOne(db, { ...base, remoteId: 'paused', status: 'PAUSED' })
    await saveOne(db, { ...base, remoteId: 'needs-reauth', health: 'NEEDS_REAUTH', createdAt: later(1) })
    await saveOne(db, { ...base, remoteId: 'other-user', endUserId: 'user-2', createdAt: later(1) })
    expect(await findUsableConnection(db, query)).toBeUndefined()
    await saveOne(db, { ...base, remoteId: 'newer', createdAt: later(3) })
    await saveOne(db, { ...base, remoteId: 'oldest', createdAt: later(2) })
    expect(await findUsableConnection(db, query)).toMatchObject({ remoteId: 'oldest' })
    expect(await findUsableConnection(db, { ...query, direction: 'TOOL' })).toBeUndefined()
    expect(await findUsableConnection(db, { ...query, organizationId: 'acme' })).toBeUndefined()
    expect(await findUsableConnection(db, { ...query, owner: 'ORGANIZATION' })).toBeUndefined()
    expect(await findUsableConnection(db, { ...query, accountKey: 'another account' })).toBeUndefined()
  })
})
