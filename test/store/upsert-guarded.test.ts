import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { markUnconfirmed } from '../../src/store/link-holds.ts'
import type { ConnectLinkRow } from '../../src/store/schema.ts'
import { upsertChanged, upsertConnections } from '../../src/store/upsert-connections.ts'
import { testDatabase } from '../helpers/database.ts'
import { accountKey, ada, addLink, later, origin, remote, saveOne } from './rows.ts'

const guarded: Partial<ConnectLinkRow> = { guard: 'SAME_BROWSER', watchUntil: later(3_600) }
const named = { endUserId: ada.id, createdAt: later(60) }

describe('a connection whose provider names an end user', () => {
  test.each<[name: string, link: Partial<ConnectLinkRow>, endUserId: string | null]>([
    ['was open then', guarded, null],
    ['has expired without a connection', { ...guarded, status: 'EXPIRED' }, null],
    ['has no guard', { guard: 'NONE' }, ada.id],
    ['is in an organization', { ...guarded, guard: 'NONE', organizationId: 'acme' }, null],
    ['could not be used any more then', { ...guarded, watchUntil: later(-600) }, ada.id],
    ['was created later', { ...guarded, createdAt: later(1_000) }, ada.id],
    ['is of another end user', { ...guarded, endUserId: 'eve' }, ada.id],
    ['is of another connector', { ...guarded, connectorKey: 'github' }, null],
    ['reconnects a connection', { ...guarded, purpose: 'RECONNECT', connectionId: randomUUID() }, null],
    ['has completed with another one', { ...guarded, status: 'COMPLETED', connectionId: randomUUID() }, null],
    ['was reused, without a page', { ...guarded, status: 'COMPLETED', watchUntil: null }, ada.id],
    ['is of another account', { ...guarded, accountKey: `${accountKey}2` }, ada.id],
  ])(
    'is given to it unless a link with a guard can have made it: one that %s',
    async (_, link, endUserId) => {
      const db = await testDatabase()
      await addLink(db, link)
      await upsertChanged(db, origin(later(120)), [remote(named)])
      const evidence = endUserId === null ? null : 'PROVIDER'
      const select = () => db.selectFrom('connections').select(['endUserId', 'ownerEvidence']).execute()
      expect(await select()).toEqual([{ endUserId, ownerEvidence: evidence }])
      // A read of the single connection does not give it to the end user either.
      await upsertConnections(db, origin(later(180)), [remote(named)])
      expect(await select()).toEqual([{ endUserId, ownerEvidence: evidence }])
    },
  )

  test('keeps the end user that it had before the link', async () => {
    const db = await testDatabase()
    await saveOne(db, { endUserId: ada.id })
    await addLink(db, guarded)
    await upsertChanged(db, origin(later(120)), [remote({ endUserId: ada.id, name: 'renamed' })])
    const rows = await db.selectFrom('connections').select(['endUserId', 'name']).execute()
    expect(rows).toEqual([{ endUserId: ada.id, name: 'renamed' }])
  })

  test('is not given back to it after it was taken because it was not confirmed', async () => {
    const db = await testDatabase()
    const { id } = await saveOne(db, { endUserId: ada.id })
    await markUnconfirmed(db, id, later(1))
    await upsertChanged(db, origin(later(120)), [remote({ endUserId: ada.id })])
    await upsertConnections(db, origin(later(180)), [remote({ endUserId: ada.id })])
    const rows = await db.selectFrom('connections').select(['endUserId', 'ownerEvidence', 'status']).execute()
    expect(rows).toEqual([{ endUserId: null, ownerEvidence: null, status: 'NEEDS_ATTENTION' }])
  })
})
