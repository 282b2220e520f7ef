import { beforeAll, describe, expect, test, vi } from 'vitest'
import { disconnectConnection } from '../../../src/connect/connections/disconnect.ts'
import { reconnectConnection } from '../../../src/connect/create-link/reconnect.ts'
import { revokeConnectLink } from '../../../src/connect/links/revoke.ts'
import type { Viewer } from '../../../src/domain/viewer.ts'
import type { LinkProgress } from '../../../src/providers/adapter.ts'
import { upsertConnections } from '../../../src/store/upsert-connections.ts'
import { onPostgres, testDatabase } from '../../helpers/database.ts'
import { call, type OpenConnect, openConnect, viewer } from '../open.ts'
import { connection, failedProgress } from '../script.ts'

beforeAll(() => testDatabase())

const { signal } = call
const all = ['disconnect', 'revoke', 'reconnect'] as const
const renewed: LinkProgress = { kind: 'completed', connection: connection('c1', { name: 'Renewed' }) }

/** A connection that was made through a link. */
async function openConnected(given?: OpenConnect) {
  const opened = given ?? (await openConnect(all))
  const id = await opened.createLink('user-1')
  opened.script.check = async () => ({ kind: 'completed', connection: connection('c1') })
  const link = await opened.refreshLink(id)
  opened.script.check = async () => ({ kind: 'open' })
  const connectionId = link.connectionId ?? ''
  const reconnect = async () => {
    const { connectLink } = await reconnectConnection(opened.context, viewer, {
      connectionId,
      input: { options: {} },
      signal,
    })
    return connectLink
  }
  const row = () =>
    opened.db.selectFrom('connections').selectAll().where('id', '=', connectionId).executeTakeFirstOrThrow()
  return { ...opened, connectionId, reconnect, row }
}

describe('a reconnect link', () => {
  test('does not change the connection before the provider reports it as renewed; the id stays the same', async () => {
    const { connectionId, reconnect, row, script, refreshLink } = await openConnected()
    const before = await row()
    const { id, ...link } = await reconnect()
    expect(link).toMatchObject({
      purpose: 'RECONNECT',
      status: 'CREATED',
      endUserId: 'user-1',
      connectionId: connectionId,
    })
    expect(await refreshLink(id)).toMatchObject({ status: 'CREATED' })
    expect(await row()).toEqual(before)

    script.check = async () => renewed
    expect(await refreshLink(id)).toMatchObject({ status: 'COMPLETED', connectionId: connectionId })
    expect(await row()).toMatchObject({ id: before.id, name: 'Renewed', endUserId: 'user-1' })
  })

  test('supersedes older ones; nothing is removed or disconnected', async () => {
    const { reconnect, row, link, clock, script, idle, history } = await openConnected()
    const remove = vi.fn(script.remove)
    const revoke = vi.fn(script.revoke)
    Object.assign(script, { remove, revoke })
    const before = await row()
    const ids: string[] = []
    for (let count = 0; count < 3; count += 1) {
      clock.advance(1)
      ids.push((await reconnect()).id)
    }
    await idle()

    const statuses = await Promise.all(ids.map(async (id) => (await link(id)).status))
    expect(statuses).toEqual(['SUPERSEDED', 'SUPERSEDED', 'CREATED'])
    expect(await history(ids[0] ?? '')).toMatchObject([{ toStatus: 'SUPERSEDED', source: 'API_CALL' }])
    expect(await row()).toEqual(before)
    expect(revoke).toHaveBeenCalledTimes(2)
    expect(await link(ids[0] ?? '')).toMatchObject({ revokedAtProvider: true, nextCheckAt: null })
    expect(remove).not.toHaveBeenCalled()
  })

  test.each(['SUPERSEDED', 'REVOKED', 'EXPIRED', 'FAILED'] as const)(
    'that ends as %s never removes the connection and is not polled any more',
    async (status) => {
      const { context, reconnect, row, link, clock, script, poll, idle } = await openConnected()
      const remove = vi.fn(script.remove)
      script.remove = remove
      const before = await row()
      const { id } = await reconnect()
      if (status === 'SUPERSEDED') await reconnect()
      if (status === 'REVOKED') await revokeConnectLink(context, viewer, id)
      if (status === 'FAILED') script.check = async () => failedProgress('WHY')
      clock.advance(status === 'EXPIRED' ? 86_401 : 3)
      await poll()
      expect(await link(id)).toMatchObject({ status, nextCheckAt: null })
      script.check = async () => renewed
      clock.advance(400)
      await poll()
      await idle()

      expect(await link(id)).toMatchObject({ status })
      expect(remove).not.toHaveBeenCalled()
      expect(await row()).toMatchObject({ id: before.id, status: 'ACTIVE', orphaned: false })
    },
  )

  // Only on PostgreSQL: PGlite has one connection, so that transactions never overlap.
  onPostgres('is the only open one of many that are created concurrently', async () => {
    const { reconnect, db } = await openConnected()
    await Promise.all(Array.from({ length: 8 }, reconnect))

    const links = db.selectFrom('connectLinks').select('status').where('purpose', '=', 'RECONNECT')
    const statuses = (await links.execute()).map(({ status }) => status)
    expect(statuses.filter((status) => status === 'CREATED')).toHaveLength(1)
    expect(statuses.filter((status) => status === 'SUPERSEDED')).toHaveLength(7)
  })
})

describe('reconnectConnection', () => {
  const endUser = (id: string): Viewer => ({
    ...viewer,
    kind: 'END_USER',
    endUser: { id, name: null, email: null, organization: null },
  })

  /** A connection that was made outside the gateway, without an end user. */
  async function openWithoutEndUser() {
    const opened = await openConnect(all)
    const { provider, db, now } = opened
    const origin = { provider: provider.key, accountKey: provider.accountKey, now: now() }
    const [saved] = await upsertConnections(db, origin, [connection('outside')])
    return { ...opened, connectionId: saved?.id ?? '' }
  }

  test('requires an end user for a connection without one', async () => {
    const { context, connectionId } = await openWithoutEndUser()
    await expect(
      reconnectConnection(context, viewer, { connectionId, input: { options: {} }, signal }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', issues: [{ path: ['input', 'endUser'] }] })

    const input = { endUser: { id: 'user-7' }, options: {} }
    const { connectLink } = await reconnectConnection(context, viewer, { connectionId, input, signal })
    expect(connectLink).toMatchObject({ endUserId: 'user-7' })
  })

  test('gives a connection without an end user to the end user once it is renewed', async () => {
    const { context, connectionId, script, refreshLink, owners } = await openWithoutEndUser()
    const input = { endUser: { id: 'user-7' }, options: {} }
    const { connectLink } = await reconnectConnection(context, viewer, { connectionId, input, signal })
    expect(await owners()).toEqual({ outside: null })
    script.check = async () => ({ kind: 'completed', connection: connection('outside') })
    await refreshLink(connectLink.id)

    expect(await owners()).toEqual({ outside: 'user-7' })
  })

  test('rejects a connection of another end user', async () => {
    const { context, connectionId } = await openConnected()
    const input = { endUser: { id: 'user-2' }, options: {} }
    await expect(reconnectConnection(context, viewer, { connectionId, input, signal })).rejects.toMatchObject(
      {
        code: 'INVALID_INPUT',
        issues: [{ path: ['input', 'endUser', 'id'] }],
      },
    )
    const request = { connectionId, input: { options: {} }, signal }
    await expect(reconnectConnection(context, endUser('user-2'), request)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await reconnectConnection(context, endUser('user-1'), request)).toMatchObject({ replayed: false })
  })

  test('rejects a connection that was disconnected', async () => {
    const { context, connectionId, reconnect } = await openConnected()
    await disconnectConnection(context, viewer, connectionId)
    await expect(reconnect()).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })

  test('is UNSUPPORTED if the provider cannot reconnect', async () => {
    const { reconnect } = await openConnected(await openConnect(['disconnect']))
    await expect(reconnect()).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })

  test('replays with the same key, and is a conflict for another connection with that key', async () => {
    const { context, connectionId, db, provider, now } = await openConnected()
    const origin = { provider: provider.key, accountKey: provider.accountKey, now: now() }
    const [other] = await upsertConnections(db, origin, [connection('other', { endUserId: 'user-1' })])
    const input = { idempotencyKey: 'k', options: {} }
    const first = await reconnectConnection(context, viewer, { connectionId, input, signal })
    const second = await reconnectConnection(context, viewer, { connectionId, input, signal })
    expect([first.replayed, second.replayed]).toEqual([false, true])
    expect(second.connectLink.id).toBe(first.connectLink.id)

    const request = { connectionId: other?.id ?? '', input, signal }
    await expect(reconnectConnection(context, viewer, request)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    })
  })
})
