import { describe, expect, test } from 'vitest'
import type { Direction } from '../../src/domain/statuses.ts'
import { census } from '../../src/providers/census/census.ts'
import * as responses from '../fixtures/census.ts'
import { cannedProvider, linkRequest, openLink, reference } from './canned.ts'
import { createConnection } from './connected.ts'
import { call, openProvider } from './open.ts'

const versions = [
  ['1', 'destinations', 'DESTINATION', 'hubspot'],
  ['1', 'sources', 'SOURCE', 'snowflake'],
  ['2', 'activations', 'DESTINATION', 'hubspot'],
] as const

describe.each(versions)('a reconnect link in version %s for %s', (version, _, direction, connectorKey) => {
  const setup = {
    definition: census,
    environment: { CENSUS_API_VERSION: version },
    linkDefaults: { connectorKey, connectorName: null, direction },
  } as const

  async function openReconnectLink() {
    const provider = await openProvider(setup)
    const connection = await createConnection(provider)
    provider.advance(60)
    return { provider, connection, ...(await provider.reconnect(connection)) }
  }

  test('completes with the connection test that ends a reauthorization', async () => {
    const { provider, connection, link, url } = await openReconnectLink()
    expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'open' })
    await provider.decide(url, 'approve')
    expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'completed', connection })
    // The expiry of the link does not undo the completion.
    provider.advance(86_401)
    expect(await provider.adapter.checkLink(link, call)).toMatchObject({ kind: 'completed' })
  })

  test('stays open after a failed connection test', async () => {
    const { provider, connection, link } = await openReconnectLink()
    await provider.breakConnection(connection.remoteId)
    expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'open' })
  })

  test('ends after one day or when it is revoked', async () => {
    const { provider, link, connection } = await openReconnectLink()
    const other = await provider.reconnect(connection)
    expect(await provider.adapter.revokeLink?.(other.link, call)).toBe(true)
    const revoked = { kind: 'ended', status: 'REVOKED', reason: 'REVOKED_AT_PROVIDER' }
    expect(await provider.adapter.checkLink(other.link, call)).toEqual(revoked)
    expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'open' })
    provider.advance(86_401)
    const expired = { kind: 'ended', status: 'EXPIRED', reason: 'EXPIRED_AT_PROVIDER' }
    expect(await provider.adapter.checkLink(link, call)).toEqual(expired)
  })

  test('fails if it does not exist at Census any more', async () => {
    const { provider, link } = await openReconnectLink()
    const failure = { code: 'REMOVED_AT_PROVIDER', message: null }
    const failed = { kind: 'ended', status: 'FAILED', reason: 'LINK_GONE_AT_PROVIDER', failure }
    expect(await provider.adapter.checkLink({ ...link, remoteLinkId: '404404' }, call)).toEqual(failed)
  })

  test('is requested with the return URL only', async () => {
    const { provider } = await openReconnectLink()
    const bodies = (await provider.requests()).flatMap(({ body }) => body ?? [])
    expect(bodies.at(-1)).toEqual({ redirect_uri: 'https://app.example.com/return?state=1' })
  })
})

/**
 * The progress of a link if the last test of the connection was at `before` on creation and is at `now` on
 * the check.
 */
async function progressKind(before: string | null, now: string | null) {
  const connection = (last_tested_at: string | null) => ({
    data: { ...responses.destination.data, last_tested_at },
  })
  const canned: Record<string, unknown> = {
    'GET /api/v1/destinations/12': connection(before),
    'POST /api/v1/destinations/12/connect_links': { data: responses.destinationLink },
    'GET /api/v1/destination_connect_links/469': { data: responses.destinationLink },
  }
  const adapter = await cannedProvider(census, canned, { CENSUS_API_VERSION: '1' })
  const direction: Direction = 'DESTINATION'
  const remote = reference({ remoteId: '12', direction })
  const remoteLink = await adapter.createReconnectLink?.(remote, linkRequest({ direction }), call)
  canned['GET /api/v1/destinations/12'] = connection(now)
  const providerState = remoteLink?.providerState ?? null
  const link = openLink({ purpose: 'RECONNECT', direction, remoteLinkId: '469', providerState })
  return (await adapter.checkLink(link, call)).kind
}

test.each([
  ['2023-11-07T05:31:56Z', '2023-11-07T05:31:56Z', 'open'],
  ['2023-11-07T05:31:56Z', '2023-11-07T05:31:57Z', 'completed'],
  ['2023-11-07T05:31:56Z', '2023-11-07T06:31:56+02:00', 'open'],
  ['2023-11-07T05:31:56Z', null, 'open'],
  ['2023-11-07T05:31:56Z', 'some day', 'open'],
  [null, null, 'open'],
  [null, '2023-11-07T05:31:56Z', 'completed'],
])('a last test at %s, then at %s: the link is %s', async (before, now, expected) => {
  expect(await progressKind(before, now)).toBe(expected)
})

test('the tests of an activation are read from the activation or from its destination', async () => {
  const tests = { last_test_succeeded: true, last_tested_at: '2026-01-02T03:04:05Z' }
  const nested = { ...responses.nestedActivation, destination: { type: 'hubspot', ...tests } }
  const adapter = await cannedProvider(
    census,
    {
      'GET /api/v2/activations/a': { data: nested },
      'POST /api/v2/activations/a/activation_connect_links': { data: responses.activationLink },
      'GET /api/v2/activations/b': { data: { ...responses.flatActivation, ...tests } },
      'POST /api/v2/activations/b/activation_connect_links': { data: responses.activationLink },
    },
    { CENSUS_GROUP_ID: 'wandering_aimlessly' },
  )
  for (const remoteId of ['a', 'b']) {
    const remoteLink = await adapter.createReconnectLink?.(
      reference({ remoteId, direction: 'DESTINATION' }),
      linkRequest({ direction: 'DESTINATION' }),
      call,
    )
    expect(remoteLink).toMatchObject({
      providerState: { testedAt: '2026-01-02T03:04:05.000Z' },
      remoteGroup: 'wandering_aimlessly',
    })
  }
})
