import { beforeAll, describe, expect, test } from 'vitest'
import { readOrigin } from '../../../src/connect/links/read-origin.ts'
import type { RemoteConnection } from '../../../src/providers/adapter.ts'
import { upsertConnections } from '../../../src/store/upsert-connections.ts'
import { testDatabase } from '../../helpers/database.ts'
import { openConnect } from '../open.ts'
import { connection, connector } from '../script.ts'

beforeAll(() => testDatabase())

/** A link for hubspot whose provider answers that this connection was made through it. */
async function openAnswered(changes: Partial<RemoteConnection>, abilities: readonly 'disconnect'[] = []) {
  const opened = await openConnect(abilities)
  const removed: string[] = []
  opened.script.remove = async ({ remoteId }) => removed.push(remoteId) > 0
  await opened.connectorSyncs.ensureFresh(1_000)
  const id = await opened.createLink('user-1')
  opened.script.check = async () => ({ kind: 'completed', connection: connection('c1', changes) })
  const row = () =>
    opened.db.selectFrom('connections').selectAll().where('remoteId', '=', 'c1').executeTakeFirst()
  return { ...opened, id, removed, row }
}

const others: readonly [name: string, changes: Partial<RemoteConnection>][] = [
  ['another connector', { connectorKey: 'github' }],
  ['a connector that the catalogue does not have', { connectorKey: 'elsewhere' }],
  ['an unknown connector', { connectorKey: 'unknown' }],
  ['another direction', { direction: 'DESTINATION' }],
]

describe.each(others)('a connection of %s', (_, changes) => {
  test('is listed without an end user and tags; the link stays open and can complete', async () => {
    const { id, script, refreshLink, history, row } = await openAnswered(changes)
    expect(await refreshLink(id)).toMatchObject({ status: 'AUTHORIZING', connectionId: null })
    expect(await history(id)).toMatchObject([{ failureCode: 'OTHER_CONNECTOR' }])
    const unowned = { endUserId: null, ownerEvidence: null, tags: [], visible: true, status: 'ACTIVE' }
    expect(await row()).toMatchObject(unowned)

    await refreshLink(id)
    expect(await history(id)).toHaveLength(1)
    script.check = async () => ({ kind: 'completed', connection: connection('c2') })
    expect(await refreshLink(id)).toMatchObject({ status: 'COMPLETED' })
    expect(await row()).toMatchObject(unowned)
  })

  test('belongs to no organization, even if it was created with the link for one', async () => {
    const { id, db, provider, now, refreshLink, row } = await openAnswered(changes)
    const organization = { organizationId: 'acme', organizationName: 'Acme', owner: 'ORGANIZATION' } as const
    const made = { ...organization, remoteConnectionId: 'c1' }
    await db.updateTable('connectLinks').set(made).where('id', '=', id).execute()
    await upsertConnections(db, readOrigin(provider, now()), [connection('c1', changes)], {
      endUser: { id: 'user-1', name: null, email: null, organization: { id: 'acme', name: 'Acme' } },
      ownedBy: 'ORGANIZATION',
      evidence: 'LINK',
      tags: [],
      visible: false,
    })
    await refreshLink(id)
    expect(await row()).toMatchObject({
      endUserId: null,
      organizationId: null,
      organizationName: null,
      owner: 'PERSON',
      visible: true,
    })
  })

  test('is removed by a provider that can, also if it was created with the link', async () => {
    const { id, db, refreshLink, removed, row, link, script } = await openAnswered(changes, ['disconnect'])
    await db.updateTable('connectLinks').set({ remoteConnectionId: 'c1' }).where('id', '=', id).execute()
    await refreshLink(id)
    expect(removed).toEqual(['c1'])
    expect(await row()).toMatchObject({ endUserId: null, tags: [], status: 'DISCONNECTED' })
    script.check = async () => ({ kind: 'open' })
    expect(await refreshLink(id)).toMatchObject({ status: 'AUTHORIZING' })
    expect((await link(id)).nextCheckAt).not.toBeNull()
  })

  test('is not a candidate', async () => {
    const { id, script, refreshLink, returnFromProvider, row } = await openAnswered(changes)
    const named = connection('c1', { ...changes, endUserId: 'user-1' })
    script.check = async () => ({ kind: 'candidates', connections: [named] })
    await returnFromProvider(id)
    expect(await refreshLink(id)).toMatchObject({ status: 'AUTHORIZING', connectionId: null })
    expect(await row()).toBeUndefined()
  })
})

describe('a connection of another connector that the link cannot have made', () => {
  const slack = { connectorKey: 'github' }

  test('is not removed if it was made before the link', async () => {
    const before = new Date(0)
    const { id, refreshLink, removed, history } = await openAnswered({ ...slack, createdAt: before }, [
      'disconnect',
    ])
    await refreshLink(id)
    expect(removed).toEqual([])
    expect(await history(id)).toMatchObject([{ failureCode: 'OTHER_CONNECTOR' }])
  })

  test.each(['user-1', 'user-2'])('is not removed if an API key has given it to %s', async (endUserId) => {
    const { id, saveConnection, refreshLink, removed, row } = await openAnswered(slack, ['disconnect'])
    await saveConnection(connection('c1', slack), { endUserId })
    await refreshLink(id)
    expect(removed).toEqual([])
    expect(await row()).toMatchObject({ endUserId, ownerEvidence: 'ASSIGNED' })
  })

  test('is not removed if it is that of another link', async () => {
    const { id, script, createLink, refreshLink, removed, row } = await openAnswered(slack, ['disconnect'])
    const own = await createLink('user-1', 'github')
    expect(await refreshLink(own)).toMatchObject({ status: 'COMPLETED' })
    script.check = async () => ({ kind: 'completed', connection: connection('c1', slack) })
    await refreshLink(id)
    expect(removed).toEqual([])
    expect(await row()).toMatchObject({ endUserId: 'user-1', ownerEvidence: 'LINK' })
  })
})

test.each([
  ['in another case', 'HubSpot'],
  ['with a separator', 'hub_spot'],
  ['that names the same application', 'hubspot_crm'],
])('a connection of the same connector under a key %s completes the link', async (_, connectorKey) => {
  const { id, script, connectorSyncs, provider, refreshLink } = await openAnswered({ connectorKey })
  script.connectors = async function* () {
    yield [connector('hubspot_crm', { name: 'HubSpot' }), connector('github')]
  }
  connectorSyncs.invalidate(provider)
  await connectorSyncs.ensureFresh(1_000)
  expect(await refreshLink(id)).toMatchObject({ status: 'COMPLETED' })
})
