import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { countConnections, findConnections, listConnections } from '../../src/store/connection-list.ts'
import type { Database } from '../../src/store/database.ts'
import { endUserOf } from '../../src/store/end-user-columns.ts'
import { type FullSync, markMissing } from '../../src/store/mark-missing.ts'
import { releaseFromEndUser } from '../../src/store/retention.ts'
import { recordSync } from '../../src/store/sync-state.ts'
import { upsertChanged, upsertConnections } from '../../src/store/upsert-connections.ts'
import { testDatabase } from '../helpers/database.ts'
import { accountKey, ada, later, origin, ownedByAcme, remote, saveOne, startedAt } from './rows.ts'

beforeAll(() => testDatabase())

const allRows = { filter: {}, page: { first: 100, after: null } } as const
const tags = [{ key: 'plan', value: 'pro' }]

/** A full sync that started `startedAt` seconds after the start time and found these connections. */
const fullSync = (startedAt: number, seen: readonly string[] = []): FullSync => ({
  startedAt: later(startedAt),
  mayContain: ({ remoteId }) => seen.includes(remoteId),
})

describe('upsertConnections', () => {
  test('inserts a visible connection with the creation time of the provider or else now, and no end user', async () => {
    const db = await testDatabase()
    const rows = await upsertConnections(db, origin(later(5)), [
      remote({ createdAt: later(-60) }),
      remote({ remoteId: 'remote-2', createdAt: null, endUserId: 'from-provider' }),
    ])

    expect(rows.toSorted((a, b) => (a.remoteId < b.remoteId ? -1 : 1))).toMatchObject([
      { visible: true, createdAt: later(-60), updatedAt: later(5), endUserId: null, tags: [] },
      { visible: true, createdAt: later(5), lastCheckedAt: later(5), endUserId: 'from-provider' },
    ])
  })

  test('keeps the ID and `updatedAt` of an unchanged connection', async () => {
    const db = await testDatabase()
    const before = await saveOne(db)
    const after = await saveOne(db, {}, origin(later(60)))

    expect(after).toEqual({ ...before, lastCheckedAt: later(60) })
  })

  test.each([
    ['name', { name: 'Renamed' }],
    ['name (null)', { name: null }],
    ['status', { status: 'PAUSED' }],
    ['health', { health: 'DEGRADED' }],
    ['health message', { healthMessage: 'Syncs are delayed.' }],
    ['connector', { connectorKey: 'hubspot_v2' }],
  ] as const)('updates `updatedAt` for a new %s', async (_, change) => {
    const db = await testDatabase()
    const before = await saveOne(db)
    const after = await saveOne(db, change, origin(later(60)))

    expect(after.id).toBe(before.id)
    expect(after.updatedAt).toEqual(later(60))
    expect(after.createdAt).toEqual(startedAt)
  })

  test('changes `healthSince` only when the health code changes', async () => {
    const db = await testDatabase()
    await saveOne(db, { health: 'NEEDS_REAUTH' })
    const same = await saveOne(db, { health: 'NEEDS_REAUTH', healthMessage: 'More' }, origin(later(60)))
    const recovered = await saveOne(db, { health: 'OK' }, origin(later(120)))

    expect(same.healthSince).toEqual(startedAt)
    expect(recovered.healthSince).toEqual(later(120))
  })

  test('keeps end user, tags and visibility when the provider returns the connection again', async () => {
    const db = await testDatabase()
    const owner = {
      ownedBy: 'PERSON' as const,
      evidence: 'LINK' as const,
      endUser: ada,
      tags,
      visible: false,
    }
    await upsertConnections(db, origin(), [remote()], owner)

    const again = await saveOne(db, { name: 'Renamed', endUserId: 'other-user' }, origin(later(60)))

    expect(endUserOf(again)).toEqual(ada)
    expect(again).toMatchObject({ name: 'Renamed', tags, visible: false })
  })

  test('gives a known connection without an end user one with evidence only, not because its provider names it', async () => {
    const db = await testDatabase()
    await saveOne(db)

    const named = await saveOne(db, { endUserId: 'user-2' }, origin(later(60)))
    expect(named).toMatchObject({ endUserId: null, ownerEvidence: null })
    const evidence = { ...origin(later(120)), ownerEvidence: 'LINK' as const }
    const claimed = await saveOne(db, { endUserId: 'user-2' }, evidence)
    expect(claimed).toMatchObject({ endUserId: 'user-2', ownerEvidence: 'LINK' })
    const other = await saveOne(db, { endUserId: 'user-3' }, { ...evidence, now: later(180) })
    expect(other).toMatchObject({ endUserId: 'user-2' })
  })

  test('of an organization keep their end user and organization, also if there is no end user', async () => {
    const db = await testDatabase()
    const owner = { ...ownedByAcme, evidence: 'LINK' as const, tags: [], visible: true }
    const [{ id = '' } = {}] = await upsertConnections(db, origin(), [remote()], owner)
    await releaseFromEndUser(db, id, later(1))

    const changes = { name: 'Renamed', endUserId: 'user-1' }
    await upsertChanged(db, origin(later(60)), [remote(changes)])
    const evidence = { ownerEvidence: 'LINK' as const, organization: { id: 'other', name: null } }
    const renewedBy = { ...origin(later(120)), ...evidence }
    const renewed = await saveOne(db, changes, renewedBy)

    const kept = { endUserId: null, ownerEvidence: null, organizationId: 'acme', owner: 'ORGANIZATION' }
    expect(renewed).toMatchObject({ id, name: 'Renamed', ...kept })
    const versions = () => sql<{ version: string }>`select xmin::text as version from connections`.execute(db)
    const before = await versions()
    await upsertChanged(db, origin(later(180)), [remote(changes)])
    expect(await versions()).toEqual(before)
  })

  test('without an end user get the organization of the one that is named later', async () => {
    const db = await testDatabase()
    await saveOne(db)
    const organization = { id: 'acme', name: 'Acme' }
    const evidence = { ownerEvidence: 'LINK' as const, organization }
    const named = await saveOne(db, { endUserId: 'user-1' }, { ...origin(later(60)), ...evidence })
    expect(endUserOf(named)).toEqual({ id: 'user-1', name: null, email: null, organization })
    const again = await saveOne(db, { endUserId: 'user-1' }, origin(later(120)))
    expect(endUserOf(again)).toEqual(endUserOf(named))
  })

  test('replaces end user, tags and visibility of a known connection with those of a completed link', async () => {
    const db = await testDatabase()
    const { id } = await saveOne(db, { endUserId: 'from-provider' })

    const [owned] = await upsertConnections(db, origin(later(60)), [remote()], {
      ownedBy: 'PERSON' as const,
      evidence: 'LINK' as const,
      endUser: ada,
      tags,
      visible: true,
    })

    expect(owned).toMatchObject({ id, endUserId: 'user-1', tags, visible: true, updatedAt: later(60) })
  })

  test('saves a connection that occurs twice once, with the last values', async () => {
    const db = await testDatabase()
    const rows = await upsertConnections(db, origin(), [remote(), remote({ name: 'Last' })])

    expect(rows).toMatchObject([{ name: 'Last' }])
    expect(await upsertConnections(db, origin(), [])).toEqual([])
  })

  test('distinguishes connections with the same ID by direction and account', async () => {
    const db = await testDatabase()
    const both = [remote({ direction: 'SOURCE' }), remote({ direction: 'DESTINATION' })]
    await upsertConnections(db, origin(), both)
    await upsertConnections(db, { ...origin(), accountKey: 'another account' }, both)

    const { rows } = await listConnections(db, [accountKey], allRows)

    expect(new Set(rows.map(({ id }) => id)).size).toBe(4)
  })
})

describe('upsertChanged', () => {
  const versions = async (db: Database) => {
    const { rows } = await sql<{ name: string; version: string }>`
      select remote_id as name, xmin::text as version from connections`.execute(db)
    return Object.fromEntries(rows.map(({ name, version }) => [name, version]))
  }

  test('writes new and changed rows only', async () => {
    const db = await testDatabase()
    const ids = ['same', 'renamed', 'regrouped', 'named', 'missed', 'owned', 'read-later']
    const page = ids.map((remoteId) => remote({ remoteId }))
    await upsertChanged(db, origin(), page)
    await upsertConnections(db, origin(), [remote({ remoteId: 'owned' })], {
      ownedBy: 'PERSON' as const,
      evidence: 'LINK' as const,
      endUser: ada,
      tags,
      visible: true,
    })
    await saveOne(db, { remoteId: 'read-later', name: 'Newer' }, origin(later(20)))
    await markMissing(
      db,
      origin(later(1)),
      fullSync(
        1,
        ids.filter((id) => id !== 'missed'),
      ),
    )
    const before = await versions(db)

    await upsertChanged(db, origin(later(10)), [
      remote({ remoteId: 'same' }),
      remote({ remoteId: 'renamed', name: 'Renamed' }),
      remote({ remoteId: 'regrouped', remoteGroup: 'group-2' }),
      remote({ remoteId: 'named', endUserId: 'user-2' }),
      remote({ remoteId: 'missed' }),
      remote({ remoteId: 'owned', endUserId: 'other-user' }),
      remote({ remoteId: 'read-later', name: 'Older' }),
      remote({ remoteId: 'new' }),
    ])

    const after = await versions(db)
    const written = Object.keys(after).filter((id) => after[id] !== before[id])
    expect(written.toSorted()).toEqual(['missed', 'new', 'regrouped', 'renamed'])
    const { rows } = await listConnections(db, [accountKey], allRows)
    expect(rows.find(({ remoteId }) => remoteId === 'read-later')).toMatchObject({ name: 'Newer' })
    expect(rows.every(({ missingSince }) => missingSince === null)).toBe(true)
  })

  test('does not overwrite rows with a page that is older than a completed full sync', async () => {
    const db = await testDatabase()
    await saveOne(db)
    const list = { accountKey, kind: 'CONNECTIONS' } as const
    await recordSync(db, list, { startedAt: later(10), at: later(12), error: null })
    const statusAfter = async (seconds: number, page: readonly ReturnType<typeof remote>[]) => {
      await upsertChanged(db, origin(later(seconds)), page)
      const { rows } = await listConnections(db, [accountKey], allRows)
      return Object.fromEntries(rows.map(({ remoteId, status }) => [remoteId, status]))
    }
    const broken = [remote({ status: 'NEEDS_ATTENTION' }), remote({ remoteId: 'new' })]

    expect(await statusAfter(9, broken)).toEqual({ 'remote-1': 'ACTIVE', new: 'ACTIVE' })
    expect(await statusAfter(10, broken)).toEqual({ 'remote-1': 'NEEDS_ATTENTION', new: 'ACTIVE' })
  })

  test('does not deadlock with another gateway that writes the same rows in another order', async () => {
    const db = await testDatabase()
    const page = (status: 'ACTIVE' | 'PAUSED') =>
      Array.from({ length: 1_000 }, (_, number) => remote({ remoteId: `r${number}`, status }))
    await upsertChanged(db, origin(), page('ACTIVE'))
    for (const [round, status] of (['PAUSED', 'ACTIVE', 'PAUSED'] as const).entries()) {
      const pages = [page(status), page(status).toReversed()]
      await Promise.all(pages.map((rows) => upsertChanged(db, origin(later(round + 1)), rows)))
    }
    expect(await countConnections(db, [accountKey], { statuses: ['PAUSED'] })).toBe(1_000)
  })

  test('reports the start of the last successful full sync as `lastCheckedAt` of unchanged rows', async () => {
    const db = await testDatabase()
    const { id } = await saveOne(db)
    const readLater = await saveOne(db, { remoteId: 'read-later' }, origin(later(20)))
    const missed = await saveOne(db, { remoteId: 'missed' })
    await markMissing(db, origin(later(12)), fullSync(10, ['remote-1']))
    await recordSync(
      db,
      { accountKey, kind: 'CONNECTIONS' },
      { startedAt: later(10), at: later(12), error: null },
    )
    await recordSync(
      db,
      { accountKey, kind: 'CONNECTIONS' },
      { startedAt: later(30), at: later(31), error: 'down' },
    )

    const read = async (connectionId: string) =>
      (await findConnections(db, [accountKey], [connectionId]))[0]?.lastCheckedAt
    expect([await read(id), await read(readLater.id), await read(missed.id)]).toEqual([
      later(10),
      later(20),
      startedAt,
    ])
  })
})

describe('markMissing', () => {
  test('disconnects a connection when a second full sync misses it too', async () => {
    const db = await testDatabase()
    const { id } = await saveOne(db)
    await saveOne(db, { remoteId: 'read-later' }, origin(later(20)))
    await saveOne(db, { remoteId: 'present' })
    const seen = ['present', 'unknown']

    expect(await markMissing(db, origin(later(11)), fullSync(10, seen))).toBe(1)
    expect(await findConnections(db, [accountKey], [id])).toMatchObject([
      { status: 'ACTIVE', updatedAt: startedAt },
    ])
    expect(await markMissing(db, origin(later(13)), fullSync(12, seen))).toBe(0)

    expect(await findConnections(db, [accountKey], [id])).toMatchObject([
      { status: 'DISCONNECTED', healthCode: 'REVOKED', healthSince: later(13), updatedAt: later(13) },
    ])
    expect(await countConnections(db, [accountKey], { statuses: ['ACTIVE'] })).toBe(2)
  })

  test('does not disconnect a connection that only concurrent full syncs miss', async () => {
    const db = await testDatabase()
    const { id } = await saveOne(db)
    const status = async () => (await findConnections(db, [accountKey], [id]))[0]?.status

    await markMissing(db, origin(later(14)), fullSync(10, []))
    expect(await markMissing(db, origin(later(15)), fullSync(13, []))).toBe(0)
    expect(await status()).toBe('ACTIVE')

    await markMissing(db, origin(later(16)), fullSync(14, []))
    expect(await status()).toBe('DISCONNECTED')
  })

  test('starts again when the connection is found in between', async () => {
    const db = await testDatabase()
    const { id } = await saveOne(db)
    await markMissing(db, origin(later(11)), fullSync(10))
    await upsertChanged(db, origin(later(12)), [remote()])

    await markMissing(db, origin(later(21)), fullSync(20))

    expect(await findConnections(db, [accountKey], [id])).toMatchObject([{ status: 'ACTIVE' }])
  })

  test('a disconnected connection that is found again keeps its ID and gets its status back', async () => {
    const db = await testDatabase()
    const { id } = await saveOne(db)
    await markMissing(db, origin(later(11)), fullSync(10))
    await markMissing(db, origin(later(13)), fullSync(12))

    expect(await saveOne(db, {}, origin(later(20)))).toMatchObject({
      id,
      status: 'ACTIVE',
      healthCode: 'OK',
    })
  })

  test('ignores rows of other accounts and pending connections', async () => {
    const db = await testDatabase()
    await saveOne(db, {}, { ...origin(), accountKey: 'another account' })
    await upsertConnections(db, origin(), [remote()], {
      ownedBy: 'PERSON' as const,
      evidence: 'LINK' as const,
      endUser: ada,
      tags: [],
      visible: false,
    })

    await markMissing(db, origin(later(11)), fullSync(10))
    await markMissing(db, origin(later(13)), fullSync(12))

    const rows = await db.selectFrom('connections').select(['status', 'missingSince']).execute()
    expect(rows).toEqual([
      { status: 'ACTIVE', missingSince: null },
      { status: 'ACTIVE', missingSince: null },
    ])
  })
})
