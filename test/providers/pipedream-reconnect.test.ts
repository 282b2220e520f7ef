import { describe, expect, test } from 'vitest'
import type { AdapterLink, ProviderEvent } from '../../src/providers/adapter.ts'
import { pipedream } from '../../src/providers/pipedream/pipedream.ts'
import { connected } from './connected.ts'
import { call, type Opened, openProvider } from './open.ts'

const setting = {
  definition: pipedream,
  standard: { connectorKey: 'github', connectorName: 'GitHub', direction: 'TOOL' },
} as const

const news = (more: Partial<ProviderEvent>): ProviderEvent => ({
  kind: 'CONNECTED',
  remoteId: null,
  at: null,
  reason: null,
  ...more,
})

const check = ({ adapter }: Opened, link: AdapterLink, heard: Partial<ProviderEvent>) =>
  adapter.checkLink({ ...link, event: news(heard) }, call)

describe('an account that is authorised anew', () => {
  /** A reconnect link for an account that is well, made a minute after it. */
  async function reconnecting() {
    const provider = await openProvider(setting)
    const connection = await connected(provider)
    provider.advance(60)
    return { provider, connection, ...(await provider.reconnect(connection)) }
  }

  test('is named by the link, for its own user and under its own app', async () => {
    const provider = await openProvider(setting)
    const connection = await connected(provider)
    const endUser = { id: 'somebody-else', name: null, email: null }
    const { url } = await provider.reconnect(connection, { endUser, connectorKey: 'notion' })
    const { searchParams } = new URL(url)
    expect([searchParams.get('accountId'), searchParams.get('app')]).toEqual([connection.remoteId, 'github'])
    expect((await provider.requests()).at(-1)?.body).toMatchObject({ external_user_id: 'user-1' })
    expect((await fetch(url)).status).toBe(200)
  })

  test('is known by the report that names it', async () => {
    const { provider, connection, link } = await reconnecting()
    const { remoteId } = connection
    expect(await check(provider, link, { remoteId })).toEqual({ kind: 'completed', connection })
    expect(await check(provider, link, { remoteId: 'apn_other' })).toEqual({ kind: 'open' })
    expect(await check(provider, link, { remoteId: null })).toEqual({ kind: 'open' })
    expect(await check(provider, link, { remoteId, kind: 'CHANGED' })).toEqual({ kind: 'open' })
  })

  test('is known by the time of its last change', async () => {
    const { provider, connection, link, url } = await reconnecting()
    await provider.decide(url, 'approve')
    expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'completed', connection })
  })

  test.each([{ dead: true }, {}])('is not done while it is ill: %j', async (how) => {
    const { provider, connection, link } = await reconnecting()
    const { remoteId } = connection
    await provider.breakConnection(remoteId, how)
    expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'open' })
    expect(await check(provider, link, { remoteId })).toEqual({ kind: 'open' })
  })

  test('has failed by a report of failure, unless it has been changed and is well', async () => {
    const { provider, connection, link, url } = await reconnecting()
    const failed = { kind: 'FAILED', reason: 'no luck' } as const
    const ended = { kind: 'ended', status: 'FAILED', reason: 'no luck' }
    expect(await check(provider, link, failed)).toEqual(ended)
    await provider.decide(url, 'approve')
    expect(await check(provider, link, failed)).toEqual({ kind: 'completed', connection })
  })

  test('whose time of change was not known is known by the report alone', async () => {
    const { provider, connection, link, url } = await reconnecting()
    const { remoteId } = connection
    await provider.decide(url, 'approve')
    const unknown = { ...link, providerState: { remoteId, updatedAt: null } }
    expect(await provider.adapter.checkLink(unknown, call)).toEqual({ kind: 'open' })
    expect(await check(provider, unknown, { remoteId })).toEqual({ kind: 'completed', connection })
  })
})
