import { describe, expect, test } from 'vitest'
import { ConnectionsDocument, DisconnectConnectionDocument, ProvidersDocument } from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { openSandbox } from '../sandbox/open.ts'
import { connected, forgetRequests, providers, requestsTo } from './open.ts'

const removable = ['FIVETRAN', 'CENSUS', 'PIPEDREAM'] as const

const disconnect = async ({ send }: TestGateway, connectionId: string) =>
  (await send(DisconnectConnectionDocument, { id: connectionId })).disconnectConnection

const statuses = async ({ send }: TestGateway) => {
  const { connections } = await send(ConnectionsDocument, {})
  return Object.fromEntries(connections.nodes.map(({ id, status }) => [id, status]))
}

describe.each(removable)('disconnecting at %s', (provider) => {
  test('removes exactly that connection and keeps its record', async () => {
    const gateway = await startTestGateway()
    const kept = await connected(gateway, provider, { endUser: { id: 'user-2' } })
    const gone = await connected(gateway, provider)
    const { connections } = await gateway.send(ConnectionsDocument, {})
    const remoteId = connections.nodes.find(({ id }) => id === gone)?.remoteId ?? 'nothing'
    await forgetRequests(gateway)

    expect(await disconnect(gateway, gone)).toMatchObject({
      __typename: 'DisconnectConnectionPayload',
      removedAtProvider: true,
      connection: { id: gone, status: 'DISCONNECTED' },
    })
    const [removal, ...others] = (await requestsTo(gateway)).filter(({ method }) => method !== 'GET')
    expect(removal).toMatchObject({
      method: 'DELETE',
      path: expect.stringMatching(new RegExp(`/${remoteId}$`)),
    })
    expect(others).toEqual([])

    gateway.clock.advance(600)
    expect(await statuses(gateway)).toEqual({ [gone]: 'DISCONNECTED', [kept]: 'ACTIVE' })
  })

  test('says when there was nothing left to remove', async () => {
    const gateway = await startTestGateway()
    const gone = await connected(gateway, provider)
    await disconnect(gateway, gone)
    const again = {
      __typename: 'DisconnectConnectionPayload',
      removedAtProvider: false,
      connection: { status: 'DISCONNECTED' },
    }
    expect(await disconnect(gateway, gone)).toMatchObject(again)
  })

  test('changes nothing when the provider refuses', async () => {
    const gateway = await startTestGateway()
    const kept = await connected(gateway, provider)
    await gateway.control('POST', 'faults', { provider, method: 'DELETE', times: 1, status: 409, body: {} })
    expect(await disconnect(gateway, kept)).toMatchObject({
      __typename: 'ProviderError',
      code: 'PROVIDER_REJECTED',
    })
    expect(await statuses(gateway)).toEqual({ [kept]: 'ACTIVE' })
  })
})

test('xpander cannot, says so beforehand, and is not asked', async () => {
  const gateway = await startTestGateway()
  const all = (await gateway.send(ProvidersDocument, {})).providers
  const able = all.filter(({ capabilities }) => capabilities.disconnect).map(({ key }) => key)
  expect(able).toEqual(removable)
  const kept = await connected(gateway, 'XPANDER')
  await forgetRequests(gateway)
  expect(await disconnect(gateway, kept)).toMatchObject({
    __typename: 'UnsupportedError',
    code: 'UNSUPPORTED',
  })
  expect(await requestsTo(gateway)).toEqual([])
  expect(await statuses(gateway)).toEqual({ [kept]: 'ACTIVE' })
})

test('a connection of an account that is no longer configured is shown as UNKNOWN and cannot be removed', async () => {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock })
  const before = await startTestGateway({ clock, sandbox })
  const kept = await connected(before, 'FIVETRAN')
  await before.close()

  const after = await startTestGateway({ clock, sandbox, keepData: true, env: { SANDBOX: 'off' } })
  expect(await statuses(after)).toEqual({ [kept]: 'UNKNOWN' })
  expect(await disconnect(after, kept)).toMatchObject({
    __typename: 'UnsupportedError',
    code: 'PROVIDER_NOT_CONFIGURED',
  })
  await after.close()

  const other = {
    FIVETRAN_API_KEY: 'sandbox-key',
    FIVETRAN_API_SECRET: 'sandbox-secret',
    FIVETRAN_GROUP_ID: 'another_group',
    FIVETRAN_BASE_URL: `${sandbox.url.origin}/fivetran`,
  }
  const elsewhere = await startTestGateway({ clock, sandbox, keepData: true, env: other })
  expect(await statuses(elsewhere)).toEqual({ [kept]: 'UNKNOWN' })
  expect(await disconnect(elsewhere, kept)).toMatchObject({ code: 'PROVIDER_NOT_CONFIGURED' })
})

test.each(providers)(
  'a connection that vanished at %s is DISCONNECTED once the list has been read again',
  async (provider) => {
    const gateway = await startTestGateway()
    const gone = await connected(gateway, provider)
    await gateway.control('POST', 'reset')
    gateway.clock.advance(600)
    expect(await statuses(gateway)).toEqual({ [gone]: 'DISCONNECTED' })
  },
)
