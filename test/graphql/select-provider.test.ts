import { beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../helpers/database.ts'
import { asEndUser } from './as-end-user.ts'
import { providerRequests, providers } from './open.ts'
import {
  countRemoteConnections,
  countStoredLinks,
  createLinkWithSelection,
  injectFault,
  planLink,
  planSelection,
  rateLimitedOnce,
  startGatewayWithCatalogue,
} from './select-provider.ts'

beforeAll(() => testDatabase())

describe('createConnectLink without a provider', () => {
  test('creates one link at the first provider that offers the application and returns the reason', async () => {
    const gateway = await startGatewayWithCatalogue()
    const created = await createLinkWithSelection(gateway)
    expect(created).toMatchObject({
      __typename: 'CreateConnectLinkPayload',
      connectLink: { provider: { key: 'FIVETRAN' }, connectorKey: 'hubspot' },
      selection: { chosen: 'FIVETRAN', connectorKey: 'hubspot', reason: expect.stringMatching(/order/) },
    })
    expect(await countStoredLinks(gateway)).toBe(1)
    expect(await createLinkWithSelection(gateway, {}, 'FIVETRAN')).toMatchObject({ selection: null })
  })

  test('selects the preferred provider, and one that offers the direction', async () => {
    const gateway = await startGatewayWithCatalogue()
    expect(
      await createLinkWithSelection(gateway, { preferProviders: ['CENSUS'], direction: 'DESTINATION' }),
    ).toMatchObject({
      connectLink: { provider: { key: 'CENSUS' } },
      selection: { chosen: 'CENSUS' },
    })
    expect(await planSelection(gateway, { direction: 'DESTINATION' })).toMatchObject({
      chosen: 'CENSUS',
      rejected: expect.arrayContaining([
        { provider: 'FIVETRAN', reason: expect.stringMatching(/direction DESTINATION/) },
      ]),
    })
    expect(await planSelection(gateway, { direction: 'SOURCE', preferProviders: ['XPANDER'] })).toMatchObject(
      {
        chosen: 'FIVETRAN',
      },
    )
  })

  test('planConnectLink sends no provider request and stores nothing, with or without a provider', async () => {
    const gateway = await startGatewayWithCatalogue()
    expect(await planSelection(gateway, { idempotencyKey: 'order-1' })).toMatchObject({ chosen: 'FIVETRAN' })
    expect(await planLink(gateway, {}, 'CENSUS')).toMatchObject({
      __typename: 'PlanConnectLinkPayload',
      selection: { chosen: 'CENSUS', connectorKey: 'hubspot', rejected: [] },
    })
    expect(await providerRequests(gateway)).toEqual([])
    expect(await countStoredLinks(gateway)).toBe(0)
    expect(await createLinkWithSelection(gateway, { idempotencyKey: 'order-1' })).toMatchObject({
      replayed: false,
    })
  })

  test('returns NOT_FOUND for an unknown application and for a connector key instead of a slug', async () => {
    const gateway = await startGatewayWithCatalogue()
    const key = gateway.connect.catalogue
      .all()
      .find((one) => gateway.connect.catalogue.application(one.key) === undefined)?.key
    expect(await createLinkWithSelection(gateway, { connector: 'no-such-thing' })).toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await createLinkWithSelection(gateway, { connector: key ?? '' })).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/is a connector key of .*pass the provider too/),
    })
    expect(await createLinkWithSelection(gateway, { connector: '../x' })).toMatchObject({
      issues: [{ path: ['input', 'connector'] }],
    })
  })

  test('restricts the selection to the provider of the option block, and rejects two blocks', async () => {
    const gateway = await startGatewayWithCatalogue()
    expect(await planSelection(gateway, { pipedream: { scope: 'x' } })).toMatchObject({ chosen: 'PIPEDREAM' })
    expect(await createLinkWithSelection(gateway, { pipedream: {}, fivetran: {} })).toMatchObject({
      issues: [{ path: ['input', 'fivetran'] }, { path: ['input', 'pipedream'] }],
    })
    expect(
      await createLinkWithSelection(gateway, { preferProviders: ['FIVETRAN'] }, 'FIVETRAN'),
    ).toMatchObject({
      issues: [{ path: ['input', 'preferProviders'] }],
    })
  })

  test('reports all issues of the input before any provider request', async () => {
    const gateway = await startGatewayWithCatalogue()
    expect(await createLinkWithSelection(gateway, { endUser: null, expiresInSeconds: 0 })).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['input', 'endUser'] }, { path: ['input', 'expiresInSeconds'] }],
    })
    expect(await providerRequests(gateway)).toEqual([])
  })

  test('selects only providers that the session allows', async () => {
    const gateway = await startGatewayWithCatalogue()
    const { query: ask } = await asEndUser(gateway, 'user-1', { providers: ['PIPEDREAM'] })
    const { data } = await ask(`{
      planConnectLink(input: { connector: "hubspot" }) {
        ... on PlanConnectLinkPayload { selection { chosen rejected { provider reason } } }
      }
    }`)
    expect(data).toMatchObject({
      planConnectLink: {
        selection: {
          chosen: 'PIPEDREAM',
          rejected: expect.arrayContaining([
            { provider: 'FIVETRAN', reason: expect.stringMatching(/not allowed in this session/) },
          ]),
        },
      },
    })
  })

  test('reports the issues at the provider that the session allows', async () => {
    const gateway = await startGatewayWithCatalogue()
    const { query: ask } = await asEndUser(gateway, 'user-1', { providers: ['PIPEDREAM'] })
    const { data } = await ask(`mutation {
      createConnectLink(input: { connector: "hubspot", expiresInSeconds: 0 }) {
        ... on InvalidInputError { issues { path } }
      }
    }`)
    expect(data).toEqual({ createConnectLink: { issues: [{ path: ['input', 'expiresInSeconds'] }] } })
  })
})

describe('provider fallback', () => {
  test('uses the next candidate after a rejection, creates one link, and returns the reason', async () => {
    const gateway = await startGatewayWithCatalogue()
    await injectFault(gateway, 'FIVETRAN', rateLimitedOnce)
    const created = await createLinkWithSelection(gateway, { preferProviders: ['FIVETRAN', 'PIPEDREAM'] })
    expect(created).toMatchObject({
      connectLink: { provider: { key: 'PIPEDREAM' } },
      selection: {
        chosen: 'PIPEDREAM',
        rejected: expect.arrayContaining([
          { provider: 'FIVETRAN', reason: expect.stringMatching(/HTTP 429/) },
        ]),
      },
    })
    expect(await countStoredLinks(gateway)).toBe(1)
    expect(await countRemoteConnections(gateway)).toBe(0)
  })

  test('ranks a provider that is DOWN last', async () => {
    const gateway = await startGatewayWithCatalogue()
    await injectFault(gateway, 'FIVETRAN', { times: 100, status: 503, body: {} })
    for (let attempt = 0; attempt < 3; attempt += 1) await createLinkWithSelection(gateway, {}, 'FIVETRAN')
    expect(gateway.connect.health.of(gateway.connect.providers.getConfigured('FIVETRAN').accountKey)).toBe(
      'DOWN',
    )
    await gateway.control('DELETE', 'requests')

    expect(
      await createLinkWithSelection(gateway, { preferProviders: ['FIVETRAN', 'PIPEDREAM'] }),
    ).toMatchObject({
      selection: {
        chosen: 'PIPEDREAM',
        rejected: expect.arrayContaining([
          { provider: 'FIVETRAN', reason: expect.stringMatching(/is DOWN/) },
        ]),
      },
    })
    expect((await providerRequests(gateway)).filter(({ path }) => path.startsWith('/fivetran'))).toEqual([])
  })

  test('tries no other provider after an unknown outcome', async () => {
    const gateway = await startGatewayWithCatalogue()
    await injectFault(gateway, 'FIVETRAN', { method: 'POST', times: 1, kind: 'reset' })
    expect(await createLinkWithSelection(gateway)).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      message: expect.stringMatching(/^Fivetran /),
      provider: 'FIVETRAN',
      retryable: true,
    })
    const posts = (await providerRequests(gateway)).filter(({ method }) => method === 'POST')
    expect(posts.every(({ path }) => path.startsWith('/fivetran'))).toBe(true)
    expect(await countStoredLinks(gateway)).toBe(0)
  })

  test('returns the error of the first candidate when all fail', async () => {
    const gateway = await startGatewayWithCatalogue()
    for (const provider of providers)
      await injectFault(gateway, provider, { times: 100, status: 401, body: {} })
    expect(await createLinkWithSelection(gateway, { preferProviders: ['PIPEDREAM'] })).toMatchObject({
      code: 'PROVIDER_UNAUTHORIZED',
      provider: 'PIPEDREAM',
    })
    expect(await countStoredLinks(gateway)).toBe(0)
  })
})
