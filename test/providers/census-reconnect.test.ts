import { describe, expect, test } from 'vitest'
import type { Direction } from '../../src/domain/statuses.ts'
import { census } from '../../src/providers/census/census.ts'
import * as answers from '../fixtures/census.ts'
import { cannedProvider, linkRequest, openLink, reference } from './canned.ts'
import { connected } from './connected.ts'
import { call, openProvider } from './open.ts'

const versions = [
  ['1', 'destinations', 'DESTINATION', 'hubspot'],
  ['1', 'sources', 'SOURCE', 'snowflake'],
  ['2', 'activations', 'DESTINATION', 'hubspot'],
] as const

describe.each(versions)('in version %s, of %s,', (version, _, direction, connectorKey) => {
  const setting = {
    definition: census,
    environment: { CENSUS_API_VERSION: version },
    standard: { connectorKey, connectorName: null, direction },
  } as const

  async function reconnecting() {
    const provider = await openProvider(setting)
    const connection = await connected(provider)
    provider.advance(60)
    return { provider, connection, ...(await provider.reconnect(connection)) }
  }

  test('one that is well is known by the test that authorising it anew ends with', async () => {
    const { provider, connection, link, url } = await reconnecting()
    expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'open' })
    await provider.decide(url, 'approve')
    expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'completed', connection })
    // In time is in time.
    provider.advance(86_401)
    expect(await provider.adapter.checkLink(link, call)).toMatchObject({ kind: 'completed' })
  })

  test('a test that fails does not complete the link', async () => {
    const { provider, connection, link } = await reconnecting()
    await provider.breakConnection(connection.remoteId)
    expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'open' })
  })

  test('the link ends with its day or when it is revoked', async () => {
    const { provider, link, connection } = await reconnecting()
    const other = await provider.reconnect(connection)
    expect(await provider.adapter.revokeLink?.(other.link, call)).toBe(true)
    const revoked = { kind: 'ended', status: 'REVOKED', reason: 'REVOKED_AT_PROVIDER' }
    expect(await provider.adapter.checkLink(other.link, call)).toEqual(revoked)
    expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'open' })
    provider.advance(86_401)
    const expired = { kind: 'ended', status: 'EXPIRED', reason: 'EXPIRED_AT_PROVIDER' }
    expect(await provider.adapter.checkLink(link, call)).toEqual(expired)
  })

  test('a link that Census has forgotten has failed', async () => {
    const { provider, link } = await reconnecting()
    const gone = { kind: 'ended', status: 'FAILED', reason: 'LINK_GONE_AT_PROVIDER' }
    expect(await provider.adapter.checkLink({ ...link, remoteLinkId: '404404' }, call)).toEqual(gone)
  })

  test('the link is asked for with the way back and nothing else', async () => {
    const { provider } = await reconnecting()
    const bodies = (await provider.requests()).flatMap(({ body }) => body ?? [])
    expect(bodies.at(-1)).toEqual({ redirect_uri: 'https://app.example.com/return?state=1' })
  })
})

/** A published connection that is tested at one time when the link is made, and at another when it is looked at. */
async function testedAt(before: string | null, now: string | null) {
  const connection = (last_tested_at: string | null) => ({
    data: { ...answers.destination.data, last_tested_at },
  })
  const canned: Record<string, unknown> = {
    'GET /api/v1/destinations/12': connection(before),
    'POST /api/v1/destinations/12/connect_links': { data: answers.destinationLink },
    'GET /api/v1/destination_connect_links/469': { data: answers.destinationLink },
  }
  const adapter = await cannedProvider(census, canned, { CENSUS_API_VERSION: '1' })
  const direction: Direction = 'DESTINATION'
  const remote = reference({ remoteId: '12', direction })
  const made = await adapter.createReconnectLink?.(remote, linkRequest({ direction }), call)
  canned['GET /api/v1/destinations/12'] = connection(now)
  const memo = made?.providerState ?? null
  const link = openLink({ purpose: 'RECONNECT', direction, remoteLinkId: '469', providerState: memo })
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
])('a last test of %s that has become %s leaves a link %s', async (before, now, expected) => {
  expect(await testedAt(before, now)).toBe(expected)
})

test('the tests of an activation are found in its destination or beside it', async () => {
  const tests = { last_test_succeeded: true, last_tested_at: '2026-01-02T03:04:05Z' }
  const nested = { ...answers.nestedActivation, destination: { type: 'hubspot', ...tests } }
  const adapter = await cannedProvider(
    census,
    {
      'GET /api/v2/activations/a': { data: nested },
      'POST /api/v2/activations/a/activation_connect_links': { data: answers.activationLink },
      'GET /api/v2/activations/b': { data: { ...answers.flatActivation, ...tests } },
      'POST /api/v2/activations/b/activation_connect_links': { data: answers.activationLink },
    },
    { CENSUS_GROUP_ID: 'wandering_aimlessly' },
  )
  for (const remoteId of ['a', 'b']) {
    const made = await adapter.createReconnectLink?.(
      reference({ remoteId, direction: 'DESTINATION' }),
      linkRequest({ direction: 'DESTINATION' }),
      call,
    )
    expect(made).toMatchObject({
      providerState: { testedAt: '2026-01-02T03:04:05.000Z' },
      remoteGroup: 'wandering_aimlessly',
    })
  }
})
