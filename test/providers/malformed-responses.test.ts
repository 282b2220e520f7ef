import { describe, expect, test } from 'vitest'
import { census } from '../../src/providers/census/census.ts'
import { fivetran } from '../../src/providers/fivetran/fivetran.ts'
import { pipedream } from '../../src/providers/pipedream/pipedream.ts'
import { xpander } from '../../src/providers/xpander/xpander.ts'
import * as fromCensus from '../fixtures/census.ts'
import * as fromFivetran from '../fixtures/fivetran.ts'
import * as fromPipedream from '../fixtures/pipedream.ts'
import * as fromXpander from '../fixtures/xpander.ts'
import { cannedProvider, linkRequest, openLink, reference, status } from './canned.ts'
import { call, readAll } from './open.ts'

describe('a malformed optional field', () => {
  const connected = fromFivetran.connectedConnection
  test.each<[string, object, object]>([
    [
      'a task without a code',
      { status: { ...connected.status, tasks: [{ message: 'look' }] } },
      { status: 'NEEDS_ATTENTION', healthMessage: 'Fivetran reports an open task: look' },
    ],
    ['tasks that are an object', { status: { ...connected.status, tasks: {} } }, { status: 'ACTIVE' }],
    ['a task that is a text', { status: { ...connected.status, tasks: ['x', {}] } }, { status: 'ACTIVE' }],
    ['a card without values', { connect_card: { token: null, uri: null } }, { status: 'ACTIVE' }],
    ['a numeric schema', { schema: 7 }, { status: 'ACTIVE', name: null }],
    ['an update state', { status: { ...connected.status, update_state: {} } }, { health: 'OK' }],
    ['a paused state', { paused: 'true' }, { status: 'ACTIVE' }],
  ])('of a Fivetran connection does not prevent its link from completing: %s', async (_, more, expected) => {
    const response = { code: 'Success', data: { ...connected, ...more } }
    const adapter = await cannedProvider(fivetran, { 'GET /v1/connections/a': response })
    const link = openLink({ remoteConnectionId: 'a', direction: 'SOURCE' })
    expect(await adapter.checkLink(link, call)).toMatchObject({
      kind: 'completed',
      connection: { remoteId: connected.id, connectorKey: connected.service, ...expected },
    })
  })

  test('of a Fivetran connection leaves the readable set-up tests', async () => {
    const setup_tests = [null, { title: 'Validate Login', status: 'FAILED' }, 'x']
    const data = { ...fromFivetran.incompleteConnection, setup_tests }
    const adapter = await cannedProvider(fivetran, { 'GET /v1/connections/a': { data } })
    const link = openLink({ remoteConnectionId: 'a', direction: 'SOURCE' })
    expect(await adapter.checkLink(link, call)).toEqual({
      kind: 'open',
      failedAttempt: { code: 'SETUP_TEST_FAILED', message: 'Set-up tests failed: "Validate Login".' },
    })
  })

  test('of a new Fivetran connection: without a readable card, one is created; its token may be unreadable', async () => {
    const { connect_card } = fromFivetran.connectCard.data
    const data = { ...fromFivetran.incompleteConnection, connect_card: { ...connect_card, uri: 7 } }
    const adapter = await cannedProvider(fivetran, {
      'POST /v1/connections': status(201, { data }),
      'POST /v1/connections/speak_inexpensive/connect-card': {
        data: { connect_card: { ...connect_card, token: 7 } },
      },
    })
    expect(await adapter.createLink(linkRequest({ direction: 'SOURCE' }), call)).toMatchObject({
      url: connect_card.uri,
      expiry: { source: 'PROVIDER_DEFAULT' },
    })
  })

  const group = { CENSUS_GROUP_ID: 'wandering_aimlessly' }
  const { destination, ...activation } = fromCensus.nestedActivation
  const needsReauth = { status: 'NEEDS_ATTENTION', healthMessage: 'The last connection test failed.' }
  test.each<[string, object, object]>([
    ['test results that are a text', { ...destination, last_test_results: 'x' }, { status: 'ACTIVE' }],
    [
      'a step that is null',
      { ...destination, last_test_succeeded: false, last_test_results: { steps: [null] } },
      needsReauth,
    ],
    ['a test result as text', { ...destination, last_test_succeeded: 'true' }, { status: 'PENDING' }],
    ['a numeric account', { ...destination, connection_details: 7 }, { externalAccount: null }],
  ])('of a Census activation is absent: %s', async (_, changed, expected) => {
    const data = { ...activation, destination: changed, name: ['x'] }
    const adapter = await cannedProvider(census, { 'GET /api/v2/activations/x': { data } }, group)
    expect(await adapter.getConnection(reference({ remoteId: 'x' }), call)).toMatchObject({
      connectorKey: 'hubspot',
      name: null,
      ...expected,
    })
  })

  test('of a Census activation: the nested object with a type is read, and a numeric group', async () => {
    const data = { ...activation, destination: { type: 7 }, service_connection: destination, group_id: 5 }
    const adapter = await cannedProvider(census, { 'GET /api/v2/activations/x': { data } }, group)
    expect(await adapter.getConnection(reference({ remoteId: 'x' }), call)).toMatchObject({
      connectorKey: 'hubspot',
      status: 'ACTIVE',
      remoteGroup: '5',
    })
  })

  test('of a Census link that is checked', async () => {
    const more = { uri: null, expired: 'false', revoked: {}, expiration: 7 }
    const adapter = await cannedProvider(
      census,
      {
        'GET /api/v2/activations': { data: [fromCensus.nestedActivation] },
        'GET /api/v2/activation_connect_links/469': { data: { ...fromCensus.activationLink, ...more } },
      },
      group,
    )
    const link = openLink({ remoteLinkId: '469', providerState: { baseline: [] } })
    expect(await adapter.checkLink(link, call)).toEqual({ kind: 'open' })
    expect(await adapter.checkLink({ ...link, connectorKey: 'hubspot' }, call)).toMatchObject({
      kind: 'candidates',
    })
  })

  test('of a Pipedream account', async () => {
    const account = { ...fromPipedream.githubAccount, name: {}, healthy: 'yes', dead: [], created_at: 7 }
    const adapter = await cannedProvider(pipedream, {
      'POST /v1/oauth/token': fromPipedream.accessToken,
      'GET /v1/connect/proj_sandbox/accounts/a': account,
    })
    expect(await adapter.getConnection(reference({ remoteId: 'a' }), call)).toMatchObject({
      remoteId: fromPipedream.githubAccount.id,
      connectorKey: 'github',
      name: null,
      status: 'ACTIVE',
      health: 'UNKNOWN',
    })
  })

  test.each([
    ['a connection', { ...fromXpander.connection, name: 7, created_at: {} }, { kind: 'connected' }],
    ['a page', { ...fromXpander.page, message: ['x'], id: 7 }, { providerState: { pendingId: null } }],
  ])('of the response to a connect call of xpander with %s', async (_, response, expected) => {
    const adapter = await cannedProvider(xpander, {
      [`POST /v1/tools/connectors/${fromXpander.slackId}/connect`]: response,
    })
    const options = { security: { apiKey: 'key' } }
    const request = linkRequest({ connectorKey: fromXpander.slackId, options })
    expect(await adapter.createLink(request, call)).toMatchObject(expected)
  })
})

describe('an unreadable decoration of a connector', () => {
  const { slack } = fromXpander
  test.each([
    [
      'Fivetran',
      fivetran,
      '/v1/metadata/connector-types',
      { data: { items: [{ id: 'key', name: 'Name', icon_url: 5, type: {}, service_status: [] }] } },
    ],
    [
      'Census',
      census,
      '/api/v2/activation_types',
      { data: [{ service_name: 'key', label: 'Name', configuration_fields: [], auth_method: 5 }] },
    ],
    [
      'Pipedream',
      pipedream,
      '/v1/connect/apps',
      { data: [{ name_slug: 'key', name: 'Name', categories: [null, 'CRM'], description: 5 }] },
    ],
    [
      'xpander',
      xpander,
      '/v1/tools',
      {
        items: [{ id: 'key', name: 'Name', logo: {}, connections: 'none', using_built_in_auth: 'true' }],
        total_pages: 1,
      },
    ],
  ])('of %s is absent', async (name, definition, path, response) => {
    const token = { 'POST /v1/oauth/token': fromPipedream.accessToken }
    const adapter = await cannedProvider(definition, { ...token, [`GET ${path}`]: response })
    const { items, skipped } = await readAll(adapter.listConnectors(call))
    expect(skipped).toEqual([])
    expect(items).toMatchObject([
      {
        key: 'key',
        name: 'Name',
        description: null,
        logoUrl: null,
        categories: name === 'Pipedream' ? ['CRM'] : [],
        auth: 'UNKNOWN',
        linkable: true,
      },
    ])
  })

  test('of xpander in place of its connections: each of them may exist', async () => {
    const items = [{ ...slack, connections: 'none' }]
    const adapter = await cannedProvider(xpander, { 'GET /v1/tools': { items, total_pages: 1 } })
    expect(await readAll(adapter.listConnections([], call))).toMatchObject({
      items: [],
      skipped: [{ id: null, problems: ['connections: invalid_type'] }],
    })
    const existing = reference({ remoteId: fromXpander.connection.id, connectorKey: slack.id })
    await expect(adapter.getConnection(existing, call)).rejects.toMatchObject({
      code: 'PROVIDER_INVALID_RESPONSE',
    })
  })
})
