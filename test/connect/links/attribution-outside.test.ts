import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { submitProviderPage } from '../../helpers/gateway.ts'
import { callDirectly, fivetranHeaders, type OpenGateway, openGateway } from '../gateway.ts'

const idAnswer = z.object({ data: z.object({ id: z.string() }) })

/** Creates a working Fivetran connection with the provider's API. */
async function fivetranConnection(gateway: OpenGateway, group_id: string, schema: string) {
  const body = {
    group_id,
    service: 'github',
    config: { schema, api_token: 'a token' },
    run_setup_tests: true,
    paused: false,
  }
  const answer = await callDirectly(gateway, '/fivetran/v1/connections', { headers: fivetranHeaders, body })
  return idAnswer.parse(await answer.json()).data.id
}

async function fivetranGroup(gateway: OpenGateway, name: string) {
  const answer = await callDirectly(gateway, '/fivetran/v1/groups', {
    headers: fivetranHeaders,
    body: { name },
  })
  return idAnswer.parse(await answer.json()).data.id
}

async function censusActivation(gateway: OpenGateway) {
  const headers = { authorization: 'Bearer sandbox-pat' }
  const body = { type: 'hubspot', group_id: 'sandbox_group' }
  const answer = await callDirectly(gateway, '/census/api/v2/activation_connect_links', { headers, body })
  const link = z.object({ data: z.object({ uri: z.string() }) }).parse(await answer.json())
  await submitProviderPage(link.data.uri, 'approve')
}

async function pipedreamAccount(gateway: OpenGateway, external_user_id: string) {
  const token = await callDirectly(gateway, '/pipedream/v1/oauth/token', {
    headers: {},
    body: {
      grant_type: 'client_credentials',
      client_id: 'sandbox-client',
      client_secret: 'sandbox-secret',
    },
  })
  const { access_token } = z.object({ access_token: z.string() }).parse(await token.json())
  const headers = { authorization: `Bearer ${access_token}`, 'x-pd-environment': 'development' }
  const created = await callDirectly(gateway, '/pipedream/v1/connect/proj_sandbox/tokens', {
    headers,
    body: { external_user_id },
  })
  const { connect_link_url } = z.object({ connect_link_url: z.string() }).parse(await created.json())
  await submitProviderPage(`${connect_link_url}&app=github`, 'approve')
}

async function xpanderConnection(gateway: OpenGateway) {
  const headers = { 'x-api-key': 'sandbox-key' }
  const found = await callDirectly(gateway, '/xpander/v1/connectors/search?query=stripe', {
    method: 'GET',
    headers,
  })
  const [stripe] = z.array(z.object({ id: z.string() })).parse(await found.json())
  const body = { name: 'Team', security: { apiKey: 'secret' }, access_scope: 'organizational' }
  await callDirectly(gateway, `/xpander/v1/connectors/${stripe?.id}/connect`, { headers, body })
}

describe('a connection that was made outside the gateway', () => {
  test('is listed without an end user, unless its provider names one', async () => {
    const gateway = await openGateway()
    await fivetranConnection(gateway, 'sandbox_group', 'made_outside')
    await censusActivation(gateway)
    await pipedreamAccount(gateway, 'user-of-another-program')
    await xpanderConnection(gateway)

    const { nodes } = await gateway.list()

    const owners = Object.fromEntries(nodes.map(({ provider, endUser }) => [provider.key, endUser]))
    expect(owners).toEqual({
      FIVETRAN: null,
      CENSUS: null,
      PIPEDREAM: { id: 'user-of-another-program' },
      XPANDER: null,
    })
    expect(nodes.map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE'])
  })

  test('is never attributed to an open link of another end user', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('PIPEDREAM', 'github')
    await pipedreamAccount(gateway, 'user-of-another-program')

    gateway.clock.advance(3)
    expect(await gateway.readLink(link.id)).toMatchObject({ status: 'CREATED', connection: null })
    const { nodes } = await gateway.list()
    expect(nodes).toMatchObject([{ endUser: { id: 'user-of-another-program' } }])
  })
})

describe('groups of Fivetran', () => {
  test('are synced once a link has used them; other groups of the account are not', async () => {
    const gateway = await openGateway()
    const used = await fivetranGroup(gateway, 'Used by a link')
    const unused = await fivetranGroup(gateway, 'Of another program')
    await fivetranConnection(gateway, used, 'in_used_group')
    await fivetranConnection(gateway, unused, 'in_unused_group')
    expect((await gateway.list()).nodes).toEqual([])

    await gateway.makeConnection('FIVETRAN', 'hubspot', { fivetran: { groupId: used, schema: 'by_link' } })

    const { nodes } = await gateway.list()
    expect(nodes.map(({ name }) => name).toSorted()).toEqual(['by_link', 'in_used_group'])
  })
})

describe('a deletion at the provider', () => {
  test('makes the connection DISCONNECTED and keeps its row', async () => {
    const gateway = await openGateway()
    await gateway.makeConnection('FIVETRAN', 'hubspot')
    const [connection] = (await gateway.list()).nodes
    expect(connection).toMatchObject({ status: 'ACTIVE', endUser: { id: 'user-1' } })

    const path = `/fivetran/v1/connections/${connection?.remoteId}`
    await callDirectly(gateway, path, { method: 'DELETE', headers: fivetranHeaders })

    expect((await gateway.list()).nodes).toMatchObject([
      { id: connection?.id, status: 'DISCONNECTED', health: { code: 'REVOKED' }, endUser: { id: 'user-1' } },
    ])
    expect((await gateway.list({ statuses: ['ACTIVE'] })).totalCount).toBe(0)
  })
})
