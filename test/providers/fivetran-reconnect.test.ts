import { describe, expect, test } from 'vitest'
import type { AdapterLink, ProviderEvent } from '../../src/providers/adapter.ts'
import { fivetran } from '../../src/providers/fivetran/fivetran.ts'
import * as responses from '../fixtures/fivetran.ts'
import { cannedProvider, linkRequest, openLink, reference } from './canned.ts'
import { createConnection } from './connected.ts'
import { call, openProvider } from './open.ts'

const setup = {
  definition: fivetran,
  linkDefaults: { connectorKey: 'github', connectorName: 'GitHub', direction: 'SOURCE' },
} as const

const providerEvent = (more: Partial<ProviderEvent>): ProviderEvent => ({
  kind: 'CONNECTED',
  remoteId: null,
  at: null,
  failure: null,
  ...more,
})

/** Creates a reconnect link for a healthy connection. */
async function openReconnectLink() {
  const provider = await openProvider(setup)
  const connection = await createConnection(provider)
  provider.advance(60)
  const { link, url } = await provider.reconnect(connection)
  const check = (event: Partial<ProviderEvent>) =>
    provider.adapter.checkLink(
      { ...link, event: providerEvent({ remoteId: connection.remoteId, ...event }) },
      call,
    )
  return { provider, connection, link, url, check }
}

describe('a reconnect link for a healthy connection', () => {
  test('completes with the return of the browser, which Fivetran redirects only after a success', async () => {
    const { provider, link, connection } = await openReconnectLink()
    expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'open' })
    const returned = { ...link, returnedAt: link.createdAt }
    expect(await provider.adapter.checkLink(returned, call)).toEqual({ kind: 'completed', connection })
    await provider.breakConnection(connection.remoteId)
    expect(await provider.adapter.checkLink(returned, call)).toEqual({ kind: 'open' })
  })

  test('completes with an event from the time of the link or later', async () => {
    const { check, link, connection } = await openReconnectLink()
    expect(await check({ at: link.createdAt })).toEqual({ kind: 'completed', connection })
  })

  test.each([
    ['from before the link', (link: AdapterLink) => ({ at: new Date(link.createdAt.getTime() - 1) })],
    ['without a time', () => ({ at: null })],
    ['about another connection', (link: AdapterLink) => ({ at: link.createdAt, remoteId: 'other' })],
    ['about no connection', (link: AdapterLink) => ({ at: link.createdAt, remoteId: null })],
    ['of kind CHANGED', (link: AdapterLink) => ({ at: link.createdAt, kind: 'CHANGED' as const })],
  ])('stays open after an event %s', async (_, eventFor) => {
    const { check, link } = await openReconnectLink()
    expect(await check(eventFor(link))).toEqual({ kind: 'open' })
  })

  test('stays open after approval without an event', async () => {
    const { provider, link, url } = await openReconnectLink()
    await provider.decide(url, 'approve')
    expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'open' })
  })

  test('stays open after an event if the connection has broken since', async () => {
    const { provider, link, check, connection } = await openReconnectLink()
    await provider.breakConnection(connection.remoteId)
    expect(await check({ at: link.createdAt })).toEqual({ kind: 'open' })
  })
})

test('a failed attempt leaves the link open and is reported as such', async () => {
  const { check } = await openReconnectLink()
  const failedAttempt = { kind: 'open', failedAttempt: { code: 'SETUP_TEST_FAILED', message: null } }
  expect(await check({ kind: 'FAILED' })).toEqual(failedAttempt)
  const { adapter, ...provider } = await openProvider(setup)
  const { link, url } = await provider.openLink()
  await provider.decide(url, 'deny')
  const message = 'Set-up tests failed: "Validate Login".'
  for (const event of [null, providerEvent({ kind: 'FAILED' })])
    expect(await adapter.checkLink({ ...link, event }, call)).toEqual({
      kind: 'open',
      failedAttempt: { code: 'SETUP_TEST_FAILED', message },
    })
  await provider.decide(url, 'approve')
  const late = await adapter.checkLink({ ...link, event: providerEvent({ kind: 'FAILED' }) }, call)
  expect(late).toMatchObject({ kind: 'completed' })
})

test('createReconnectLink creates one card with the card options', async () => {
  const provider = await openProvider(setup)
  const connection = await createConnection(provider)
  await provider.clearRequests()
  const { remoteGroup, providerState } = await provider.reconnect(connection, {
    options: { hideSetupGuide: true },
  })
  const [read, create, ...others] = await provider.requests()
  expect([read?.method, create?.method, others]).toEqual(['GET', 'POST', []])
  expect(create?.body).toEqual({
    connect_card_config: { redirect_uri: 'https://app.example.com/return?state=1', hide_setup_guide: true },
  })
  expect(remoteGroup).toBe('sandbox_group')
  expect(providerState).toMatchObject({ startSync: false })
})

test('a link for a connected connection with a reconnect task completes when the task is gone', async () => {
  const path = 'GET /v1/connections/interchangeable_revenge'
  const statusWithTask = { ...responses.connectedConnection.status, tasks: [{ code: 'reconnect' }] }
  const canned: Record<string, unknown> = {
    [path]: { data: { ...responses.connectedConnection, status: statusWithTask } },
    'POST /v1/connections/interchangeable_revenge/connect-card': responses.connectCard,
  }
  const adapter = await cannedProvider(fivetran, canned)
  const remote = reference({ remoteId: 'interchangeable_revenge', direction: 'SOURCE' })
  const remoteLink = await adapter.createReconnectLink?.(remote, linkRequest({ direction: 'SOURCE' }), call)
  const link = openLink({
    purpose: 'RECONNECT',
    direction: 'SOURCE',
    providerState: remoteLink?.providerState ?? null,
  })
  expect(await adapter.checkLink(link, call)).toEqual({ kind: 'open' })
  canned[path] = { data: responses.connectedConnection }
  expect(await adapter.checkLink(link, call)).toMatchObject({ kind: 'completed' })
})

test('a card with an untrusted URL is rejected', async () => {
  const connect_card = { token: 'token', uri: 'https://fivetran.com.example/setup?auth=token' }
  const adapter = await cannedProvider(fivetran, {
    'GET /v1/connections/interchangeable_revenge': { data: responses.connectedConnection },
    'POST /v1/connections/interchangeable_revenge/connect-card': { data: { connect_card } },
  })
  const remote = reference({ remoteId: 'interchangeable_revenge', direction: 'SOURCE' })
  const failing = adapter.createReconnectLink?.(remote, linkRequest({ direction: 'SOURCE' }), call)
  await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE' })
})

test('the connection is not deleted if no card can be created', async () => {
  const provider = await openProvider(setup)
  const connection = await createConnection(provider)
  await provider.fault({ method: 'POST', path: '/connect-card', status: 500 })
  await expect(provider.reconnect(connection)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  expect(await provider.connections()).toEqual([connection])
})
