import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { submitProviderPage } from '../../helpers/gateway.ts'
import { callDirectly, changes, fivetranHeaders, type OpenGateway, openGateway } from '../gateway.ts'

const day = 86_400
const listAnswer = z.object({ data: z.object({ items: z.array(z.object({ id: z.string() })) }) })

/** Ids of the connections at Fivetran. */
async function connectionIds(gateway: OpenGateway): Promise<readonly string[]> {
  const get = { method: 'GET', headers: fivetranHeaders }
  const answer = await callDirectly(gateway, '/fivetran/v1/connections', get)
  return listAnswer.parse(await answer.json()).data.items.map(({ id }) => id)
}

describe('the pending connection of a Fivetran link', () => {
  test('is not listed before its link completes, even after a sync', async () => {
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

    await submitProviderPage(link.url, 'approve')

    const { nodes } = await gateway.list()
    expect(nodes).toMatchObject([{ status: 'ACTIVE', connectorKey: 'hubspot', endUser: { id: 'user-1' } }])
    const completed = await gateway.readLink(link.id)
    expect(completed).toMatchObject({ status: 'COMPLETED', connection: { id: nodes[0]?.id } })
  })

  test('leaves its link open if access is denied, and completes it at the second attempt', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    await submitProviderPage(link.url, 'deny')
    expect(await gateway.readLink(link.id)).toMatchObject({ status: 'AUTHORIZING', connection: null })

    await submitProviderPage(link.url, 'approve')
    gateway.clock.advance(3)

    expect(await gateway.readLink(link.id)).toMatchObject({ status: 'COMPLETED' })
  })

  test('fails its link if it is deleted at Fivetran', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    const posts = (await changes(gateway)).filter((call) => call.startsWith('POST /fivetran'))
    expect(posts).toEqual(['POST /fivetran/v1/connections'])
    const path = `/fivetran/v1/connections/${(await connectionIds(gateway))[0]}`
    await callDirectly(gateway, path, { method: 'DELETE', headers: fivetranHeaders })

    expect(await gateway.readLink(link.id)).toMatchObject({
      status: 'FAILED',
      history: [{ to: 'CREATED' }, { to: 'FAILED', reason: 'DELETED_AT_PROVIDER' }],
    })
    expect((await gateway.list()).nodes).toEqual([])
  })

  test('is removed at Fivetran when its link expires, and never listed', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    gateway.clock.advance(day + 1)

    expect(await gateway.readLink(link.id)).toMatchObject({ status: 'EXPIRED', connection: null })

    expect(await connectionIds(gateway)).toEqual([])
    expect((await gateway.list()).nodes).toEqual([])
  })

  test('is listed as PENDING if its link expires and its removal fails', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    gateway.clock.advance(day + 1)
    const fault = { provider: 'fivetran', method: 'DELETE', times: 1, status: 503 }
    await gateway.control('POST', 'faults', fault)

    expect(await gateway.readLink(link.id)).toMatchObject({ status: 'EXPIRED' })

    const [remoteId] = await connectionIds(gateway)
    // Read soon afterwards, because a later check removes it.
    const { nodes } = await gateway.list({}, { afterSeconds: 6 })
    expect(nodes).toMatchObject([{ remoteId, status: 'PENDING' }])
  })

  test('is removed at a later check, once the provider is available', async () => {
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

  test('stays PAUSED and unchanged with startSync: false', async () => {
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

describe('a connection that is completed while its link is not checked', () => {
  /** A link that was approved in time and not checked until more than an hour after its expiry. */
  async function completedUnchecked() {
    const gateway = await openGateway()
    const link = await gateway.makeConnection('FIVETRAN', 'hubspot')
    gateway.clock.advance(day + 4_000)
    return { gateway, link }
  }

  test('completes its link at the first read, even if late', async () => {
    const { gateway, link } = await completedUnchecked()
    expect(await gateway.readLink(link.id)).toMatchObject({ status: 'COMPLETED' })
    expect((await gateway.list()).nodes).toMatchObject([{ status: 'ACTIVE', endUser: { id: 'user-1' } }])
  })

  test('is not removed by a read of another link', async () => {
    const { gateway, link } = await completedUnchecked()
    const other = await gateway.createLink('FIVETRAN', 'github')

    await gateway.readLink(other.id)

    expect(await connectionIds(gateway)).toHaveLength(2)
    expect(await gateway.readLink(link.id)).toMatchObject({ status: 'COMPLETED' })
  })

  test('is not removed by a read of another provider', async () => {
    const { gateway, link } = await completedUnchecked()

    await gateway.list({ providers: ['CENSUS'] })

    expect(await connectionIds(gateway)).toHaveLength(1)
    expect(await gateway.readLink(link.id)).toMatchObject({ status: 'COMPLETED' })
  })

  test('is not removed while its provider is unavailable', async () => {
    const { gateway, link } = await completedUnchecked()
    const fault = { provider: 'fivetran', method: 'GET', path: '/connections/', times: 1, status: 503 }
    await gateway.control('POST', 'faults', fault)

    await gateway.readLink(link.id)

    const [remoteId] = await connectionIds(gateway)
    expect(remoteId).toBeDefined()
    expect((await gateway.list()).nodes).toMatchObject([{ remoteId }])
  })
})
