import { describe, expect, test } from 'vitest'
import {
  ConnectionsDocument,
  ConnectLinkDocument,
  CreateConnectLinkDocument,
  DisconnectConnectionDocument,
} from '../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { during, expectNoSecrets, type Failure, failures, notFound, providerError } from './faults.ts'
import { answerTo, connected, connectorOf, forgetRequests, madeLink, providers } from './open.ts'

const others = (provider: string) => providers.filter((one) => one !== provider)

/** Every answer is a whole one, with HTTP 200 and nothing in it that is nobody's business. */
async function ask(gateway: TestGateway, document: { toString(): string }, variables: object) {
  const { status, text, data, codes } = await answerTo(gateway, String(document), variables)
  expect({ status, codes }).toEqual({ status: 200, codes: [] })
  expectNoSecrets(text)
  return data
}

/** Does the same thing once for each failure, and tells all that came out differently at once. */
async function forEach(
  all: readonly Failure[],
  work: (failure: Failure) => Promise<unknown>,
  expected: (failure: Failure) => unknown,
) {
  const found: Record<string, unknown> = {}
  for (const failure of all) found[failure.name] = await work(failure)
  expect(found).toMatchObject(Object.fromEntries(all.map((failure) => [failure.name, expected(failure)])))
}

describe.each(providers)('while %s fails,', (provider) => {
  test('creating a link answers the error that it is, and leaves nothing', async () => {
    const gateway = await startTestGateway()
    await forgetRequests(gateway)
    const input = { connector: connectorOf[provider], endUser: { id: 'user-1' } }
    await forEach(
      [...failures, notFound],
      (failure) =>
        during(gateway, { provider, work: 'creating', failure }, async () => {
          return (await ask(gateway, CreateConnectLinkDocument, { provider, input }))?.createConnectLink
        }),
      (failure) =>
        failure === notFound
          ? { __typename: 'NotFoundError', code: 'NOT_FOUND' }
          : providerError(provider, failure),
    )
    const left = await ask(gateway, '{ connectLinks { totalCount } connections { totalCount } }', {})
    expect(left).toEqual({ connectLinks: { totalCount: 0 }, connections: { totalCount: 0 } })
    await madeLink(gateway, provider)
    expectNoSecrets(gateway.logged())
  })

  test('reading a link shows it as it was, and the log says why', async () => {
    const gateway = await startTestGateway()
    await forgetRequests(gateway)
    await forEach(
      [...failures, notFound],
      async (failure) => {
        const { id } = await madeLink(gateway, provider)
        const logged = gateway.logged().length
        const data = await during(gateway, { provider, work: 'reading', failure }, () =>
          ask(gateway, ConnectLinkDocument, { id }),
        )
        const log = gateway.logged().slice(logged)
        gateway.clock.advance(3)
        return { link: data?.connectLink, code: /"linkId":[^\n]*"code":"(\w+)"/.exec(log)?.[1] }
      },
      (failure) => {
        if (failure !== notFound) return { link: { status: 'CREATED', connection: null }, code: failure.code }
        const isOfTheLink = provider === 'FIVETRAN' || provider === 'CENSUS'
        return isOfTheLink
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

  test('listing connections serves what is known, and says whose part is old and why', async () => {
    const gateway = await startTestGateway()
    await forgetRequests(gateway)
    const id = await connected(gateway, provider)
    await ask(gateway, ConnectionsDocument, {})
    await forEach(
      [...failures, notFound],
      async (failure) => {
        gateway.clock.advance(6)
        const data = await during(gateway, { provider, work: 'listing', failure }, () =>
          ask(gateway, ConnectionsDocument, {}),
        )
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
    const healed = await ask(gateway, ConnectionsDocument, {})
    expect(healed?.connections).toMatchObject({
      syncStatus: providers.map((one) => ({ provider: one, state: 'FRESH' })),
    })
    expectNoSecrets(gateway.logged())
  })

  test('disconnecting answers the error that it is, and keeps the connection', async () => {
    const gateway = await startTestGateway()
    await forgetRequests(gateway)
    const connectionId = await connected(gateway, provider)
    const kept = async () => (await ask(gateway, '{ connections { nodes { status } } }', {}))?.connections
    await forEach(
      failures,
      async (failure) => ({
        result: await during(gateway, { provider, work: 'disconnecting', failure }, async () => {
          return (await ask(gateway, disconnectInFull, { connectionId }))?.disconnectConnection
        }),
        kept: await kept(),
      }),
      (failure) => ({
        result:
          provider === 'XPANDER'
            ? { __typename: 'UnsupportedError', code: 'UNSUPPORTED' }
            : providerError(provider, failure),
        kept: { nodes: [{ status: 'ACTIVE' }] },
      }),
    )
    const gone = await during(gateway, { provider, work: 'disconnecting', failure: notFound }, () =>
      ask(gateway, DisconnectConnectionDocument, { id: connectionId }),
    )
    expect(gone?.disconnectConnection).toMatchObject(
      provider === 'XPANDER'
        ? { __typename: 'UnsupportedError' }
        : { removedAtProvider: false, connection: { status: 'DISCONNECTED' } },
    )
    expectNoSecrets(gateway.logged())
  })
})

const disconnectInFull = `mutation ($connectionId: ID!) { disconnectConnection(id: $connectionId) { __typename
  ... on Error { code message } ... on ProviderError { provider retryable retryAfterSeconds } } }`
