import { beforeAll, describe, expect, test, vi } from 'vitest'
import { disconnectConnection } from '../../../src/connect/connections/disconnect.ts'
import { reconnectConnection } from '../../../src/connect/create-link/reconnect.ts'
import { linkUrl } from '../../../src/connect/links/link-url.ts'
import { resolveConnectLink } from '../../../src/connect/links/open.ts'
import { revokeConnectLink } from '../../../src/connect/links/revoke.ts'
import { ProviderError } from '../../../src/domain/provider-error.ts'
import { testDatabase } from '../../helpers/database.ts'
import { otherEndUser } from '../observe.ts'
import { call, openConnect, viewer } from '../open.ts'
import { connection, failedProgress } from '../script.ts'

beforeAll(() => testDatabase())

const unavailable = new ProviderError('FIVETRAN', 'PROVIDER_UNAVAILABLE', 'Fake failed.')

describe('revokeConnectLink', () => {
  test('closes the link URL, revokes the link at the provider, and is idempotent', async () => {
    const { context, script, createLink, link, history } = await openConnect(['revoke'])
    const revoke = vi.fn(script.revoke)
    script.revoke = revoke
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

    expect(revoke).toHaveBeenCalledTimes(1)
    expect(await history(id)).toMatchObject([{ toStatus: 'REVOKED', source: 'API_CALL', reason: null }])
  })

  test.each([
    ['cannot revoke links', [], true],
    ['no longer has the link', ['revoke'], false],
  ] as const)(
    'returns `revokedAtProvider: false` each time if the provider %s',
    async (_, abilities, revoked) => {
      const { context, script, createLink } = await openConnect(abilities)
      script.revoke = async () => revoked
      const id = await createLink('user-1')

      for (let count = 0; count < 2; count += 1)
        expect(await revokeConnectLink(context, viewer, id)).toMatchObject({ revokedAtProvider: false })
    },
  )

  test('closes the link URL even if the provider fails, and a repeated call retries there', async () => {
    const { context, script, createLink, link } = await openConnect(['revoke'])
    const revoke = vi.fn(async () => true)
    revoke.mockRejectedValueOnce(unavailable)
    script.revoke = revoke
    const id = await createLink('user-1')

    await expect(revokeConnectLink(context, viewer, id)).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
    })
    expect(await link(id)).toMatchObject({ status: 'REVOKED', revokedAtProvider: null })
    expect(await revokeConnectLink(context, viewer, id)).toMatchObject({ revokedAtProvider: true })
    expect(await revokeConnectLink(context, viewer, id)).toMatchObject({ revokedAtProvider: true })
    expect(revoke).toHaveBeenCalledTimes(2)
  })

  test.each(['COMPLETED', 'FAILED', 'EXPIRED'] as const)(
    'throws INVALID_STATE for a link that is %s, and changes nothing',
    async (status) => {
      const { context, script, createLink, refreshLink, link, clock } = await openConnect(['revoke'])
      const revoke = vi.fn(script.revoke)
      const id = await createLink('user-1')
      if (status === 'COMPLETED')
        script.check = async () => ({ kind: 'completed', connection: connection('c1') })
      if (status === 'FAILED') script.check = async () => failedProgress('WHY')
      if (status === 'EXPIRED') clock.advance(86_400)
      expect(await refreshLink(id)).toMatchObject({ status })
      // A completed or expired link is revoked at its provider in the background.
      if (status !== 'FAILED') await expect.poll(async () => (await link(id)).revokedAtProvider).toBe(true)
      const before = await link(id)
      script.revoke = revoke

      await expect(revokeConnectLink(context, viewer, id)).rejects.toMatchObject({ code: 'INVALID_STATE' })
      expect(await link(id)).toEqual(before)
      expect(revoke).not.toHaveBeenCalled()
    },
  )

  test.each(['not-a-uuid', '00000000-0000-4000-8000-000000000000'])(
    'throws NOT_FOUND for the unknown id %s',
    async (id) => {
      const { context } = await openConnect()
      await expect(revokeConnectLink(context, viewer, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    },
  )

  test('throws NOT_FOUND for a link of another end user', async () => {
    const { context, createLink, link } = await openConnect()
    const id = await createLink('user-1')

    await expect(revokeConnectLink(context, otherEndUser, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await link(id)).toMatchObject({ status: 'CREATED' })
  })

  test.each([
    ['removes a pending connection', 'PENDING', 1],
    ['checks once more if the connection was completed in the last moment', 'ACTIVE', 0],
  ] as const)('%s', async (_, status, removals) => {
    const { context, script, createLink, link, db, poll, clock } = await openConnect(['disconnect'])
    const remove = vi.fn(script.remove)
    script.pendingConnection = connection('pending', { status: 'PENDING' })
    script.get = async () => connection('pending', { status })
    script.remove = remove
    const id = await createLink('user-1')
    clock.advance(1)
    await revokeConnectLink(context, viewer, id)
    expect(remove).toHaveBeenCalledTimes(removals)
    if (status === 'PENDING')
      return expect(await db.selectFrom('connections').selectAll().execute()).toEqual([])

    script.check = async () => ({ kind: 'completed', connection: connection('pending') })
    await poll()
    expect(remove).toHaveBeenCalledTimes(1)
    expect(await link(id)).toMatchObject({ status: 'REVOKED', nextCheckAt: null })
    const rows = await db.selectFrom('connections').select('status').execute()
    expect(rows).toEqual([{ status: 'DISCONNECTED' }])
  })
})

describe('disconnectConnection', () => {
  test('revokes the open reconnect links of the connection, also at the provider', async () => {
    const { context, script, createLink, refreshLink, link, history, idle } = await openConnect([
      'disconnect',
      'revoke',
      'reconnect',
    ])
    const first = await createLink('user-1')
    script.check = async () => ({ kind: 'completed', connection: connection('c1') })
    const connectionId = (await refreshLink(first)).connectionId ?? ''
    script.check = async () => ({ kind: 'open' })
    const request = { connectionId, input: { options: {} }, signal: call.signal }
    const { connectLink } = await reconnectConnection(context, viewer, request)

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

  test('does not change the connection or its links if the provider fails', async () => {
    const { context, script, createLink, refreshLink, db } = await openConnect(['disconnect'])
    const id = await createLink('user-1')
    script.check = async () => ({ kind: 'completed', connection: connection('c1') })
    const connectionId = (await refreshLink(id)).connectionId ?? ''
    script.remove = async () => {
      throw unavailable
    }

    await expect(disconnectConnection(context, viewer, connectionId)).rejects.toBe(unavailable)
    expect(await db.selectFrom('connections').select('status').execute()).toEqual([{ status: 'ACTIVE' }])
    await expect(disconnectConnection(context, otherEndUser, connectionId)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})
