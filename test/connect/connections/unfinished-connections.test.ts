import { describe, expect, test } from 'vitest'
import { ReconnectConnectionDocument, RefreshConnectionDocument } from '../../generated/graphql.ts'
import { submitProviderPage } from '../../helpers/gateway.ts'
import { type OpenGateway, openGateway } from '../gateway.ts'

/** A connection of Composio that is being authorized again, with the address of its page. */
async function startReconnect(gateway: OpenGateway) {
  const { id: linkId } = await gateway.makeConnection('COMPOSIO', 'github')
  await gateway.list()
  const id = (await gateway.readLink(linkId)).connection?.id ?? ''
  const { reconnectConnection } = await gateway.send(ReconnectConnectionDocument, { id, input: {} })
  if (reconnectConnection.__typename !== 'CreateConnectLinkPayload')
    throw new Error(JSON.stringify(reconnectConnection))
  const { id: reconnectId, url } = reconnectConnection.connectLink
  return { id, reconnectId, url: url ?? '' }
}

const stateOf = async ({ list }: OpenGateway) =>
  (await list()).nodes.map(({ status, health }) => [status, health?.code])

describe('a connection whose first authorization is not finished', () => {
  test('is not listed, also after its link has expired', async () => {
    const gateway = await openGateway()
    await gateway.createLink('COMPOSIO', 'github')
    expect(await gateway.list()).toMatchObject({ nodes: [], states: expect.anything() })
    gateway.clock.advance(600)
    expect((await gateway.list()).nodes).toEqual([])
  })

  test('is not listed after a denial, which the link has', async () => {
    const gateway = await openGateway()
    const { id, url } = await gateway.createLink('COMPOSIO', 'github')
    await submitProviderPage(url, 'deny')
    expect((await gateway.list()).nodes).toEqual([])
    const { history } = await gateway.readLink(id)
    expect(history.at(-1)).toMatchObject({ source: 'PROVIDER_POLL', reason: 'UNKNOWN' })
  })
})

describe('a connection that is being authorized again', () => {
  test('keeps its state until the new authorization has succeeded', async () => {
    const gateway = await openGateway()
    const { id, reconnectId, url } = await startReconnect(gateway)
    expect(await stateOf(gateway)).toEqual([['ACTIVE', 'OK']])
    expect((await gateway.send(RefreshConnectionDocument, { id })).refreshConnection).toMatchObject({
      connection: { id, status: 'ACTIVE' },
    })
    await submitProviderPage(url, 'approve')
    expect(await stateOf(gateway)).toEqual([['ACTIVE', 'OK']])
    expect(await gateway.readLink(reconnectId)).toMatchObject({ status: 'COMPLETED', connection: { id } })
  })

  test('needs a new authorization after it was denied or not done in time', async () => {
    const denied = await openGateway()
    const { url } = await startReconnect(denied)
    await submitProviderPage(url, 'deny')
    expect(await stateOf(denied)).toEqual([['NEEDS_ATTENTION', 'NEEDS_REAUTH']])

    const late = await openGateway()
    await startReconnect(late)
    late.clock.advance(600)
    expect(await stateOf(late)).toEqual([['NEEDS_ATTENTION', 'NEEDS_REAUTH']])
  })
})
