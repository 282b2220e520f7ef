import { describe, expect, test } from 'vitest'
import type { AdapterLink, ProviderEvent } from '../../src/providers/adapter.ts'
import { fivetran } from '../../src/providers/fivetran/fivetran.ts'
import * as answers from '../fixtures/fivetran.ts'
import { cannedProvider, linkRequest, openLink, reference } from './canned.ts'
import { connected } from './connected.ts'
import { call, openProvider } from './open.ts'

const setting = {
  definition: fivetran,
  standard: { connectorKey: 'github', connectorName: 'GitHub', direction: 'SOURCE' },
} as const

const news = (more: Partial<ProviderEvent>): ProviderEvent => ({
  kind: 'CONNECTED',
  remoteId: null,
  at: null,
  reason: null,
  ...more,
})

/** A reconnect link for a connection that is well. */
async function reconnecting() {
  const provider = await openProvider(setting)
  const connection = await connected(provider)
  provider.advance(60)
  const { link, url } = await provider.reconnect(connection)
  const check = (heard: Partial<ProviderEvent>) =>
    provider.adapter.checkLink({ ...link, event: news({ remoteId: connection.remoteId, ...heard }) }, call)
  return { provider, connection, link, url, check }
}

describe('a connection that is well, authorised anew', () => {
  test('is known by the report about it, at the moment of the link or later', async () => {
    const { check, link, connection } = await reconnecting()
    expect(await check({ at: link.createdAt })).toEqual({ kind: 'completed', connection })
  })

  test.each([
    ['of before the link', (link: AdapterLink) => ({ at: new Date(link.createdAt.getTime() - 1) })],
    ['without a time', () => ({ at: null })],
    ['about another connection', (link: AdapterLink) => ({ at: link.createdAt, remoteId: 'other' })],
    ['about no connection', (link: AdapterLink) => ({ at: link.createdAt, remoteId: null })],
    ['about a change', (link: AdapterLink) => ({ at: link.createdAt, kind: 'CHANGED' as const })],
  ])('is not known by a report %s', async (_, heard) => {
    const { check, link } = await reconnecting()
    expect(await check(heard(link))).toEqual({ kind: 'open' })
  })

  test('is not known by having gone through the card alone', async () => {
    const { provider, link, url } = await reconnecting()
    await provider.decide(url, 'approve')
    expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'open' })
  })

  test('that breaks meanwhile is not known by a report of before', async () => {
    const { provider, link, check, connection } = await reconnecting()
    await provider.breakConnection(connection.remoteId)
    expect(await check({ at: link.createdAt })).toEqual({ kind: 'open' })
  })
})

test('a try in vain leaves the link open and is told', async () => {
  const { check } = await reconnecting()
  const setback = { kind: 'open', setback: 'SETUP_TESTS_FAILED' }
  expect(await check({ kind: 'FAILED' })).toEqual(setback)
  const { adapter, ...provider } = await openProvider(setting)
  const { link, url } = await provider.openLink()
  await provider.decide(url, 'deny')
  expect(await adapter.checkLink({ ...link, event: news({ kind: 'FAILED' }) }, call)).toEqual(setback)
  await provider.decide(url, 'approve')
  const late = await adapter.checkLink({ ...link, event: news({ kind: 'FAILED' }) }, call)
  expect(late).toMatchObject({ kind: 'completed' })
})

test('a reconnect link is one card, made with the options that cards have', async () => {
  const provider = await openProvider(setting)
  const connection = await connected(provider)
  await provider.forgetRequests()
  const { remoteGroup, providerState } = await provider.reconnect(connection, {
    options: { hideSetupGuide: true },
  })
  const [read, made, ...others] = await provider.requests()
  expect([read?.method, made?.method, others]).toEqual(['GET', 'POST', []])
  expect(made?.body).toEqual({
    connect_card_config: { redirect_uri: 'https://app.example.com/return?state=1', hide_setup_guide: true },
  })
  expect(remoteGroup).toBe('sandbox_group')
  expect(providerState).toMatchObject({ startSync: false })
})

test('a connection that asks for a new authorisation while it is still connected was in need', async () => {
  const path = 'GET /v1/connections/interchangeable_revenge'
  const asking = { ...answers.connectedConnection.status, tasks: [{ code: 'reconnect' }] }
  const canned: Record<string, unknown> = {
    [path]: { data: { ...answers.connectedConnection, status: asking } },
    'POST /v1/connections/interchangeable_revenge/connect-card': answers.connectCard,
  }
  const adapter = await cannedProvider(fivetran, canned)
  const remote = reference({ remoteId: 'interchangeable_revenge', direction: 'SOURCE' })
  const made = await adapter.createReconnectLink?.(remote, linkRequest({ direction: 'SOURCE' }), call)
  const link = openLink({
    purpose: 'RECONNECT',
    direction: 'SOURCE',
    providerState: made?.providerState ?? null,
  })
  expect(await adapter.checkLink(link, call)).toEqual({ kind: 'open' })
  canned[path] = { data: answers.connectedConnection }
  expect(await adapter.checkLink(link, call)).toMatchObject({ kind: 'completed' })
})

test('a card that leads elsewhere is not handed on', async () => {
  const connect_card = { token: 'token', uri: 'https://fivetran.com.example/setup?auth=token' }
  const adapter = await cannedProvider(fivetran, {
    'GET /v1/connections/interchangeable_revenge': { data: answers.connectedConnection },
    'POST /v1/connections/interchangeable_revenge/connect-card': { data: { connect_card } },
  })
  const remote = reference({ remoteId: 'interchangeable_revenge', direction: 'SOURCE' })
  const failing = adapter.createReconnectLink?.(remote, linkRequest({ direction: 'SOURCE' }), call)
  await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE' })
})

test('a connection for which no card can be had stays', async () => {
  const provider = await openProvider(setting)
  const connection = await connected(provider)
  await provider.fault({ method: 'POST', path: '/connect-card', status: 500 })
  await expect(provider.reconnect(connection)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  expect(await provider.connections()).toEqual([connection])
})
