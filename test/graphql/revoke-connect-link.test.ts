import { describe, expect, test } from 'vitest'
import { encodeGlobalId } from '../../src/graphql/ids.ts'
import { providerFixtures } from '../fixtures/providers.ts'
import { ConnectionsDocument, ConnectLinkDocument, RevokeConnectLinkDocument } from '../generated/graphql.ts'
import { startTestGateway, submitProviderPage, type TestGateway } from '../helpers/gateway.ts'
import { capabilitiesOf, providerVariants } from '../helpers/providers.ts'
import { awaitSyncsAndClearRequests, createLinkOrThrow, providerRequests, xpanderKey } from './open.ts'

const revoke = async ({ send }: TestGateway, id: string) =>
  (await send(RevokeConnectLinkDocument, { id })).revokeConnectLink

/** Opens the link in every way and returns the HTTP statuses. */
function openStatuses(url: string | null) {
  const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  const requests = [{}, { headers: navigation }, { method: 'HEAD' }, { method: 'POST' }]
  return Promise.all(
    requests.map(async (request) => (await fetch(url ?? '', { ...request, redirect: 'manual' })).status),
  )
}

/** The write requests to providers as `METHOD path`, with the link ID replaced in revocations. */
const writeRequests = async (gateway: TestGateway) =>
  (await providerRequests(gateway))
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path.replace(/[\w-]+(?=\/revoke$)/, ':id')}`)

describe.each(providerVariants)('revokeConnectLink at %s %j', (provider, env) => {
  const revokedAtProvider = capabilitiesOf(provider, env).revokeLink

  test('closes the link immediately and revokes it at the provider if the provider supports it', async () => {
    const gateway = await startTestGateway({ env })
    const { id, url, providerUrl } = await createLinkOrThrow(gateway, provider)
    expect(await revoke(gateway, id)).toEqual({
      __typename: 'RevokeConnectLinkPayload',
      revokedAtProvider,
      connectLink: { id, url, status: 'REVOKED' },
    })
    expect(await openStatuses(url)).toEqual([410, 410, 410, 410])
    const isOpenAtProvider = (await fetch(providerUrl ?? '')).status === 200
    // The page of an incomplete connection disappears with it: the gateway deletes the connection.
    const { createsConnectionWithLink } = providerFixtures[provider]
    expect(isOpenAtProvider).toBe(!revokedAtProvider && !createsConnectionWithLink)
  })

  test('is idempotent and sends the provider request once', async () => {
    const gateway = await startTestGateway({ env })
    const { id } = await createLinkOrThrow(gateway, provider)
    await awaitSyncsAndClearRequests(gateway)
    const first = await revoke(gateway, id)
    const sent = await writeRequests(gateway)
    gateway.clock.advance(3600)
    expect(await revoke(gateway, id)).toEqual(first)
    expect(await Promise.all([1, 2, 3].map(() => revoke(gateway, id)))).toEqual([first, first, first])
    expect(await writeRequests(gateway)).toEqual(sent)
  })

  test('keeps the link readable with its history', async () => {
    const gateway = await startTestGateway({ env })
    const { id, url } = await createLinkOrThrow(gateway, provider)
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

test('ten concurrent revokeConnectLink calls record one transition', async () => {
  const gateway = await startTestGateway()
  const { id } = await createLinkOrThrow(gateway, 'CENSUS')
  const results = await Promise.all(Array.from({ length: 10 }, () => revoke(gateway, id)))
  expect(new Set(results.map(({ __typename }) => __typename))).toEqual(new Set(['RevokeConnectLinkPayload']))
  const { connectLink } = await gateway.send(ConnectLinkDocument, { id })
  expect(connectLink?.history.map(({ to }) => to)).toEqual(['CREATED', 'REVOKED'])
})

describe('the incomplete Fivetran connection of a revoked link', () => {
  test('is deleted at Fivetran and never listed', async () => {
    const gateway = await startTestGateway()
    const { id } = await createLinkOrThrow(gateway, 'FIVETRAN')
    await awaitSyncsAndClearRequests(gateway)
    await revoke(gateway, id)
    expect(await writeRequests(gateway)).toEqual([
      expect.stringMatching(/^DELETE \/fivetran\/v1\/connections\/\w+$/),
    ])
    gateway.clock.advance(600)
    expect((await gateway.send(ConnectionsDocument, {})).connections.totalCount).toBe(0)
  })

  test('is deleted even if it was authorized just before the revocation', async () => {
    const gateway = await startTestGateway()
    const { id, url } = await createLinkOrThrow(gateway, 'FIVETRAN')
    await submitProviderPage(url ?? '', 'approve')
    await awaitSyncsAndClearRequests(gateway)
    expect(await revoke(gateway, id)).toMatchObject({ connectLink: { status: 'REVOKED' } })
    gateway.clock.advance(60)
    await gateway.poll()
    expect(await writeRequests(gateway)).toContainEqual(
      expect.stringMatching(/^DELETE \/fivetran\/v1\/connections\/\w+$/),
    )
    const { connectLink } = await gateway.send(ConnectLinkDocument, { id })
    expect(connectLink).toMatchObject({ status: 'REVOKED', connection: { status: 'DISCONNECTED' } })
  })
})

describe('revokeConnectLink for a link in another final status', () => {
  test.each([
    ['completed', 'COMPLETED'],
    ['expired', 'EXPIRED'],
  ])('returns INVALID_STATE: %s', async (_, status) => {
    const gateway = await startTestGateway()
    const { id } =
      status === 'COMPLETED'
        ? await createLinkOrThrow(gateway, 'XPANDER', {
            connector: xpanderKey('Algolia'),
            xpander: { security: { apiKey: 'key' } },
          })
        : await createLinkOrThrow(gateway, 'CENSUS', { expiresInSeconds: 60 })
    gateway.clock.advance(61)
    await gateway.poll()
    await awaitSyncsAndClearRequests(gateway)
    expect(await revoke(gateway, id)).toMatchObject({
      __typename: 'ConflictError',
      code: 'INVALID_STATE',
      message: expect.stringContaining(status),
    })
    expect(await providerRequests(gateway)).toEqual([])
    expect((await gateway.send(ConnectLinkDocument, { id })).connectLink).toMatchObject({ status })
  })
})

test.each([
  encodeGlobalId('ConnectLink', '0e6f4d5e-1111-4222-8333-444455556666'),
  encodeGlobalId('ConnectLink', 'no uuid'),
  encodeGlobalId('Connection', '0e6f4d5e-1111-4222-8333-444455556666'),
  'junk',
  '',
])('revokeConnectLink returns NotFoundError for an unknown ID: %j', async (id) => {
  const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
  expect(await revoke(gateway, id)).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' })
})

describe('revokeConnectLink while the provider is down', () => {
  const revokeFault = { path: '/revoke', method: 'POST', times: 1000, status: 503, body: {} }

  test('closes the link, returns the provider error, and a repeated call revokes it at the provider', async () => {
    const gateway = await startTestGateway()
    const { id, url, providerUrl } = await createLinkOrThrow(gateway, 'CENSUS')
    await gateway.control('POST', 'faults', { provider: 'census', ...revokeFault })
    for (const _ of [1, 2]) {
      expect(await revoke(gateway, id)).toMatchObject({
        __typename: 'ProviderError',
        code: 'PROVIDER_UNAVAILABLE',
      })
      expect(await openStatuses(url)).toEqual([410, 410, 410, 410])
    }
    expect((await gateway.send(ConnectLinkDocument, { id })).connectLink).toMatchObject({ status: 'REVOKED' })
    expect((await fetch(providerUrl ?? '')).status).toBe(200)

    await gateway.control('DELETE', 'faults')
    expect(await revoke(gateway, id)).toMatchObject({ revokedAtProvider: true })
    expect((await fetch(providerUrl ?? '')).status).toBe(410)
  })

  test('lists the incomplete Fivetran connection that could not be deleted, so that it can be removed', async () => {
    const gateway = await startTestGateway()
    const { id } = await createLinkOrThrow(gateway, 'FIVETRAN')
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
