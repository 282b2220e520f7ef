import { beforeAll, describe, expect, test } from 'vitest'
import { ConnectorsDocument, CreateConnectLinkDocument } from '../../generated/graphql.ts'
import { testDatabase } from '../../helpers/database.ts'
import { decide } from '../../helpers/gateway.ts'
import { changes, type OpenGateway, openGateway } from '../gateway.ts'

beforeAll(() => testDatabase())

/** The calls, except reads, of one provider since the start. */
async function callsOf(gateway: OpenGateway, provider: string) {
  await gateway.connect.connectorSyncs.idle()
  return (await changes(gateway)).filter((call) => call.includes(` /${provider}/`))
}

/** xpander names its connectors by uuid. */
async function xpanderKey({ send }: OpenGateway, search: string) {
  const { connectors } = await send(ConnectorsDocument, { search, providers: ['XPANDER'] })
  return connectors?.nodes?.[0]?.key ?? ''
}

describe('what is sent to a provider beside reads', () => {
  test.each([
    ['FIVETRAN', 'hubspot', ['POST /fivetran/v1/connections']],
    ['CENSUS', 'hubspot', ['POST /census/api/v2/activation_connect_links']],
    [
      'PIPEDREAM',
      'github',
      ['POST /pipedream/v1/oauth/token', 'POST /pipedream/v1/connect/proj_sandbox/tokens'],
    ],
  ] as const)('for a link of %s is what it documents, and nothing more', async (provider, key, calls) => {
    const gateway = await openGateway()
    const link = await gateway.createLink(provider, key)
    await gateway.readLink(link.id)
    await gateway.list()
    await gateway.list()

    expect(await callsOf(gateway, provider.toLowerCase())).toEqual(calls)
  })

  test('for a link of xpander is one call to connect, with an OAuth page or with credentials', async () => {
    const gateway = await openGateway()
    const github = await xpanderKey(gateway, 'GitHub')
    const stripe = await xpanderKey(gateway, 'Stripe')
    await gateway.createLink('XPANDER', github)
    await gateway.createLink('XPANDER', stripe, { xpander: { security: { apiKey: 'secret' } } })
    await gateway.list()

    expect(await callsOf(gateway, 'xpander')).toEqual([
      `POST /xpander/v1/connectors/${github}/connect`,
      `POST /xpander/v1/connectors/${stripe}/connect`,
    ])
  })

  test('for fifty Pipedream links asked for at once is fifty tokens for links and one for access', async () => {
    const gateway = await openGateway()
    const ask = (index: number) =>
      gateway.create('PIPEDREAM', { connector: 'github', endUser: { id: `user-${index}` } })

    const made = await Promise.all(Array.from({ length: 50 }, (_, index) => ask(index)))

    expect(new Set(made.map(({ __typename }) => __typename))).toEqual(new Set(['CreateConnectLinkPayload']))
    const calls = await callsOf(gateway, 'pipedream')
    expect(calls.filter((call) => call.endsWith('/v1/oauth/token'))).toHaveLength(1)
    expect(calls.filter((call) => call.endsWith('/tokens'))).toHaveLength(50)
    expect(calls).toHaveLength(51)
  })

  test.each([
    ['a connector with a blank', { connector: 'hub spot' }, ['input', 'connector']],
    ['a connector that climbs', { connector: '../../v1/users' }, ['input', 'connector']],
    [
      'an address that is not allowed',
      { redirectUri: 'https://user:pw@evil.example/' },
      ['input', 'redirectUri'],
    ],
    ['a lifetime of nothing', { expiresInSeconds: 0 }, ['input', 'expiresInSeconds']],
    ['an end user without a name', { endUser: { id: '' } }, ['input', 'endUser', 'id']],
    ['a tag with a NUL', { tags: [{ key: 'a\u0000', value: 'b' }] }, ['input', 'tags', '0', 'key']],
    ['the block of another provider', { census: { groupId: 'g' } }, ['input', 'census']],
  ] as const)('for %s is nothing', async (_, wrong, path) => {
    const gateway = await openGateway()
    const right = { connector: 'hubspot', endUser: { id: 'user-1' } }
    const { tags, ...rest } = { tags: [], ...wrong }
    const input = { ...right, ...rest, tags: [...tags] }

    const { createConnectLink } = await gateway.send(CreateConnectLinkDocument, {
      provider: 'FIVETRAN',
      input,
    })

    expect(createConnectLink).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path }] })
    expect(await callsOf(gateway, 'fivetran')).toEqual([])
  })

  test('for a connector that does not exist, or that takes no link, is nothing', async () => {
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

describe('what may be read', () => {
  test('holds neither links nor tokens nor credentials in the log', async () => {
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
    await decide(links[1]?.url ?? '', 'approve')
    await gateway.list()
    const logged = gateway.logged()

    expect(logged).toContain('PIPEDREAM')
    for (const secret of ['hunter2', 'sandbox-secret', 'ctok_', 'auth=', 'Bearer', '/connect/']) {
      expect(logged).not.toContain(secret)
    }
    for (const { url } of links.slice(0, 2)) expect(logged).not.toContain(url.split('/').at(-1))
  })
})
