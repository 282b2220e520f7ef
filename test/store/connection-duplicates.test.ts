import { beforeAll, describe, expect, test } from 'vitest'
import type { RemoteConnection } from '../../src/providers/adapter.ts'
import { findUsable, originalsOf } from '../../src/store/connection-duplicates.ts'
import { markDisconnected } from '../../src/store/connections.ts'
import type { Database } from '../../src/store/database.ts'
import { upsertConnections } from '../../src/store/upsert-connections.ts'
import { testDatabase } from '../helpers/database.ts'
import { accountKey, ada, later, origin, remote, saveOne } from './rows.ts'

beforeAll(() => testDatabase())

const acme = { id: 'acme', name: 'Acme', email: null }
const base = { endUserId: 'user-1', externalAccount: acme } as const

/** Two connections, a minute apart; answers whether the later one repeats the earlier. */
async function repeats(
  db: Database,
  second: Partial<RemoteConnection>,
  from: Parameters<typeof saveOne>[2] = origin(),
): Promise<boolean> {
  const old = await saveOne(db, { ...base, remoteId: 'old' })
  const young = await saveOne(db, { ...base, remoteId: 'young', createdAt: later(60), ...second }, from)
  const originals = await originalsOf(db, [old.id, young.id])
  expect(originals.has(old.id)).toBe(false)
  return originals.get(young.id) === old.id
}

describe('a connection repeats an older one', () => {
  test('of the same end user, connector and account', async () => {
    expect(await repeats(await testDatabase(), {})).toBe(true)
  })

  test('whatever the account is called by now', async () => {
    const renamed = { ...acme, name: 'Acme Inc.', email: 'team@acme.example' }
    expect(await repeats(await testDatabase(), { externalAccount: renamed })).toBe(true)
  })

  test.each([
    ['another account', { externalAccount: { ...acme, id: 'other' } }],
    ['an account that is not known', { externalAccount: null }],
    ['another end user', { endUserId: 'user-2' }],
    ['nobody that is known', { endUserId: null }],
    ['another connector', { connectorKey: 'github' }],
    ['the other direction', { direction: 'DESTINATION' }],
  ] as const)('not if it is of %s', async (_, second) => {
    expect(await repeats(await testDatabase(), second)).toBe(false)
  })

  test('not if it is at another account of the provider', async () => {
    expect(await repeats(await testDatabase(), {}, { ...origin(), accountKey: 'another account' })).toBe(
      false,
    )
  })

  test('not if either has been removed, or the older is not listed', async () => {
    const db = await testDatabase()
    const old = await saveOne(db, { ...base, remoteId: 'old' })
    const young = await saveOne(db, { ...base, remoteId: 'young', createdAt: later(60) })
    const owner = { endUser: ada, tags: [], visible: false }
    await upsertConnections(
      db,
      origin(),
      [remote({ ...base, remoteId: 'half-made', createdAt: later(-60) })],
      owner,
    )
    expect(await originalsOf(db, [young.id])).toEqual(new Map([[young.id, old.id]]))

    await markDisconnected(db, young.id, later(70))
    expect(await originalsOf(db, [young.id])).toEqual(new Map())
    await saveOne(db, { ...base, remoteId: 'young' }, origin(later(80)))
    await markDisconnected(db, old.id, later(90))
    expect(await originalsOf(db, [young.id])).toEqual(new Map())
  })

  test('the oldest of several', async () => {
    const db = await testDatabase()
    const ids: string[] = []
    for (const seconds of [0, 1, 2])
      ids.push((await saveOne(db, { ...base, remoteId: `at-${seconds}`, createdAt: later(seconds) })).id)
    const [oldest = '', second = '', third = ''] = ids
    expect(await originalsOf(db, ids)).toEqual(
      new Map([
        [second, oldest],
        [third, oldest],
      ]),
    )
  })
})

test('an account that one answer leaves out is kept, and what is said of it later is a change', async () => {
  const db = await testDatabase()
  const before = await saveOne(db, base)
  const left = await saveOne(db, { ...base, externalAccount: null }, origin(later(60)))
  expect(left).toEqual({ ...before, lastCheckedAt: later(60) })
  const renamed = await saveOne(
    db,
    { ...base, externalAccount: { ...acme, name: 'Acme Inc.' } },
    origin(later(90)),
  )
  expect(renamed).toMatchObject({ externalAccountName: 'Acme Inc.', updatedAt: later(90) })
})

describe('a connection that can be used as it is', () => {
  const wanted = { accountKey, endUserId: 'user-1', connectorKey: 'hubspot', direction: 'SOURCE' } as const

  test('is the oldest ACTIVE one that needs nothing', async () => {
    const db = await testDatabase()
    await saveOne(db, { ...base, remoteId: 'paused', status: 'PAUSED' })
    await saveOne(db, { ...base, remoteId: 'tired', health: 'NEEDS_REAUTH', createdAt: later(1) })
    await saveOne(db, { ...base, remoteId: 'theirs', endUserId: 'user-2', createdAt: later(1) })
    expect(await findUsable(db, wanted)).toBeUndefined()
    await saveOne(db, { ...base, remoteId: 'young', createdAt: later(3) })
    await saveOne(db, { ...base, remoteId: 'good', createdAt: later(2) })
    expect(await findUsable(db, wanted)).toMatchObject({ remoteId: 'good' })
    expect(await findUsable(db, { ...wanted, direction: 'TOOL' })).toBeUndefined()
    expect(await findUsable(db, { ...wanted, accountKey: 'another account' })).toBeUndefined()
  })
})
