import { beforeAll, describe, expect, test } from 'vitest'
import { findLinks } from '../../src/store/connect-links.ts'
import type { ConnectionFilter } from '../../src/store/connection-groups.ts'
import { countConnections, findConnections, listConnections } from '../../src/store/connection-list.ts'
import type { Database } from '../../src/store/database.ts'
import { upsertConnections } from '../../src/store/upsert-connections.ts'
import { testDatabase } from '../helpers/database.ts'
import { accountKey, ada, addLink, origin, remote, saveOne } from './rows.ts'

const page = { first: 100, after: null }

const configured = [accountKey, 'CENSUS|configured']

/** The sorted remote IDs of the connections in the list. */
async function listedIds(
  db: Database,
  filter: ConnectionFilter,
  accountKeys: readonly string[] = configured,
) {
  const { rows } = await listConnections(db, accountKeys, { filter, page })
  expect(await countConnections(db, accountKeys, filter)).toBe(rows.length)
  return rows.map(({ remoteId }) => remoteId).toSorted()
}

beforeAll(() => testDatabase())

describe('connections of an account that is not configured', () => {
  test('have the status UNKNOWN in every query, and keep their other columns', async () => {
    const db = await testDatabase()
    const { id } = await saveOne(db, { status: 'PAUSED' })

    const { rows } = await listConnections(db, ['another account'], { filter: {}, page })

    expect(rows).toMatchObject([{ id, status: 'UNKNOWN', name: 'HubSpot' }])
    expect(await findConnections(db, [], [id])).toMatchObject([{ status: 'UNKNOWN' }])
    expect(await findConnections(db, [accountKey], [id])).toMatchObject([{ status: 'PAUSED' }])
  })

  test('match a filter by the reported status, not by the stored one', async () => {
    const db = await testDatabase()
    await saveOne(db, { remoteId: 'configured' })
    await saveOne(db, { remoteId: 'not-configured' }, { ...origin(), accountKey: 'another account' })

    expect(await listedIds(db, { statuses: ['ACTIVE'] })).toEqual(['configured'])
    expect(await listedIds(db, { statuses: ['UNKNOWN'] })).toEqual(['not-configured'])
    expect(await listedIds(db, { statuses: ['ACTIVE', 'UNKNOWN'] })).toEqual(['configured', 'not-configured'])
    expect(await listedIds(db, { statuses: ['ACTIVE'] }, [])).toEqual([])
  })
})

describe('listConnections', () => {
  test('returns the rows that match all fields of the filter', async () => {
    const db = await testDatabase()
    const pro = { key: 'plan', value: 'pro' }
    const owned = {
      ownedBy: 'PERSON' as const,
      evidence: 'LINK' as const,
      endUser: ada,
      tags: [pro, { key: 'team', value: 'a' }],
      visible: true,
    }
    await upsertConnections(db, origin(), [remote({ remoteId: 'adas' })], owned)
    await upsertConnections(db, origin(), [remote({ remoteId: 'pending' })], { ...owned, visible: false })
    await saveOne(db, { remoteId: 'broken', status: 'NEEDS_ATTENTION', connectorKey: 'github' })
    await saveOne(
      db,
      { remoteId: 'at-census' },
      { ...origin(), provider: 'CENSUS', accountKey: 'CENSUS|configured' },
    )

    expect(await listedIds(db, {})).toEqual(['adas', 'at-census', 'broken'])
    expect(await listedIds(db, { providers: ['CENSUS', 'XPANDER'] })).toEqual(['at-census'])
    expect(await listedIds(db, { connectorKey: 'github' })).toEqual(['broken'])
    expect(await listedIds(db, { endUserId: 'user-1' })).toEqual(['adas'])
    expect(await listedIds(db, { tag: pro })).toEqual(['adas'])
    expect(await listedIds(db, { tag: { key: 'plan', value: 'a' } })).toEqual([])
    expect(await listedIds(db, { tag: pro, statuses: ['ACTIVE'], endUserId: 'user-2' })).toEqual([])
    expect(await listedIds(db, { statuses: [] })).toEqual([])
  })
})

describe('text columns', () => {
  const texts = [
    ['SQL metacharacters', `it's "quoted" \\ {braced, listed} $1 %s ; drop table connections --`],
    ['other scripts', 'ⵣ שלום 你好 e\u0301 👩‍👩‍👧‍👦 \u{10ffff}'],
    ['an SQL keyword', 'NULL'],
    ['white space and line breaks', ' \t around \n '],
    ['a hundred thousand characters', 'x'.repeat(100_000)],
  ] as const

  test.each(texts)('store and return %s unchanged', async (_, text) => {
    const db = await testDatabase()
    const tags = [{ key: text, value: text }]
    const endUser = { id: text, name: text, email: text, organization: { id: text, name: text } }
    const from = { ...origin(), accountKey: text }
    await upsertConnections(db, from, [remote({ name: text, connectorKey: text })], {
      ownedBy: 'PERSON',
      evidence: 'LINK',
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
    expect(await findLinks(db, [link.id])).toMatchObject([link])
  })
})

describe('an ID that is not a UUID', () => {
  test.each(['', 'x', `'; drop table connections --`, '00000000-0000-0000-0000-00000000000g', 'a\u0000'])(
    'matches no row: %j',
    async (id) => {
      const db = await testDatabase()
      expect(await findConnections(db, [accountKey], [id])).toEqual([])
      expect(await findLinks(db, [id])).toEqual([])
    },
  )
})
