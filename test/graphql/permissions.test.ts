import { execute, getNamedType, isCompositeType, parse, subscribe } from 'graphql'
import { describe, expect, test } from 'vitest'
import { createRateLimiter } from '../../src/connect/util/rate-limiter.ts'
import { permissions, sessionPermissions } from '../../src/domain/permissions.ts'
import { noTracing } from '../../src/domain/tracing.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { schema } from '../../src/graphql/schema.ts'

const rootTypes = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
const rootFields = rootTypes.flatMap((type) => Object.values(type?.getFields() ?? {}))

test('every root field declares the permission it needs', () => {
  const declared = Object.fromEntries(rootFields.map(({ name, extensions }) => [name, extensions.permission]))
  expect(declared).toEqual({
    viewer: null,
    auditEvents: 'audit:read',
    funnel: 'audit:read',
    node: null,
    nodes: null,
    providers: 'catalogue:read',
    provider: 'catalogue:read',
    applications: 'catalogue:read',
    application: 'catalogue:read',
    connectors: 'catalogue:read',
    connector: 'catalogue:read',
    connections: 'connections:read',
    connectLinks: 'links:read',
    connectLink: 'links:read',
    planConnectLink: 'links:write',
    createConnectLink: 'links:write',
    createConnectLinks: 'links:write',
    revokeConnectLink: 'links:write',
    cancelConnectLinkAttempt: 'links:write',
    handOverConnectLink: 'links:write',
    takeBackConnectLink: 'links:write',
    claimConnectLink: 'links:write',
    confirmConnectLink: 'links:write',
    reconnectConnection: 'connections:reconnect',
    disconnectConnection: 'connections:write',
    refreshConnection: 'connections:read',
    assignConnection: 'connections:assign',
    refreshConnectors: 'catalogue:refresh',
    createSession: 'sessions:write',
    apiKeys: 'keys:admin',
    createApiKey: 'keys:admin',
    rotateApiKey: 'keys:admin',
    revokeApiKey: 'keys:admin',
    revokeSessions: 'sessions:write',
    providerAccounts: 'accounts:admin',
    createProviderAccount: 'accounts:admin',
    rotateProviderAccount: 'accounts:admin',
    removeProviderAccount: 'accounts:admin',
    providerSuspensions: 'accounts:admin',
    exposure: 'accounts:admin',
    suspendProvider: 'accounts:admin',
    resumeProvider: 'accounts:admin',
    webhookEndpoints: 'webhooks:admin',
    createWebhookEndpoint: 'webhooks:admin',
    updateWebhookEndpoint: 'webhooks:admin',
    rotateWebhookSecret: 'webhooks:admin',
    deleteWebhookEndpoint: 'webhooks:admin',
    sendTestWebhook: 'webhooks:admin',
    redeliverWebhook: 'webhooks:admin',
    connectLinkUpdated: 'links:read',
    connectionUpdated: 'connections:read',
  })
  for (const permission of Object.values(declared)) expect([null, ...permissions]).toContain(permission)
})

/** The smallest document that selects a root field, with a value for each required argument. */
const values: Readonly<Record<string, string>> = {
  ProviderKey: 'PIPEDREAM',
  ID: '"none"',
  DateTime: '"2026-11-01T00:00:00Z"',
  String: '"none"',
  CreateConnectLinkInput: '{ connector: "github", endUser: { id: "user-1" } }',
  CreateConnectLinksInput: '[]',
  CreateApiKeyInput: '{ name: "Backend", scopes: [] }',
  CreateSessionInput: '{ endUser: { id: "user-1" } }',
  CreateProviderAccountInput: '{ provider: CENSUS, organizationId: "acme", name: "Acme", settings: [] }',
  ProviderSettingInput: '[]',
  CreateWebhookEndpointInput: '{ url: "https://app.example.com" }',
  UpdateWebhookEndpointInput: '{}',
}

function documentFor(field: (typeof rootFields)[number]): string {
  const operation = ['query', 'mutation', 'subscription'].find(
    (_, at) => rootTypes[at]?.getFields()[field.name],
  )
  const required = field.args.filter(({ type }) => String(type).endsWith('!'))
  const args = required.map(({ name, type }) => `${name}: ${values[getNamedType(type).name]}`)
  const type = getNamedType(field.type)
  const selection = isCompositeType(type) ? '{ __typename }' : ''
  return `${operation} { ${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''} ${selection} }`
}

describe('a caller without any permission', () => {
  const viewer: Viewer = {
    kind: 'API_KEY',
    id: 'key-1',
    name: null,
    scopes: [],
    endUser: null,
    organizationAccess: null,
    limits: null,
    expiresAt: null,
  }
  // The context has nothing but the viewer and what records the call: a resolver that is reached fails with another
  // error.
  const connect = {
    db: { insertInto: () => ({ values: () => ({ execute: async () => undefined }) }) },
    now: () => new Date(),
    rateLimiter: createRateLimiter(() => new Date(), null),
    waitUntil: (work: unknown) => work,
    tracing: noTracing,
  }
  const contextValue = { viewer, connect }
  const guarded = rootFields.filter(({ extensions }) => extensions.permission !== null)

  test.each(guarded.map((field) => [field.name, documentFor(field)]))('is refused %s', async (_, source) => {
    const document = parse(source)
    const result = source.startsWith('subscription')
      ? await subscribe({ schema, document, contextValue })
      : await execute({ schema, document, contextValue })
    const errors = 'errors' in result ? (result.errors ?? []) : []
    expect(errors.map(({ originalError }) => originalError?.name)).toEqual(['ForbiddenError'])
  })

  test('gets null from node and nodes', async () => {
    const ids = [
      'Provider:FIVETRAN',
      'Connector:FIVETRAN:hubspot',
      'Connection:x',
      'ConnectLink:x',
      'ApiKey:x',
      'ProviderAccount:x',
      'WebhookEndpoint:x',
      'WebhookMessage:x',
    ].map((text) => Buffer.from(text).toString('base64url'))
    const document = parse(`query ($id: ID!, $ids: [ID!]!) { node(id: $id) { id } nodes(ids: $ids) { id } }`)
    const variableValues = { id: ids[0], ids }
    const result = await execute({ schema, document, contextValue, variableValues })
    expect(result).toEqual({ data: { node: null, nodes: ids.map(() => null) } })
  })
})

test('a session may do less than an API key', () => {
  expect(permissions.filter((one) => !(sessionPermissions as readonly string[]).includes(one))).toEqual([
    'catalogue:refresh',
    'connections:assign',
    'sessions:write',
    'keys:admin',
    'audit:read',
    'accounts:admin',
    'webhooks:admin',
  ])
})
