import { beforeAll, describe, expect, test, vi } from 'vitest'
import { disconnectConnection } from '../../../src/connect/connections/disconnect.ts'
import { reconnectConnection } from '../../../src/connect/create-link/reconnect.ts'
import { revokeConnectLink } from '../../../src/connect/links/revoke.ts'
import type { Viewer } from '../../../src/domain/viewer.ts'
import type { LinkProgress } from '../../../src/providers/adapter.ts'
import { upsertConnections } from '../../../src/store/upsert-connections.ts'
import { onPostgres, testDatabase } from '../../helpers/database.ts'
import { call, type OpenConnect, openConnect, viewer } from '../open.ts'
import { connection } from '../script.ts'

beforeAll(() => testDatabase())

const { signal } = call
const all = ['disconnect', 'revoke', 'reconnect'] as const
const renewed: LinkProgress = { kind: 'completed', connection: connection('c1', { name: 'Renewed' }) }

/** A connection that somebody has made through a link. */
async function connected(opened?: OpenConnect) {
  const here = opened ?? (await openConnect(all))
  const id = await here.createLink('user-1')
  here.script.check = async () => ({ kind: 'completed', connection: connection('c1') })
  const settled = await here.settled(id)
  here.script.check = async () => ({ kind: 'open' })
  const connectionId = settled.connectionId ?? ''
  const again = async () => {
    const { connectLink } = await reconnectConnection(here.context, viewer, {
      connectionId,
      input: { options: {} },
      signal,
    })
    return connectLink
  }
  const row = () =>
    here.db.selectFrom('connections').selectAll().where('id', '=', connectionId).executeTakeFirstOrThrow()
  return { ...here, connectionId, again, row }
}

describe('a link that renews a connection', () => {
  test('leaves it as it is until the provider shows that it was renewed, and it keeps its id', async () => {
    const { connectionId, again, row, script, settled } = await connected()
    const before = await row()
    const { id, ...link } = await again()
    expect(link).toMatchObject({
      purpose: 'RECONNECT',
      status: 'CREATED',
      endUserId: 'user-1',
      connectionId: connectionId,
    })
    expect(await settled(id)).toMatchObject({ status: 'CREATED' })
    expect(await row()).toEqual(before)

    script.check = async () => renewed
    expect(await settled(id)).toMatchObject({ status: 'COMPLETED', connectionId: connectionId })
    expect(await row()).toMatchObject({ id: before.id, name: 'Renewed', endUserId: 'user-1' })
  })

  test('takes the place of older ones, and nothing is removed or disconnected', async () => {
    const { again, row, link, clock, script, idle, history } = await connected()
    const remove = vi.fn(script.remove)
    const takeBack = vi.fn(script.takeBack)
    Object.assign(script, { remove, takeBack })
    const before = await row()
    const ids: string[] = []
    for (let count = 0; count < 3; count += 1) {
      clock.advance(1)
      ids.push((await again()).id)
    }
    await idle()

    const statuses = await Promise.all(ids.map(async (id) => (await link(id)).status))
    expect(statuses).toEqual(['SUPERSEDED', 'SUPERSEDED', 'CREATED'])
    expect(await history(ids[0] ?? '')).toMatchObject([{ toStatus: 'SUPERSEDED', source: 'API_CALL' }])
    expect(await row()).toEqual(before)
    expect(takeBack).toHaveBeenCalledTimes(2)
    expect(await link(ids[0] ?? '')).toMatchObject({ revokedAtProvider: true, nextCheckAt: null })
    expect(remove).not.toHaveBeenCalled()
  })

  test.each(['SUPERSEDED', 'REVOKED', 'EXPIRED', 'FAILED'] as const)(
    'and ends as %s never has the connection removed, and is not asked about any more',
    async (status) => {
      const { context, again, row, link, clock, script, poll, idle } = await connected()
      const remove = vi.fn(script.remove)
      script.remove = remove
      const before = await row()
      const { id } = await again()
      if (status === 'SUPERSEDED') await again()
      if (status === 'REVOKED') await revokeConnectLink(context, viewer, id)
      if (status === 'FAILED') script.check = async () => ({ kind: 'ended', status: 'FAILED', reason: 'WHY' })
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

  // PGlite has one connection, so that two calls never overlap there.
  onPostgres('is the only one that is open, of many that are made at once', async () => {
    const { again, db } = await connected()
    await Promise.all(Array.from({ length: 8 }, again))

    const links = db.selectFrom('connectLinks').select('status').where('purpose', '=', 'RECONNECT')
    const statuses = (await links.execute()).map(({ status }) => status)
    expect(statuses.filter((status) => status === 'CREATED')).toHaveLength(1)
    expect(statuses.filter((status) => status === 'SUPERSEDED')).toHaveLength(7)
  })
})

describe('renewing a connection', () => {
  const endUser = (id: string): Viewer => ({
    ...viewer,
    kind: 'END_USER',
    endUser: { id, name: null, email: null },
  })

  /** A connection that was made past the gateway: nobody knows whose it is. */
  async function ownerless() {
    const here = await openConnect(all)
    const { provider, db, now } = here
    const origin = { provider: provider.key, accountKey: provider.accountKey, now: now() }
    const [saved] = await upsertConnections(db, origin, [connection('outside')])
    return { ...here, connectionId: saved?.id ?? '' }
  }

  test('of nobody’s needs to be told for whom', async () => {
    const { context, connectionId } = await ownerless()
    await expect(
      reconnectConnection(context, viewer, { connectionId, input: { options: {} }, signal }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', issues: [{ path: ['input', 'endUser'] }] })

    const input = { endUser: { id: 'user-7' }, options: {} }
    const { connectLink } = await reconnectConnection(context, viewer, { connectionId, input, signal })
    expect(connectLink).toMatchObject({ endUserId: 'user-7' })
  })

  test('of nobody’s makes it the end user’s once it is renewed', async () => {
    const { context, connectionId, script, settled, owners } = await ownerless()
    const input = { endUser: { id: 'user-7' }, options: {} }
    const { connectLink } = await reconnectConnection(context, viewer, { connectionId, input, signal })
    expect(await owners()).toEqual({ outside: null })
    script.check = async () => ({ kind: 'completed', connection: connection('outside') })
    await settled(connectLink.id)

    expect(await owners()).toEqual({ outside: 'user-7' })
  })

  test('of somebody else’s is refused', async () => {
    const { context, connectionId } = await connected()
    const input = { endUser: { id: 'user-2' }, options: {} }
    await expect(reconnectConnection(context, viewer, { connectionId, input, signal })).rejects.toMatchObject(
      {
        code: 'INVALID_INPUT',
        issues: [{ path: ['input', 'endUser', 'id'] }],
      },
    )
    const mine = { connectionId, input: { options: {} }, signal }
    await expect(reconnectConnection(context, endUser('user-2'), mine)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await reconnectConnection(context, endUser('user-1'), mine)).toMatchObject({ replayed: false })
  })

  test('that has been removed is refused', async () => {
    const { context, connectionId, again } = await connected()
    await disconnectConnection(context, viewer, connectionId)
    await expect(again()).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })

  test('is not what every provider can', async () => {
    const { again } = await connected(await openConnect(['disconnect']))
    await expect(again()).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })

  test('is replayed under its key, and another connection under the same key is a conflict', async () => {
    const { context, connectionId, db, provider, now } = await connected()
    const origin = { provider: provider.key, accountKey: provider.accountKey, now: now() }
    const [other] = await upsertConnections(db, origin, [connection('other', { endUserId: 'user-1' })])
    const input = { idempotencyKey: 'k', options: {} }
    const first = await reconnectConnection(context, viewer, { connectionId, input, signal })
    const second = await reconnectConnection(context, viewer, { connectionId, input, signal })
    expect([first.replayed, second.replayed]).toEqual([false, true])
    expect(second.connectLink.id).toBe(first.connectLink.id)

    const wanted = { connectionId: other?.id ?? '', input, signal }
    await expect(reconnectConnection(context, viewer, wanted)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    })
  })
})
