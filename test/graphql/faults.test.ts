import { describe, expect, test } from 'vitest'
import { providerFixtures } from '../fixtures/providers.ts'
import {
  ConnectionsDocument,
  ConnectLinkDocument,
  CreateConnectLinkDocument,
  DisconnectConnectionDocument,
} from '../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { capabilitiesOf } from '../helpers/providers.ts'
import { expectNoSecrets, type Failure, failures, notFound, providerError, withFault } from './faults.ts'
import {
  awaitSyncsAndClearRequests,
  createConnection,
  createLinkOrThrow,
  postQuery,
  providers,
} from './open.ts'

const others = (provider: string) => providers.filter((one) => one !== provider)

/** Returns the data. Expects HTTP 200, no GraphQL errors, and no secrets in the response. */
async function send(gateway: TestGateway, document: { toString(): string }, variables: object) {
  const { status, text, data, codes } = await postQuery(gateway, String(document), variables)
  expect({ status, codes }).toEqual({ status: 200, codes: [] })
  expectNoSecrets(text)
  return data
}

/** Runs `work` once per failure and compares all results in one assertion, so that every mismatch is reported. */
async function expectForEach(
  tested: readonly Failure[],
  work: (failure: Failure) => Promise<unknown>,
  expected: (failure: Failure) => unknown,
) {
  const results: Record<string, unknown> = {}
  for (const failure of tested) results[failure.name] = await work(failure)
  expect(results).toMatchObject(
    Object.fromEntries(tested.map((failure) => [failure.name, expected(failure)])),
  )
}

describe.each(providers)('while %s fails', (provider) => {
  test('createConnectLink returns the matching error and stores nothing', async () => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    const input = { connector: providerFixtures[provider].connectorKey, endUser: { id: 'user-1' } }
    await expectForEach(
      [...failures, notFound],
      (failure) =>
        withFault(gateway, { provider, operation: 'create', failure }, async () => {
          return (await send(gateway, CreateConnectLinkDocument, { provider, input }))?.createConnectLink
        }),
      (failure) =>
        failure === notFound
          ? { __typename: 'NotFoundError', code: 'NOT_FOUND' }
          : providerError(provider, failure),
    )
    const stored = await send(gateway, '{ connectLinks { totalCount } connections { totalCount } }', {})
    expect(stored).toEqual({ connectLinks: { totalCount: 0 }, connections: { totalCount: 0 } })
    await createLinkOrThrow(gateway, provider)
    expectNoSecrets(gateway.logged())
  })

  test('connectLink returns the stored link and logs the reason', async () => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    await expectForEach(
      [...failures, notFound],
      async (failure) => {
        const { id } = await createLinkOrThrow(gateway, provider)
        const logLength = gateway.logged().length
        const data = await withFault(gateway, { provider, operation: 'read', failure }, () =>
          send(gateway, ConnectLinkDocument, { id }),
        )
        const log = gateway.logged().slice(logLength)
        gateway.clock.advance(3)
        return { link: data?.connectLink, code: /"linkId":[^\n]*"code":"(\w+)"/.exec(log)?.[1] }
      },
      (failure) => {
        if (failure !== notFound) return { link: { status: 'CREATED', connection: null }, code: failure.code }
        return providerFixtures[provider].failsMissingLink
          ? {
              link: {
                status: 'FAILED',
                history: [{ to: 'CREATED' }, { to: 'FAILED', source: 'PROVIDER_POLL' }],
              },
            }
          : { link: { status: 'CREATED' }, code: 'PROVIDER_REJECTED' }
      },
    )
    expectNoSecrets(gateway.logged())
  })

  test('connections returns the stored connections and reports the stale provider and the reason', async () => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    const id = await createConnection(gateway, provider)
    await send(gateway, ConnectionsDocument, {})
    await expectForEach(
      [...failures, notFound],
      async (failure) => {
        gateway.clock.advance(6)
        const data = await withFault(gateway, { provider, operation: 'list', failure }, async () => {
          await gateway.connect.connectionSyncs.ensureFresh(30_000)
          return send(gateway, ConnectionsDocument, {})
        })
        return data?.connections
      },
      ({ code = 'PROVIDER_REJECTED' }) => ({
        totalCount: 1,
        nodes: [{ id, status: 'ACTIVE' }],
        syncStatus: expect.arrayContaining([
          expect.objectContaining({ provider, state: 'STALE', error: expect.stringMatching(`^${code}: `) }),
          ...others(provider).map((one) =>
            expect.objectContaining({ provider: one, state: 'FRESH', error: null }),
          ),
        ]),
      }),
    )
    gateway.clock.advance(6)
    await gateway.connect.connectionSyncs.ensureFresh(30_000)
    const afterRecovery = await send(gateway, ConnectionsDocument, {})
    expect(afterRecovery?.connections).toMatchObject({
      syncStatus: providers.map((one) => ({ provider: one, state: 'FRESH' })),
    })
    expectNoSecrets(gateway.logged())
  })

  test('disconnectConnection returns the matching error and keeps the connection', async () => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    const connectionId = await createConnection(gateway, provider)
    const readConnections = async () =>
      (await send(gateway, '{ connections { nodes { status } } }', {}))?.connections
    await expectForEach(
      failures,
      async (failure) => ({
        result: await withFault(gateway, { provider, operation: 'disconnect', failure }, async () => {
          return (await send(gateway, disconnectMutation, { connectionId }))?.disconnectConnection
        }),
        connections: await readConnections(),
      }),
      (failure) => ({
        result: capabilitiesOf(provider).disconnect
          ? providerError(provider, failure)
          : { __typename: 'UnsupportedError', code: 'UNSUPPORTED' },
        connections: { nodes: [{ status: 'ACTIVE' }] },
      }),
    )
    const removed = await withFault(gateway, { provider, operation: 'disconnect', failure: notFound }, () =>
      send(gateway, DisconnectConnectionDocument, { id: connectionId }),
    )
    expect(removed?.disconnectConnection).toMatchObject(
      capabilitiesOf(provider).disconnect
        ? { removedAtProvider: false, connection: { status: 'DISCONNECTED' } }
        : { __typename: 'UnsupportedError' },
    )
    expectNoSecrets(gateway.logged())
  })
})

const disconnectMutation = `mutation ($connectionId: ID!) { disconnectConnection(id: $connectionId) { __typename
  ... on Error { code message } ... on ProviderError { provider retryable retryAfterSeconds } } }`
