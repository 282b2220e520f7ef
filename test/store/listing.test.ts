import { beforeAll, describe, expect, test } from 'vitest'
import { findLinks } from '../../src/store/connect-links.ts'
import {
  type ConnectionFilter,
  countConnections,
  findConnections,
  listConnections,
} from '../../src/store/connection-list.ts'
import type { Database } from '../../src/store/database.ts'
import { upsertConnections } from '../../src/store/upsert-connections.ts'
import { testDatabase } from '../helpers/database.ts'
import { accountKey, ada, addLink, origin, remote, saveOne } from './rows.ts'

const page = { first: 100, after: null }

const here = [accountKey, 'CENSUS|here']

async function visible(db: Database, filter: ConnectionFilter, accountKeys: readonly string[] = here) {
  const { rows } = await listConnections(db, accountKeys, { filter, page })
  expect(await countConnections(db, accountKeys, filter)).toBe(rows.length)
  return rows.map(({ remoteId }) => remoteId).toSorted()
}

beforeAll(() => testDatabase())

describe('rows of an account that is not configured', () => {
  test('are UNKNOWN wherever they are read, and keep what was known', async () => {
    const db = await testDatabase()
    const { id } = await saveOne(db, { status: 'PAUSED' })

    const { rows } = await listConnections(db, ['another account'], { filter: {}, page })

    expect(rows).toMatchObject([{ id, status: 'UNKNOWN', name: 'HubSpot' }])
    expect(await findConnections(db, [], [id])).toMatchObject([{ status: 'UNKNOWN' }])
    expect(await findConnections(db, [accountKey], [id])).toMatchObject([{ status: 'PAUSED' }])
  })

  test('are found by the status that is shown, not by the one that was known', async () => {
    const db = await testDatabase()
    await saveOne(db, { remoteId: 'here' })
    await saveOne(db, { remoteId: 'elsewhere' }, { ...origin(), accountKey: 'another account' })

    expect(await visible(db, { statuses: ['ACTIVE'] })).toEqual(['here'])
    expect(await visible(db, { statuses: ['UNKNOWN'] })).toEqual(['elsewhere'])
    expect(await visible(db, { statuses: ['ACTIVE', 'UNKNOWN'] })).toEqual(['elsewhere', 'here'])
    expect(await visible(db, { statuses: ['ACTIVE'] }, [])).toEqual([])
  })
})

describe('a filter', () => {
  test('takes the rows that match all of its fields', async () => {
    const db = await testDatabase()
    const pro = { key: 'plan', value: 'pro' }
    const owned = { endUser: ada, tags: [pro, { key: 'team', value: 'a' }], visible: true }
    await upsertConnections(db, origin(), [remote({ remoteId: 'adas' })], owned)
    await upsertConnections(db, origin(), [remote({ remoteId: 'half-made' })], { ...owned, visible: false })
    await saveOne(db, { remoteId: 'broken', status: 'NEEDS_ATTENTION', connectorKey: 'github' })
    await saveOne(
      db,
      { remoteId: 'at-census' },
      { ...origin(), provider: 'CENSUS', accountKey: 'CENSUS|here' },
    )

    expect(await visible(db, {})).toEqual(['adas', 'at-census', 'broken'])
    expect(await visible(db, { providers: ['CENSUS', 'XPANDER'] })).toEqual(['at-census'])
    expect(await visible(db, { connectorKey: 'github' })).toEqual(['broken'])
    expect(await visible(db, { endUserId: 'user-1' })).toEqual(['adas'])
    expect(await visible(db, { tag: pro })).toEqual(['adas'])
    expect(await visible(db, { tag: { key: 'plan', value: 'a' } })).toEqual([])
    expect(await visible(db, { tag: pro, statuses: ['ACTIVE'], endUserId: 'user-2' })).toEqual([])
    expect(await visible(db, { statuses: [] })).toEqual([])
  })
})

describe('text', () => {
  const odd = [
    ['signs of SQL', `it's "quoted" \\ {braced, listed} $1 %s ; drop table connections --`],
    ['other scripts', 'ⵣ שלום 你好 e\u0301 👩‍👩‍👧‍👦 \u{10ffff}'],
    ['a word of SQL', 'NULL'],
    ['blanks and line ends', ' \t around \n '],
    ['a hundred thousand characters', 'x'.repeat(100_000)],
  ] as const

  test.each(odd)('of %s comes back as it was given', async (_, text) => {
    const db = await testDatabase()
    const tags = [{ key: text, value: text }]
    const endUser = { id: text, name: text, email: text }
    const place = { ...origin(), accountKey: text }
    await upsertConnections(db, place, [remote({ name: text, connectorKey: text })], {
      endUser,
      tags,
      visible: true,
    })
    const link = await addLink(db, {
      tags,
      endUserId: text,
      instructions: text,
      providerState: { baseline: [text] },
    })

    const { rows } = await listConnections(db, [text], {
      filter: { endUserId: text, connectorKey: text, tag: { key: text, value: text }, statuses: ['ACTIVE'] },
      page,
    })

    expect(rows).toMatchObject([{ name: text, endUserId: text, endUserName: text, tags, accountKey: text }])
    expect(await findLinks(db, [link.id])).toEqual([link])
  })
})

describe('an id that is no uuid', () => {
  test.each(['', 'x', `'; drop table connections --`, '00000000-0000-0000-0000-00000000000g', 'a\u0000'])(
    'names nothing: %j',
    async (id) => {
      const db = await testDatabase()
      expect(await findConnections(db, [accountKey], [id])).toEqual([])
      expect(await findLinks(db, [id])).toEqual([])
    },
  )
})
