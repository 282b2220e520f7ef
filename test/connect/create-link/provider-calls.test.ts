import { beforeAll, describe, expect, test } from 'vitest'
import { ConnectorsDocument, CreateConnectLinkDocument } from '../../generated/graphql.ts'
import { testDatabase } from '../../helpers/database.ts'
import { submitProviderPage } from '../../helpers/gateway.ts'
import { changes, type OpenGateway, openGateway } from '../gateway.ts'

beforeAll(() => testDatabase())

/** The requests to one provider since the start, except reads. */
async function callsOf(gateway: OpenGateway, provider: string) {
  await gateway.connect.connectorSyncs.idle()
  return (await changes(gateway)).filter((call) => call.includes(` /${provider}/`))
}

/** xpander identifies its connectors by UUID. */
async function xpanderKey({ send }: OpenGateway, search: string) {
  const { connectors } = await send(ConnectorsDocument, { search, providers: ['XPANDER'] })
  return connectors?.nodes?.[0]?.key ?? ''
}

describe('requests to a provider, except reads,', () => {
  test.each([
    ['FIVETRAN', 'hubspot', ['POST /fivetran/v1/connections']],
    ['CENSUS', 'hubspot', ['POST /census/api/v2/activation_connect_links']],
    [
      'PIPEDREAM',
      'github',
      ['POST /pipedream/v1/oauth/token', 'POST /pipedream/v1/connect/proj_sandbox/tokens'],
    ],
  ] as const)('for a link of %s are the documented ones', async (provider, key, calls) => {
    const gateway = await openGateway()
    const link = await gateway.createLink(provider, key)
    await gateway.readLink(link.id)
    await gateway.list()
    await gateway.list()

    expect(await callsOf(gateway, provider.toLowerCase())).toEqual(calls)
  })

  test('for a link of xpander are one connect call, with an OAuth page or with credentials', async () => {
    const gateway = await openGateway()
    const github = await xpanderKey(gateway, 'GitHub')
    const stripe = await xpanderKey(gateway, 'Stripe')
    await gateway.createLink('XPANDER', github)
    await gateway.createLink('XPANDER', stripe, { xpander: { security: { apiKey: 'secret' } } })
    await gateway.list()

    expect(await callsOf(gateway, 'xpander')).toEqual([
      `POST /xpander/v1/tools/connectors/${github}/connect`,
      `POST /xpander/v1/tools/connectors/${stripe}/connect`,
    ])
  })

  test('for 50 concurrent Pipedream links are 50 connect tokens and one access token', async () => {
    const gateway = await openGateway()
    const createFor = (index: number) =>
      gateway.create('PIPEDREAM', { connector: 'github', endUser: { id: `user-${index}` } })

    const results = await Promise.all(Array.from({ length: 50 }, (_, index) => createFor(index)))

    expect(new Set(results.map(({ __typename }) => __typename))).toEqual(
      new Set(['CreateConnectLinkPayload']),
    )
    const calls = await callsOf(gateway, 'pipedream')
    expect(calls.filter((call) => call.endsWith('/v1/oauth/token'))).toHaveLength(1)
    expect(calls.filter((call) => call.endsWith('/tokens'))).toHaveLength(50)
    expect(calls).toHaveLength(51)
  })

  test.each([
    ['a connector with a space', { connector: 'hub spot' }, ['input', 'connector']],
    ['a connector with a path traversal', { connector: '../../v1/users' }, ['input', 'connector']],
    [
      'a redirect URI that is not allowed',
      { redirectUri: 'https://user:pw@evil.example/' },
      ['input', 'redirectUri'],
    ],
    ['a lifetime of 0 s', { expiresInSeconds: 0 }, ['input', 'expiresInSeconds']],
    ['an end user without an id', { endUser: { id: '' } }, ['input', 'endUser', 'id']],
    ['a tag with a NUL', { tags: [{ key: 'a\u0000', value: 'b' }] }, ['input', 'tags', '0', 'key']],
    ['the options of another provider', { census: { groupId: 'g' } }, ['input', 'census']],
  ] as const)('for %s are none', async (_, invalid, path) => {
    const gateway = await openGateway()
    const valid = { connector: 'hubspot', endUser: { id: 'user-1' } }
    const { tags, ...rest } = { tags: [], ...invalid }
    const input = { ...valid, ...rest, tags: [...tags] }

    const { createConnectLink } = await gateway.send(CreateConnectLinkDocument, {
      provider: 'FIVETRAN',
      input,
    })

    expect(createConnectLink).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path }] })
    expect(await callsOf(gateway, 'fivetran')).toEqual([])
  })

  test('for a connector that does not exist or supports no link are none', async () => {
    const gateway = await openGateway()
    await gateway.connect.connectorSyncs.ensureFresh(60_000)
    const endUser = { id: 'user-1' }
    expect(await gateway.create('FIVETRAN', { connector: 'no_such_service', endUser })).toMatchObject({
      __typename: 'NotFoundError',
    })
    expect(await gateway.create('CENSUS', { connector: 'custom_api', endUser })).toMatchObject({
      __typename: 'UnsupportedError',
    })
    expect(await callsOf(gateway, 'fivetran')).toEqual([])
    expect(await callsOf(gateway, 'census')).toEqual([])
  })
})

describe('the log', () => {
  test('contains neither link URLs nor tokens nor credentials', async () => {
    const gateway = await openGateway()
    const key = await xpanderKey(gateway, 'Stripe')
    const security = { apiKey: 'sk_live_hunter2' }
    const links = [
      await gateway.createLink('FIVETRAN', 'hubspot', {
        fivetran: { config: { api_key: 'sk_live_hunter2' } },
      }),
      await gateway.createLink('PIPEDREAM', 'github'),
      await gateway.createLink('XPANDER', key, { xpander: { security } }),
    ]
    await submitProviderPage(links[1]?.url ?? '', 'approve')
    await gateway.list()
    const logged = gateway.logged()

    expect(logged).toContain('PIPEDREAM')
    for (const secret of ['hunter2', 'sandbox-secret', 'ctok_', 'auth=', 'Bearer', '/connect/']) {
      expect(logged).not.toContain(secret)
    }
    for (const { url } of links.slice(0, 2)) expect(logged).not.toContain(url.split('/').at(-1))
  })
})
