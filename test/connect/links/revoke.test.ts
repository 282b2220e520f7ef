import { beforeAll, describe, expect, test, vi } from 'vitest'
import { disconnectConnection } from '../../../src/connect/connections/disconnect.ts'
import { reconnectConnection } from '../../../src/connect/create-link/reconnect.ts'
import { linkUrl } from '../../../src/connect/links/link-url.ts'
import { resolveConnectLink } from '../../../src/connect/links/open.ts'
import { revokeConnectLink } from '../../../src/connect/links/revoke.ts'
import { ProviderError } from '../../../src/domain/errors.ts'
import { testDatabase } from '../../helpers/database.ts'
import { somebodyElse } from '../observe.ts'
import { call, openConnect, viewer } from '../open.ts'
import { connection } from '../script.ts'

beforeAll(() => testDatabase())

const unavailable = new ProviderError('FIVETRAN', 'PROVIDER_UNAVAILABLE', 'Fake failed.')

describe('revoking a link', () => {
  test('closes its door, takes it back at the provider, and answers the same when repeated', async () => {
    const { context, script, createLink, link, history } = await openConnect(['revoke'])
    const takeBack = vi.fn(script.takeBack)
    script.takeBack = takeBack
    const id = await createLink('user-1')
    const token =
      linkUrl(await link(id), context)
        ?.split('/')
        .at(-1) ?? ''

    const first = await revokeConnectLink(context, viewer, id)
    expect(first).toMatchObject({ revokedAtProvider: true, connectLink: { id, status: 'REVOKED' } })
    expect(await resolveConnectLink(context, token)).toMatchObject({
      kind: 'ended',
      link: { status: 'REVOKED' },
    })
    expect(await revokeConnectLink(context, viewer, id)).toEqual(first)

    expect(takeBack).toHaveBeenCalledTimes(1)
    expect(await history(id)).toMatchObject([{ toStatus: 'REVOKED', source: 'API_CALL', reason: null }])
  })

  test.each([
    ['cannot take links back', [], true],
    ['no longer has it', ['revoke'], false],
  ] as const)('at a provider that %s says so, each time', async (_, abilities, taken) => {
    const { context, script, createLink } = await openConnect(abilities)
    script.takeBack = async () => taken
    const id = await createLink('user-1')

    for (let times = 0; times < 2; times += 1)
      expect(await revokeConnectLink(context, viewer, id)).toMatchObject({ revokedAtProvider: false })
  })

  test('closes the door even when the provider fails, and a repetition tries again there', async () => {
    const { context, script, createLink, link } = await openConnect(['revoke'])
    const takeBack = vi.fn(async () => true)
    takeBack.mockRejectedValueOnce(unavailable)
    script.takeBack = takeBack
    const id = await createLink('user-1')

    await expect(revokeConnectLink(context, viewer, id)).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
    })
    expect(await link(id)).toMatchObject({ status: 'REVOKED', revokedAtProvider: null })
    expect(await revokeConnectLink(context, viewer, id)).toMatchObject({ revokedAtProvider: true })
    expect(await revokeConnectLink(context, viewer, id)).toMatchObject({ revokedAtProvider: true })
    expect(takeBack).toHaveBeenCalledTimes(2)
  })

  test.each(['COMPLETED', 'FAILED', 'EXPIRED'] as const)(
    'that is %s already is INVALID_STATE, and changes nothing',
    async (status) => {
      const { context, script, createLink, settled, link, clock } = await openConnect(['revoke'])
      const takeBack = vi.fn(script.takeBack)
      const id = await createLink('user-1')
      if (status === 'COMPLETED')
        script.check = async () => ({ kind: 'completed', connection: connection('c1') })
      if (status === 'FAILED') script.check = async () => ({ kind: 'ended', status, reason: 'WHY' })
      if (status === 'EXPIRED') clock.advance(86_400)
      const before = await settled(id)
      expect(before).toMatchObject({ status })
      script.takeBack = takeBack

      await expect(revokeConnectLink(context, viewer, id)).rejects.toMatchObject({ code: 'INVALID_STATE' })
      expect(await link(id)).toEqual(before)
      expect(takeBack).not.toHaveBeenCalled()
    },
  )

  test.each(['no id at all', '00000000-0000-4000-8000-000000000000'])(
    'that does not exist (%s) is NOT_FOUND',
    async (id) => {
      const { context } = await openConnect()
      await expect(revokeConnectLink(context, viewer, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    },
  )

  test('of somebody else’s is as if it did not exist', async () => {
    const { context, createLink, link } = await openConnect()
    const id = await createLink('user-1')

    await expect(revokeConnectLink(context, somebodyElse, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await link(id)).toMatchObject({ status: 'CREATED' })
  })

  test.each([
    ['never finished is removed with it', 'PENDING', 1],
    ['finished in the last moment is looked at once more', 'ACTIVE', 0],
  ] as const)('whose half-made connection was %s', async (_, status, removals) => {
    const { context, script, createLink, link, db, poll, clock } = await openConnect(['disconnect'])
    const remove = vi.fn(script.remove)
    script.pendingConnection = connection('half', { status: 'PENDING' })
    script.get = async () => connection('half', { status })
    script.remove = remove
    const id = await createLink('user-1')
    clock.advance(1)
    await revokeConnectLink(context, viewer, id)
    expect(remove).toHaveBeenCalledTimes(removals)
    if (status === 'PENDING')
      return expect(await db.selectFrom('connections').selectAll().execute()).toEqual([])

    script.check = async () => ({ kind: 'completed', connection: connection('half') })
    await poll()
    expect(remove).toHaveBeenCalledTimes(1)
    expect(await link(id)).toMatchObject({ status: 'REVOKED', nextCheckAt: null })
    const rows = await db.selectFrom('connections').select('status').execute()
    expect(rows).toEqual([{ status: 'DISCONNECTED' }])
  })
})

describe('disconnecting', () => {
  test('ends the links that were to renew the connection, and takes them back', async () => {
    const { context, script, createLink, settled, link, history, idle } = await openConnect([
      'disconnect',
      'revoke',
      'reconnect',
    ])
    const first = await createLink('user-1')
    script.check = async () => ({ kind: 'completed', connection: connection('c1') })
    const connectionId = (await settled(first)).connectionId ?? ''
    script.check = async () => ({ kind: 'open' })
    const wanted = { connectionId, input: { options: {} }, signal: call.signal }
    const { connectLink } = await reconnectConnection(context, viewer, wanted)

    expect(await disconnectConnection(context, viewer, connectionId)).toMatchObject({
      removedAtProvider: true,
      connection: { id: connectionId, status: 'DISCONNECTED', healthCode: 'REVOKED' },
    })
    await idle()

    expect(await link(connectLink.id)).toMatchObject({ status: 'REVOKED', revokedAtProvider: true })
    expect(await history(connectLink.id)).toMatchObject([{ toStatus: 'REVOKED', reason: 'DISCONNECTED' }])
    expect(await link(first)).toMatchObject({ status: 'COMPLETED', connectionId: connectionId })
    script.remove = async () => false
    expect(await disconnectConnection(context, viewer, connectionId)).toMatchObject({
      removedAtProvider: false,
      connection: { status: 'DISCONNECTED' },
    })
  })

  test('that fails at the provider leaves the connection and its links as they were', async () => {
    const { context, script, createLink, settled, db } = await openConnect(['disconnect'])
    const id = await createLink('user-1')
    script.check = async () => ({ kind: 'completed', connection: connection('c1') })
    const connectionId = (await settled(id)).connectionId ?? ''
    script.remove = async () => {
      throw unavailable
    }

    await expect(disconnectConnection(context, viewer, connectionId)).rejects.toBe(unavailable)
    expect(await db.selectFrom('connections').select('status').execute()).toEqual([{ status: 'ACTIVE' }])
    await expect(disconnectConnection(context, somebodyElse, connectionId)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})
