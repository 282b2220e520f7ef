import { describe, expect, test } from 'vitest'
import { connectionStatuses } from '../../src/domain/statuses.ts'
import { ConnectionsDocument, DisconnectConnectionDocument, ProvidersDocument } from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { providersWith, providersWithout } from '../helpers/providers.ts'
import { openSandbox } from '../sandbox/open.ts'
import { awaitSyncsAndClearRequests, createConnection, providerRequests, providers } from './open.ts'

const removable = providersWith('disconnect')

const disconnect = async ({ send }: TestGateway, connectionId: string) =>
  (await send(DisconnectConnectionDocument, { id: connectionId })).disconnectConnection

/** Those of a list without a filter, and then of disconnected ones too. */
const statuses = async ({ send }: TestGateway) => {
  const present = await send(ConnectionsDocument, {})
  expect(present.connections.nodes.filter(({ status }) => status === 'DISCONNECTED')).toEqual([])
  expect(present.connections.totalCount).toBe(present.connections.nodes.length)
  const { connections } = await send(ConnectionsDocument, { filter: { statuses: [...connectionStatuses] } })
  return Object.fromEntries(connections.nodes.map(({ id, status }) => [id, status]))
}

describe.each(removable)('disconnectConnection at %s', (provider) => {
  test('deletes exactly that connection and keeps its row', async () => {
    const gateway = await startTestGateway()
    const kept = await createConnection(gateway, provider, { endUser: { id: 'user-2' } })
    const removed = await createConnection(gateway, provider)
    const { connections } = await gateway.send(ConnectionsDocument, {})
    const remoteId = connections.nodes.find(({ id }) => id === removed)?.remoteId ?? 'none'
    await awaitSyncsAndClearRequests(gateway)

    expect(await disconnect(gateway, removed)).toMatchObject({
      __typename: 'DisconnectConnectionPayload',
      removedAtProvider: true,
      connection: { id: removed, status: 'DISCONNECTED' },
    })
    const [deletion, ...others] = (await providerRequests(gateway)).filter(({ method }) => method !== 'GET')
    expect(deletion).toMatchObject({
      method: 'DELETE',
      path: expect.stringMatching(new RegExp(`/${remoteId}(\\?|$)`)),
    })
    expect(others).toEqual([])

    gateway.clock.advance(600)
    expect(await statuses(gateway)).toEqual({ [removed]: 'DISCONNECTED', [kept]: 'ACTIVE' })
  })

  test('returns removedAtProvider: false when the connection was already removed', async () => {
    const gateway = await startTestGateway()
    const removed = await createConnection(gateway, provider)
    await disconnect(gateway, removed)
    const expected = {
      __typename: 'DisconnectConnectionPayload',
      removedAtProvider: false,
      connection: { status: 'DISCONNECTED' },
    }
    expect(await disconnect(gateway, removed)).toMatchObject(expected)
  })

  test('keeps the connection when the provider rejects the request', async () => {
    const gateway = await startTestGateway()
    const kept = await createConnection(gateway, provider)
    await gateway.control('POST', 'faults', { provider, method: 'DELETE', times: 1, status: 409, body: {} })
    expect(await disconnect(gateway, kept)).toMatchObject({
      __typename: 'ProviderError',
      code: 'PROVIDER_REJECTED',
    })
    expect(await statuses(gateway)).toEqual({ [kept]: 'ACTIVE' })
  })
})

test('Provider.capabilities.disconnect is true for Fivetran, Census and Pipedream, and false for xpander', async () => {
  const gateway = await startTestGateway()
  const all = (await gateway.send(ProvidersDocument, {})).providers
  const supporting = all.filter(({ capabilities }) => capabilities.disconnect).map(({ key }) => key)
  expect(supporting).toEqual(removable)
  expect(supporting).toEqual(expect.arrayContaining(['FIVETRAN', 'CENSUS', 'PIPEDREAM']))
  expect(supporting).not.toContain('XPANDER')
})

test.each(providersWithout('disconnect'))(
  'disconnectConnection at %s is unsupported and sends no provider request',
  async (provider) => {
    const gateway = await startTestGateway()
    const kept = await createConnection(gateway, provider)
    await awaitSyncsAndClearRequests(gateway)
    expect(await disconnect(gateway, kept)).toMatchObject({
      __typename: 'UnsupportedError',
      code: 'UNSUPPORTED',
    })
    expect(await providerRequests(gateway)).toEqual([])
    expect(await statuses(gateway)).toEqual({ [kept]: 'ACTIVE' })
  },
)

test('a connection of an account that is no longer configured is UNKNOWN and cannot be disconnected', async () => {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock })
  const before = await startTestGateway({ clock, sandbox })
  const kept = await createConnection(before, 'FIVETRAN')
  await before.close()

  const after = await startTestGateway({ clock, sandbox, keepData: true, env: { SANDBOX: 'off' } })
  expect(await statuses(after)).toEqual({ [kept]: 'UNKNOWN' })
  expect(await disconnect(after, kept)).toMatchObject({
    __typename: 'UnsupportedError',
    code: 'PROVIDER_NOT_CONFIGURED',
  })
  await after.close()

  const otherAccount = {
    FIVETRAN_API_KEY: 'sandbox-key',
    FIVETRAN_API_SECRET: 'sandbox-secret',
    FIVETRAN_GROUP_ID: 'another_group',
    FIVETRAN_BASE_URL: `${sandbox.url.origin}/fivetran`,
  }
  const reconfigured = await startTestGateway({ clock, sandbox, keepData: true, env: otherAccount })
  expect(await statuses(reconfigured)).toEqual({ [kept]: 'UNKNOWN' })
  expect(await disconnect(reconfigured, kept)).toMatchObject({ code: 'PROVIDER_NOT_CONFIGURED' })
})

test.each(providers)('a connection deleted at %s is DISCONNECTED after the next sync', async (provider) => {
  const gateway = await startTestGateway()
  const removed = await createConnection(gateway, provider)
  await gateway.control('POST', 'reset')
  gateway.clock.advance(600)
  expect(await statuses(gateway)).toEqual({ [removed]: 'DISCONNECTED' })
})
