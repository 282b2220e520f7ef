import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { syncConnections } from '../../../src/connect/connections/sync-connections.ts'
import { ProviderError } from '../../../src/domain/provider-error.ts'
import { identifyAccount } from '../../../src/providers/account-key.ts'
import type { ProviderAdapter, RemoteConnection } from '../../../src/providers/adapter.ts'
import { listConnections } from '../../../src/store/connection-list.ts'
import { changeOwner, findAssignments } from '../../../src/store/connection-owner.ts'
import { recordSync } from '../../../src/store/sync-state.ts'
import { addLink } from '../../store/rows.ts'
import { call, type OpenConnect, openConnect } from '../open.ts'
import { connection } from '../script.ts'

const uuid = '3f0c2a52-6a0e-4a5e-9d3c-6a1f3a5b7c11'
const createdAt = new Date('2026-11-01T10:00:00.123Z')
const numbered = connection('7', { createdAt })

let opened: OpenConnect
let recognizesLink: NonNullable<ProviderAdapter['recognizesLink']>

beforeEach(async () => {
  opened = await openConnect()
  recognizesLink = async () => false
})

/** The account at one URL, with an API key or a name. */
const withKey = (apiKey: string, name?: string, base = 'XPANDER|https://api.xpander.ai/') =>
  identifyAccount(base, { apiKey, name })

type Account = ReturnType<typeof withKey>

/** A full sync of connections with that account, as a gateway with its key runs it. */
async function sync(account: Account, ...listed: readonly RemoteConnection[]): Promise<void> {
  const { context, db, clock, provider } = opened
  clock.advance(1)
  const adapter = {
    ...provider.adapter,
    recognizesLink,
    listConnections: async function* () {
      yield { items: listed, skipped: [] }
    },
  }
  const startedAt = clock.now()
  await syncConnections(context, { ...provider, ...account, adapter }, call.signal)
  const list = { accountKey: account.accountKey, kind: 'CONNECTIONS' } as const
  await recordSync(db, list, { startedAt, at: clock.now(), error: null })
}

/** The listed connections as a gateway with that account returns them. */
async function list(account: Account, endUserId?: string, tag?: { key: string; value: string }) {
  const page = { first: 100, after: null }
  const { rows } = await listConnections(opened.db, [account.accountKey], {
    filter: { endUserId, tag },
    page,
  })
  return rows
}

async function assign(id: string, endUserId: string | null) {
  const endUser = endUserId === null ? null : { id: endUserId, name: null, email: null, organization: null }
  const change = { endUser, ownedBy: 'PERSON', at: opened.clock.now(), viewer: 'admin' } as const
  await opened.db.transaction().execute((transaction) => changeOwner(transaction, id, change))
}

/** Syncs one connection with a key, gives it to Alice, and returns its ID. */
async function ownedByAlice(account: Account, remote: RemoteConnection): Promise<string> {
  await sync(account, remote)
  const [row] = (await list(account)).filter(({ remoteId }) => remoteId === remote.remoteId)
  await assign(row?.id ?? '', 'alice')
  return row?.id ?? ''
}

const first = withKey('first key')
const second = withKey('second key')
const named = withKey('second key', 'our organization')

describe('after a change of', () => {
  test.each([
    ['the key', second],
    ['the key to a name', named],
    ['nothing but the name', withKey('first key', 'our organization')],
  ])('%s, connections keep their ID, end user, assignments and tags', async (_, next) => {
    for (const remote of [connection(uuid), connection('conn_9'), numbered]) {
      const id = await ownedByAlice(first, remote)
      const tags = JSON.stringify([{ key: 'plan', value: 'pro' }])
      await opened.db.updateTable('connections').set({ tags }).where('id', '=', id).execute()
    }
    const before = await list(first)

    await sync(next, connection(uuid), connection('conn_9'), numbered)

    const after = await list(next)
    const kept = before.map(({ id, endUserId, ownerEvidence, tags }) => ({
      id,
      endUserId,
      ownerEvidence,
      tags,
    }))
    expect(after).toMatchObject(kept.map((row) => ({ ...row, status: 'ACTIVE' })))
    expect(after).toHaveLength(3)
    expect(kept.map(({ endUserId }) => endUserId)).toEqual(['alice', 'alice', 'alice'])
    expect(await list(next, 'alice', { key: 'plan', value: 'pro' })).toHaveLength(3)
    const assignments = await findAssignments(
      opened.db,
      after.map(({ id }) => id),
    )
    expect(assignments.map((one) => one.viewer)).toEqual(['admin', 'admin', 'admin'])
  })
})

describe('a row is not adopted', () => {
  test('with the same number and another creation time: it belongs to another workspace', async () => {
    const id = await ownedByAlice(first, numbered)
    await sync(second, connection('7', { createdAt: new Date(createdAt.getTime() + 1) }))
    expect(await list(second)).toMatchObject([
      { endUserId: null, status: 'ACTIVE' },
      { id, endUserId: 'alice', status: 'UNKNOWN' },
    ])
  })

  test('with the same number and no creation time', async () => {
    await ownedByAlice(first, connection('7'))
    await sync(second, connection('7'))
    expect((await list(second)).map(({ endUserId }) => endUserId)).toEqual([null, 'alice'])
  })

  test('in another direction', async () => {
    await ownedByAlice(first, numbered)
    await sync(second, { ...numbered, direction: 'DESTINATION' })
    expect(await list(second, 'alice')).toMatchObject([{ direction: 'SOURCE', status: 'UNKNOWN' }])
    expect(await list(second)).toHaveLength(2)
  })

  test.each([
    ['of a named account', withKey('first key', 'another')],
    ['of a name that looks like a fingerprint', withKey('first key', '0123456789ab')],
    ['of another URL', withKey('first key', undefined, 'XPANDER|https://eu.xpander.ai/')],
    ['of an account with an ID', identifyAccount('XPANDER|https://api.xpander.ai/|0123456789ab|x', null)],
  ])('%s', async (_, former) => {
    const id = await ownedByAlice(former, connection(uuid))
    await sync(second, connection(uuid))
    expect(await list(former, 'alice')).toMatchObject([{ id, status: 'ACTIVE' }])
    expect(await list(second)).toHaveLength(2)
  })

  test('that the new key does not list', async () => {
    const id = await ownedByAlice(first, connection(uuid))
    await sync(second, connection(randomUUID()))
    expect(await list(second)).toMatchObject([
      { endUserId: null },
      { id, endUserId: 'alice', status: 'UNKNOWN' },
    ])
  })
})

describe('while another gateway uses the former key', () => {
  test('it keeps its rows; when it has stopped, the ones without an end user are deleted', async () => {
    const id = await ownedByAlice(first, connection(uuid))
    await sync(second, connection(uuid))
    await sync(first, connection(uuid))
    await sync(second, connection(uuid))
    expect(await list(second, 'alice')).toMatchObject([{ id, status: 'ACTIVE' }])
    expect(await list(second)).toHaveLength(2)

    opened.clock.advance(601)
    await sync(second, connection(uuid))
    expect(await list(second)).toMatchObject([{ id, status: 'ACTIVE', endUserId: 'alice' }])
  })

  test('its new connections keep their end user', async () => {
    await sync(second, numbered)
    const id = await ownedByAlice(first, connection(uuid))
    opened.clock.advance(601)
    await sync(second, numbered, connection(uuid))
    expect(await list(second, 'alice')).toMatchObject([{ id, status: 'ACTIVE' }])
    expect(await list(second)).toHaveLength(2)
  })
})

test('a row that was assigned under the new key is kept, and no end user is overwritten', async () => {
  const former = await ownedByAlice(first, connection(uuid))
  await recordSync(
    opened.db,
    { accountKey: second.accountKey, kind: 'CONNECTIONS' },
    { startedAt: createdAt, at: createdAt, error: null },
  )
  await sync(second, connection(uuid))
  const [current] = (await list(second)).filter(({ endUserId }) => endUserId === null)
  await assign(current?.id ?? '', 'bob')
  opened.clock.advance(601)
  await sync(second, connection(uuid))
  expect(await list(second, 'bob')).toMatchObject([{ id: current?.id, status: 'ACTIVE' }])
  expect(await list(second, 'alice')).toMatchObject([{ id: former, status: 'UNKNOWN' }])
})

test('two gateways that sync the new account at once adopt each row once', async () => {
  const owned = [await ownedByAlice(first, connection(uuid)), await ownedByAlice(first, numbered)]
  await Promise.all([
    sync(second, connection(uuid), numbered),
    sync(second, numbered, connection(uuid)),
    sync(second, connection(uuid), numbered),
  ])
  const rows = await list(second)
  expect(rows.map(({ id }) => id).toSorted()).toEqual(owned.toSorted())
  expect(rows.map(({ endUserId }) => endUserId)).toEqual(['alice', 'alice'])
})

/** An open link that was created with that account. */
async function openLinkOf(account: Account, endUserId: string): Promise<string> {
  const id = await opened.createLink(endUserId)
  const { accountKey } = account
  await opened.db.updateTable('connectLinks').set({ accountKey }).where('id', '=', id).execute()
  return id
}

test('open links are adopted with the first connection of their account, and only then', async () => {
  const third = withKey('third key')
  const openLink = await openLinkOf(first, 'alice')
  const other = await openLinkOf(third, 'bob')
  await sync(third, connection(randomUUID()))
  const id = await ownedByAlice(first, connection(uuid))
  const { provider, accountKey, connectorKey, direction, endUserId } = await opened.link(openLink)
  const ofLink = { provider, accountKey, connectorKey, direction, endUserId }
  const completed = await addLink(opened.db, {
    ...ofLink,
    status: 'COMPLETED',
    connectionId: id,
    tokenHash: null,
  })

  await sync(second, connection(uuid))

  expect(await opened.link(openLink)).toMatchObject({ accountKey: second.accountKey, status: 'CREATED' })
  expect(await opened.link(completed.id)).toMatchObject({ accountKey: second.accountKey, connectionId: id })
  expect(await opened.link(other)).toMatchObject({ accountKey: third.accountKey })
})

describe('without a connection', () => {
  test('one link that the new key recognizes proves the account, also while a gateway uses the former key', async () => {
    const link = await openLinkOf(first, 'alice')
    const other = await openLinkOf(first, 'bob')
    const foreign = await openLinkOf(withKey('third key'), 'carol')
    await sync(first)
    await sync(second)
    expect(await opened.link(link)).toMatchObject({ accountKey: first.accountKey })
    recognizesLink = async ({ linkId }, listed) =>
      linkId === link && listed.some(({ remoteId }) => remoteId === uuid)
    await sync(second, connection(uuid))
    expect(await opened.link(link)).toMatchObject({ accountKey: second.accountKey, status: 'CREATED' })
    expect(await opened.link(other)).toMatchObject({ accountKey: second.accountKey })
    expect(await opened.link(foreign)).toMatchObject({ accountKey: withKey('third key').accountKey })
  })

  test('a link that the provider refuses to read is not adopted, and the sync goes on', async () => {
    const link = await openLinkOf(first, 'alice')
    recognizesLink = async () => {
      throw new ProviderError('CENSUS', 'PROVIDER_UNAUTHORIZED', 'refused')
    }
    await sync(second, connection(uuid))
    expect(await list(second)).toHaveLength(1)
    expect(await opened.link(link)).toMatchObject({ accountKey: first.accountKey })
  })

  test('a link of a named account is not tried', async () => {
    const former = withKey('first key', 'another')
    const link = await openLinkOf(former, 'alice')
    recognizesLink = async () => true
    await sync(second)
    expect(await opened.link(link)).toMatchObject({ accountKey: former.accountKey })
  })
})
