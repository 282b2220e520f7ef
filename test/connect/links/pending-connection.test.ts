import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { decide } from '../../helpers/gateway.ts'
import { changes, fivetranHeaders, type OpenGateway, openGateway, outside } from '../gateway.ts'

const day = 86_400
const listAnswer = z.object({ data: z.object({ items: z.array(z.object({ id: z.string() })) }) })

/** The ids of the connections that Fivetran has. */
async function connectionIds(gateway: OpenGateway): Promise<readonly string[]> {
  const get = { method: 'GET', headers: fivetranHeaders }
  const answer = await outside(gateway, '/fivetran/v1/connections', get)
  return listAnswer.parse(await answer.json()).data.items.map(({ id }) => id)
}

describe('the connection that Fivetran makes before anybody has authorised it', () => {
  test('is not listed until its link completes, not even after a sync', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    expect(await gateway.list()).toMatchObject({
      nodes: [],
      totalCount: 0,
      syncStatus: { FIVETRAN: 'FRESH' },
    })
    expect(await gateway.list()).toMatchObject({
      nodes: [],
      totalCount: 0,
      syncStatus: { FIVETRAN: 'FRESH' },
    })
    expect(link.connection).toBeNull()

    await decide(link.url, 'approve')

    const { nodes } = await gateway.list()
    expect(nodes).toMatchObject([{ status: 'ACTIVE', connectorKey: 'hubspot', endUser: { id: 'user-1' } }])
    const completed = await gateway.readLink(link.id)
    expect(completed).toMatchObject({ status: 'COMPLETED', connection: { id: nodes[0]?.id } })
  })

  test('leaves its link open when access is denied, and completes it at the second try', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    await decide(link.url, 'deny')
    expect(await gateway.readLink(link.id)).toMatchObject({ status: 'OPENED', connection: null })

    await decide(link.url, 'approve')
    gateway.clock.advance(3)

    expect(await gateway.readLink(link.id)).toMatchObject({ status: 'COMPLETED' })
  })

  test('ends its link as failed when it is deleted at Fivetran', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    const made = (await changes(gateway)).filter((call) => call.startsWith('POST /fivetran'))
    expect(made).toEqual(['POST /fivetran/v1/connections'])
    const path = `/fivetran/v1/connections/${(await connectionIds(gateway))[0]}`
    await outside(gateway, path, { method: 'DELETE', headers: fivetranHeaders })

    expect(await gateway.readLink(link.id)).toMatchObject({
      status: 'FAILED',
      history: [{ to: 'CREATED' }, { to: 'FAILED', reason: 'DELETED_AT_PROVIDER' }],
    })
    expect((await gateway.list()).nodes).toEqual([])
  })

  test('is removed at Fivetran when its link expires, and never shows', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    gateway.clock.advance(day + 1)

    expect(await gateway.readLink(link.id)).toMatchObject({ status: 'EXPIRED', connection: null })

    expect(await connectionIds(gateway)).toEqual([])
    expect((await gateway.list()).nodes).toEqual([])
  })

  test('shows as PENDING when its link expires and it cannot be removed', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    gateway.clock.advance(day + 1)
    const fault = { provider: 'fivetran', method: 'DELETE', times: 1, status: 503 }
    await gateway.control('POST', 'faults', fault)

    expect(await gateway.readLink(link.id)).toMatchObject({ status: 'EXPIRED' })

    const [remoteId] = await connectionIds(gateway)
    // Soon afterwards: a later look removes it after all.
    const { nodes } = await gateway.list({}, { afterSeconds: 6 })
    expect(nodes).toMatchObject([{ remoteId, status: 'PENDING' }])
  })

  test('is removed at a later look, once its provider can be reached', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    gateway.clock.advance(day + 1)
    await gateway.control('POST', 'faults', {
      provider: 'fivetran',
      method: 'DELETE',
      times: 1,
      status: 503,
    })
    await gateway.poll()
    expect(await connectionIds(gateway)).toHaveLength(1)

    gateway.clock.advance(60)
    await gateway.poll()

    expect(await connectionIds(gateway)).toEqual([])
    expect(await gateway.readLink(link.id)).toMatchObject({ status: 'EXPIRED', connection: null })
    expect((await gateway.list()).nodes).toEqual([])
  })

  test('starts its first sync when the link completes', async () => {
    const gateway = await openGateway()
    const link = await gateway.makeConnection('FIVETRAN', 'hubspot')
    await gateway.control('DELETE', 'requests')

    const { connection } = await gateway.readLink(link.id)

    expect(connection).toMatchObject({ status: 'ACTIVE' })
    expect(await changes(gateway)).toEqual([
      expect.stringMatching(/^PATCH \/fivetran\/v1\/connections\/\w+$/),
      expect.stringMatching(/^POST \/fivetran\/v1\/connections\/\w+\/sync$/),
    ])
  })

  test('stays PAUSED and untouched with startSync: false', async () => {
    const gateway = await openGateway()
    const link = await gateway.makeConnection('FIVETRAN', 'hubspot', { fivetran: { startSync: false } })
    await gateway.control('DELETE', 'requests')

    expect(await gateway.readLink(link.id)).toMatchObject({
      status: 'COMPLETED',
      connection: { status: 'PAUSED', health: { code: 'OK' } },
    })
    expect((await gateway.list()).nodes).toMatchObject([{ status: 'PAUSED' }])
    expect(await changes(gateway)).toEqual([])
  })
})

describe('a connection that is finished while nobody reads its link', () => {
  /** A link that was approved in time, and read by nobody until an hour and more after its end. */
  async function finishedUnseen() {
    const gateway = await openGateway()
    const link = await gateway.makeConnection('FIVETRAN', 'hubspot')
    gateway.clock.advance(day + 4_000)
    return { gateway, link }
  }

  test('completes its link at the first read, however late', async () => {
    const { gateway, link } = await finishedUnseen()
    expect(await gateway.readLink(link.id)).toMatchObject({ status: 'COMPLETED' })
    expect((await gateway.list()).nodes).toMatchObject([{ status: 'ACTIVE', endUser: { id: 'user-1' } }])
  })

  test('is not removed because somebody reads another link', async () => {
    const { gateway, link } = await finishedUnseen()
    const other = await gateway.createLink('FIVETRAN', 'github')

    await gateway.readLink(other.id)

    expect(await connectionIds(gateway)).toHaveLength(2)
    expect(await gateway.readLink(link.id)).toMatchObject({ status: 'COMPLETED' })
  })

  test('is not removed because somebody reads links or connections of another provider', async () => {
    const { gateway, link } = await finishedUnseen()

    await gateway.list({ providers: ['CENSUS'] })

    expect(await connectionIds(gateway)).toHaveLength(1)
    expect(await gateway.readLink(link.id)).toMatchObject({ status: 'COMPLETED' })
  })

  test('is not removed because its provider cannot say what became of it', async () => {
    const { gateway, link } = await finishedUnseen()
    const fault = { provider: 'fivetran', method: 'GET', path: '/connections/', times: 1, status: 503 }
    await gateway.control('POST', 'faults', fault)

    await gateway.readLink(link.id)

    const [remoteId] = await connectionIds(gateway)
    expect(remoteId).toBeDefined()
    expect((await gateway.list()).nodes).toMatchObject([{ remoteId }])
  })
})
