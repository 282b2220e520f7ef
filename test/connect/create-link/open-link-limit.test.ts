import { beforeAll, describe, expect, test } from 'vitest'
import { planLink } from '../../../src/connect/create-link/create-link.ts'
import { revokeConnectLink } from '../../../src/connect/links/revoke.ts'
import { testDatabase } from '../../helpers/database.ts'
import { viewer } from '../open.ts'
import { connection } from '../script.ts'
import { openLimited, tooMany } from './limited.ts'

beforeAll(() => testDatabase())

describe('an end user with the maximum of open links', () => {
  test('gets no further one, and nothing is sent to the provider; other end users do', async () => {
    const { fill, create, createLink, created, reservations } = await openLimited()
    await fill()

    await expect(create()).rejects.toMatchObject({
      ...tooMany,
      message:
        'The end user has reached the maximum of 3 open connect links: complete or revoke one, or wait until one expires.',
    })
    expect(created).toHaveBeenCalledTimes(3)
    expect(await reservations()).toEqual([])
    await createLink('bob')
    expect(created).toHaveBeenCalledTimes(4)
  })

  test('gets a further one after one was completed, revoked or has expired', async () => {
    const { script, clock, context, fill, create, refreshLink } = await openLimited()
    const [completed = '', revoked = ''] = await fill()
    script.check = async () => ({ kind: 'completed', connection: connection('c1') })
    await refreshLink(completed)
    script.check = async () => ({ kind: 'open' })
    await create()
    await expect(create()).rejects.toMatchObject(tooMany)

    await revokeConnectLink(context, viewer, revoked)
    await create()
    await expect(create()).rejects.toMatchObject(tooMany)

    // Not polled yet: they are open in the store.
    clock.advance(86_400)
    for (let index = 0; index < 3; index += 1) await create()
    await expect(create()).rejects.toMatchObject(tooMany)
  })

  test('gets a replayed link and a link to an existing connection', async () => {
    const { connect, fill, create, created } = await openLimited()
    await connect()
    const idempotencyKey = 'order-7'
    const first = await create({ idempotencyKey })
    await create()
    await create()
    await expect(create()).rejects.toMatchObject(tooMany)
    await expect(fill()).rejects.toMatchObject(tooMany)
    const before = created.mock.calls.length

    expect(await create({ idempotencyKey })).toMatchObject({
      replayed: true,
      connectLink: { id: first.connectLink.id },
    })
    expect((await create({ duplicatePolicy: 'REUSE' })).connectLink).toMatchObject({ status: 'COMPLETED' })
    expect(created).toHaveBeenCalledTimes(before)
  })

  test('can use the same idempotency key when a link has ended', async () => {
    const { context, fill, create } = await openLimited()
    const [revoked = ''] = await fill()
    await expect(create({ idempotencyKey: 'order-7' })).rejects.toMatchObject(tooMany)
    await revokeConnectLink(context, viewer, revoked)
    expect(await create({ idempotencyKey: 'order-7' })).toMatchObject({ replayed: false })
  })

  test('can reconnect a connection only by a link that supersedes an open one', async () => {
    const { connect, create, reconnect, link } = await openLimited()
    const connectionId = await connect()
    const first = await reconnect(connectionId)
    await create()
    await create()
    await expect(create()).rejects.toMatchObject(tooMany)

    const second = await reconnect(connectionId)
    expect((await link(first.id)).status).toBe('SUPERSEDED')
    expect(second.status).toBe('CREATED')
    await expect(create()).rejects.toMatchObject(tooMany)
  })

  test('cannot reconnect a connection without an open reconnect link', async () => {
    const { connect, fill, reconnect } = await openLimited()
    const connectionId = await connect()
    await fill()
    await expect(reconnect(connectionId)).rejects.toMatchObject(tooMany)
  })

  test('gets the same error from a plan, unless the link would be one to an existing connection', async () => {
    const { context, connectorSyncs, connect, fill } = await openLimited()
    await connectorSyncs.ensureFresh(60_000)
    await connect()
    const plan = (provider: 'FIVETRAN' | null, duplicatePolicy?: 'REUSE') =>
      planLink(context, viewer, {
        provider,
        input: { connector: 'hubspot', endUser: { id: 'alice' }, duplicatePolicy, options: {} },
        preferProviders: null,
      })
    expect(await plan('FIVETRAN')).toMatchObject({ chosen: 'FIVETRAN' })
    await fill()
    await expect(plan('FIVETRAN')).rejects.toMatchObject(tooMany)
    await expect(plan(null)).rejects.toMatchObject(tooMany)
    expect(await plan('FIVETRAN', 'REUSE')).toMatchObject({ chosen: 'FIVETRAN' })
  })
})
