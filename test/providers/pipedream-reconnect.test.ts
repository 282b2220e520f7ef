import { describe, expect, test } from 'vitest'
import type { AdapterLink, ProviderEvent } from '../../src/providers/adapter.ts'
import { pipedream } from '../../src/providers/pipedream/pipedream.ts'
import { createConnection } from './connected.ts'
import { call, openProvider, type TestProvider } from './open.ts'

const setup = {
  definition: pipedream,
  linkDefaults: { connectorKey: 'github', connectorName: 'GitHub', direction: 'TOOL' },
} as const

const providerEvent = (more: Partial<ProviderEvent>): ProviderEvent => ({
  kind: 'CONNECTED',
  remoteId: null,
  at: null,
  failure: null,
  ...more,
})

const check = ({ adapter }: TestProvider, link: AdapterLink, event: Partial<ProviderEvent>) =>
  adapter.checkLink({ ...link, event: providerEvent(event) }, call)

describe('a reconnect link', () => {
  /** Creates a reconnect link for a healthy account that is one minute old. */
  async function openReconnectLink() {
    const provider = await openProvider(setup)
    const connection = await createConnection(provider)
    provider.advance(60)
    return { provider, connection, ...(await provider.reconnect(connection)) }
  }

  test('contains the account, for its own end user and app', async () => {
    const provider = await openProvider(setup)
    const connection = await createConnection(provider)
    const endUser = { id: 'user-2', name: null, email: null }
    const { url } = await provider.reconnect(connection, { endUser, connectorKey: 'notion' })
    const { searchParams } = new URL(url)
    expect([searchParams.get('accountId'), searchParams.get('app')]).toEqual([connection.remoteId, 'github'])
    expect((await provider.requests()).at(-1)?.body).toMatchObject({ external_user_id: 'user-1' })
    expect((await fetch(url)).status).toBe(200)
  })

  test('completes with an event about its account', async () => {
    const { provider, connection, link } = await openReconnectLink()
    const { remoteId } = connection
    expect(await check(provider, link, { remoteId })).toEqual({ kind: 'completed', connection })
    expect(await check(provider, link, { remoteId: 'apn_other' })).toEqual({ kind: 'open' })
    expect(await check(provider, link, { remoteId: null })).toEqual({ kind: 'open' })
    expect(await check(provider, link, { remoteId, kind: 'CHANGED' })).toEqual({ kind: 'open' })
  })

  test('completes when the account has been updated', async () => {
    const { provider, connection, link, url } = await openReconnectLink()
    await provider.decide(url, 'approve')
    expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'completed', connection })
  })

  test.each([{ dead: true }, {}])('stays open while the account is broken: %j', async (options) => {
    const { provider, connection, link } = await openReconnectLink()
    const { remoteId } = connection
    await provider.breakConnection(remoteId, options)
    expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'open' })
    expect(await check(provider, link, { remoteId })).toEqual({ kind: 'open' })
  })

  test('stays open with a failed attempt, unless the account has been updated and is healthy', async () => {
    const { provider, connection, link, url } = await openReconnectLink()
    const failed = { kind: 'FAILED', failure: { code: 'UNKNOWN', message: 'no luck' } } as const
    expect(await check(provider, link, failed)).toEqual({
      kind: 'open',
      failedAttempt: { code: 'UNKNOWN', message: 'no luck' },
    })
    await provider.decide(url, 'approve')
    expect(await check(provider, link, failed)).toEqual({ kind: 'completed', connection })
  })

  test('completes only with an event if the time of the last update was unknown', async () => {
    const { provider, connection, link, url } = await openReconnectLink()
    const { remoteId } = connection
    await provider.decide(url, 'approve')
    const linkWithoutTime = { ...link, providerState: { remoteId, updatedAt: null } }
    expect(await provider.adapter.checkLink(linkWithoutTime, call)).toEqual({ kind: 'open' })
    expect(await check(provider, linkWithoutTime, { remoteId })).toEqual({ kind: 'completed', connection })
  })
})
