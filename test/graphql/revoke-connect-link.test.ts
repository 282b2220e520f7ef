import { describe, expect, test } from 'vitest'
import { encodeGlobalId } from '../../src/graphql/ids.ts'
import { ConnectionsDocument, ConnectLinkDocument, RevokeConnectLinkDocument } from '../generated/graphql.ts'
import { decide, startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { forgetRequests, madeLink, requestsTo, xpanderKey } from './open.ts'

const revoke = async ({ send }: TestGateway, id: string) =>
  (await send(RevokeConnectLinkDocument, { id })).revokeConnectLink

/** What somebody finds who opens the link, by every way of opening it. */
function doors(url: string | null) {
  const visit = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  const ways = [{}, { headers: visit }, { method: 'HEAD' }, { method: 'POST' }]
  return Promise.all(ways.map(async (way) => (await fetch(url ?? '', { ...way, redirect: 'manual' })).status))
}

const changesAt = async (gateway: TestGateway) =>
  (await requestsTo(gateway))
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path.replace(/[\w-]+(?=\/revoke$)/, ':id')}`)

describe.each([
  ['FIVETRAN', {}, false],
  ['CENSUS', {}, true],
  ['CENSUS', { CENSUS_API_VERSION: '1' }, true],
  ['PIPEDREAM', {}, false],
  ['XPANDER', {}, false],
] as const)('a link of %s %j that is revoked', (provider, env, revokedAtProvider) => {
  test('is closed at once, and taken back at the provider where that is possible', async () => {
    const gateway = await startTestGateway({ env })
    const { id, url, providerUrl } = await madeLink(gateway, provider)
    expect(await revoke(gateway, id)).toEqual({
      __typename: 'RevokeConnectLinkPayload',
      revokedAtProvider,
      connectLink: { id, url, status: 'REVOKED' },
    })
    expect(await doors(url)).toEqual([410, 410, 410, 410])
    const isOpenThere = (await fetch(providerUrl ?? '')).status === 200
    // Fivetran's card goes with the connection that was half made for it.
    expect(isOpenThere).toBe(!revokedAtProvider && provider !== 'FIVETRAN')
  })

  test('answers the same when it is revoked again, and its provider hears of it once', async () => {
    const gateway = await startTestGateway({ env })
    const { id } = await madeLink(gateway, provider)
    await forgetRequests(gateway)
    const first = await revoke(gateway, id)
    const heard = await changesAt(gateway)
    gateway.clock.advance(3600)
    expect(await revoke(gateway, id)).toEqual(first)
    expect(await Promise.all([1, 2, 3].map(() => revoke(gateway, id)))).toEqual([first, first, first])
    expect(await changesAt(gateway)).toEqual(heard)
  })

  test('can still be read, with how it ended', async () => {
    const gateway = await startTestGateway({ env })
    const { id, url } = await madeLink(gateway, provider)
    await revoke(gateway, id)
    gateway.clock.advance(30 * 86_400)
    expect((await gateway.send(ConnectLinkDocument, { id })).connectLink).toMatchObject({
      id,
      url,
      status: 'REVOKED',
      connection: null,
      history: [
        { from: null, to: 'CREATED' },
        { from: 'CREATED', to: 'REVOKED', source: 'API_CALL', reason: null },
      ],
    })
  })
})

test('ten calls at once are one step in the life of a link', async () => {
  const gateway = await startTestGateway()
  const { id } = await madeLink(gateway, 'CENSUS')
  const answers = await Promise.all(Array.from({ length: 10 }, () => revoke(gateway, id)))
  expect(new Set(answers.map(({ __typename }) => __typename))).toEqual(new Set(['RevokeConnectLinkPayload']))
  const { connectLink } = await gateway.send(ConnectLinkDocument, { id })
  expect(connectLink?.history.map(({ to }) => to)).toEqual(['CREATED', 'REVOKED'])
})

describe('what had been half made at Fivetran', () => {
  test('is deleted there, and was never listed', async () => {
    const gateway = await startTestGateway()
    const { id } = await madeLink(gateway, 'FIVETRAN')
    await forgetRequests(gateway)
    await revoke(gateway, id)
    expect(await changesAt(gateway)).toEqual([
      expect.stringMatching(/^DELETE \/fivetran\/v1\/connections\/\w+$/),
    ])
    gateway.clock.advance(600)
    expect((await gateway.send(ConnectionsDocument, {})).connections.totalCount).toBe(0)
  })

  test('goes, too, when it had been authorised in the last moment', async () => {
    const gateway = await startTestGateway()
    const { id, url } = await madeLink(gateway, 'FIVETRAN')
    await decide(url ?? '', 'approve')
    await forgetRequests(gateway)
    expect(await revoke(gateway, id)).toMatchObject({ connectLink: { status: 'REVOKED' } })
    gateway.clock.advance(60)
    await gateway.poll()
    expect(await changesAt(gateway)).toContainEqual(
      expect.stringMatching(/^DELETE \/fivetran\/v1\/connections\/\w+$/),
    )
    const { connectLink } = await gateway.send(ConnectLinkDocument, { id })
    expect(connectLink).toMatchObject({ status: 'REVOKED', connection: { status: 'DISCONNECTED' } })
  })
})

describe('a link that has ended otherwise', () => {
  test.each([
    ['completed', 'COMPLETED'],
    ['expired', 'EXPIRED'],
  ])('is not revoked any more: %s', async (_, status) => {
    const gateway = await startTestGateway()
    const { id } =
      status === 'COMPLETED'
        ? await madeLink(gateway, 'XPANDER', {
            connector: xpanderKey('Algolia'),
            xpander: { security: { apiKey: 'key' } },
          })
        : await madeLink(gateway, 'CENSUS', { expiresInSeconds: 60 })
    gateway.clock.advance(61)
    await gateway.poll()
    await forgetRequests(gateway)
    expect(await revoke(gateway, id)).toMatchObject({
      __typename: 'ConflictError',
      code: 'INVALID_STATE',
      message: expect.stringContaining(status),
    })
    expect(await requestsTo(gateway)).toEqual([])
    expect((await gateway.send(ConnectLinkDocument, { id })).connectLink).toMatchObject({ status })
  })
})

test.each([
  encodeGlobalId('ConnectLink', '0e6f4d5e-1111-4222-8333-444455556666'),
  encodeGlobalId('ConnectLink', 'no uuid'),
  encodeGlobalId('Connection', '0e6f4d5e-1111-4222-8333-444455556666'),
  'junk',
  '',
])('a link that never was is not found: %j', async (id) => {
  const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
  expect(await revoke(gateway, id)).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' })
})

describe('while its provider is down', () => {
  const failing = { path: '/revoke', method: 'POST', times: 1000, status: 503, body: {} }

  test('a link is closed all the same, the error says so, and a repetition finishes', async () => {
    const gateway = await startTestGateway()
    const { id, url, providerUrl } = await madeLink(gateway, 'CENSUS')
    await gateway.control('POST', 'faults', { provider: 'census', ...failing })
    for (const _ of [1, 2]) {
      expect(await revoke(gateway, id)).toMatchObject({
        __typename: 'ProviderError',
        code: 'PROVIDER_UNAVAILABLE',
      })
      expect(await doors(url)).toEqual([410, 410, 410, 410])
    }
    expect((await gateway.send(ConnectLinkDocument, { id })).connectLink).toMatchObject({ status: 'REVOKED' })
    expect((await fetch(providerUrl ?? '')).status).toBe(200)

    await gateway.control('DELETE', 'faults')
    expect(await revoke(gateway, id)).toMatchObject({ revokedAtProvider: true })
    expect((await fetch(providerUrl ?? '')).status).toBe(410)
  })

  test('what was half made at Fivetran shows itself in the list, for somebody to remove it', async () => {
    const gateway = await startTestGateway()
    const { id } = await madeLink(gateway, 'FIVETRAN')
    await gateway.control('POST', 'faults', {
      provider: 'fivetran',
      method: 'DELETE',
      times: 1,
      status: 503,
      body: {},
    })
    expect(await revoke(gateway, id)).toMatchObject({ connectLink: { status: 'REVOKED' } })
    const { connections } = await gateway.send(ConnectionsDocument, {})
    expect(connections.nodes).toMatchObject([{ status: 'PENDING', provider: { key: 'FIVETRAN' } }])
  })
})
