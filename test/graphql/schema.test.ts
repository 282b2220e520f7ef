import { readdirSync, readFileSync } from 'node:fs'
import {
  buildClientSchema,
  type GraphQLNamedType,
  getIntrospectionQuery,
  getNamedType,
  introspectionFromSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  parse,
  printSchema,
  validate,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { schema } from '../../src/graphql/schema.ts'
import { providerDefinitions } from '../../src/providers/index.ts'
import { startTestGateway, testApiKey } from '../helpers/gateway.ts'

const read = (path: string) => readFileSync(new URL(`../../schema/${path}`, import.meta.url), 'utf8')

const operations = readdirSync(new URL('../../schema/operations/', import.meta.url), {
  recursive: true,
  encoding: 'utf8',
}).filter((file) => file.endsWith('.graphql'))

test('the published schema matches the schema of the code; if not, run npm run codegen', () => {
  expect(read('schema.graphql')).toBe(`${printSchema(schema)}\n`)
  expect(buildClientSchema(JSON.parse(read('introspection.json'))).getTypeMap().Error).toBeDefined()
  expect(JSON.parse(read('introspection.json'))).toEqual(introspectionFromSchema(schema))
  const possibleTypes: Record<string, string[]> = JSON.parse(read('possible-types.json'))
  for (const type of Object.values(schema.getTypeMap()).filter(isAbstractType))
    expect(possibleTypes[type.name]).toEqual(schema.getPossibleTypes(type).map(({ name }) => name))
})

test('each scalar names its specification', () => {
  const scalars = Object.values(schema.getTypeMap()).filter(
    (type) => isScalarType(type) && !isSpecifiedScalarType(type),
  )
  expect(
    Object.fromEntries(scalars.map((type) => [type.name, 'specifiedByURL' in type && type.specifiedByURL])),
  ).toEqual({
    DateTime: 'https://scalars.graphql.org/andimarek/date-time.html',
    JSONObject: expect.stringMatching(/^https?:/),
    URL: 'https://url.spec.whatwg.org/',
  })
})

interface Described {
  readonly name: string
  readonly description?: string | null | undefined
}

const withOwner = (owner: string, parts: readonly Described[]): readonly Described[] =>
  parts.map(({ name, description }) => ({ name: `${owner}.${name}`, description }))

/** Returns the type and its fields, arguments or enum values, with qualified names. */
function partsOf(type: GraphQLNamedType): readonly Described[] {
  if (isEnumType(type)) return [type, ...withOwner(type.name, type.getValues())]
  if (isInputObjectType(type)) return [type, ...withOwner(type.name, Object.values(type.getFields()))]
  if (!isObjectType(type) && !isInterfaceType(type)) return [type]
  const fields = Object.values(type.getFields())
  const args = fields.flatMap((field) => withOwner(`${type.name}.${field.name}`, field.args))
  return [type, ...withOwner(type.name, fields), ...args]
}

test('every type, field, argument, input field and enum value has a description', () => {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  )
  const parts = types.flatMap(partsOf)
  expect(parts.length).toBeGreaterThan(200)
  expect(parts.filter(({ description }) => !description?.trim()).map(({ name }) => name)).toEqual([])
})

const blocks = providerDefinitions.map(({ key, linkOptions }) => [key, linkOptions] as const)

test.each(blocks)(
  'the option block of %s has exactly the fields of its linkOptions schema; without fields there is none',
  (key, linkOptions) => {
    const input = schema.getType('CreateConnectLinkInput')
    if (!isInputObjectType(input)) throw new Error('CreateConnectLinkInput is not an input')
    const block = getNamedType(input.getFields()[key.toLowerCase()]?.type)
    const fields = isInputObjectType(block) ? Object.keys(block.getFields()) : []
    if (!(linkOptions instanceof z.ZodObject)) throw new Error('linkOptions is not an object')
    expect(fields.sort()).toEqual(Object.keys(linkOptions.shape).sort())
  },
)

const variables: Readonly<Record<string, object>> = {
  'application.graphql': { slug: 'hubspot' },
  'claim-connect-link.graphql': { id: 'none' },
  'confirm-connect-link.graphql': { id: 'none' },
  'connect-link.graphql': { id: 'none' },
  'create-connect-link.graphql': {
    provider: 'FIVETRAN',
    input: { connector: 'hubspot', endUser: { id: 'user-1' } },
  },
  'create-connect-link-with-selection.graphql': {
    input: { connector: 'hubspot', endUser: { id: 'user-1' } },
  },
  'client/open-connect-cancel.graphql': { id: 'none' },
  'client/open-connect-claim.graphql': { id: 'none' },
  'client/open-connect-create.graphql': { input: { connector: 'hubspot', endUser: { id: 'user-1' } } },
  'client/open-connect-link.graphql': { id: 'none' },
  'client/open-connect-reconnect.graphql': { id: 'none' },
  'plan-connect-link.graphql': { input: { connector: 'hubspot', endUser: { id: 'user-1' } } },
  'create-api-key.graphql': { input: { name: 'Backend', scopes: ['links:read'] } },
  'rotate-api-key.graphql': { id: 'none' },
  'revoke-api-key.graphql': { id: 'none' },
  'revoke-sessions.graphql': { endUserId: 'user-1' },
  'create-provider-account.graphql': {
    input: { provider: 'CENSUS', organizationId: 'acme', name: 'Acme', settings: [] },
  },
  'rotate-provider-account.graphql': { id: 'none', settings: [] },
  'remove-provider-account.graphql': { id: 'none' },
  'suspend-provider.graphql': { provider: 'CENSUS', reason: 'Incident 42' },
  'resume-provider.graphql': { id: 'none' },
  'create-session.graphql': { input: { endUser: { id: 'user-1' } } },
  'create-portal-session.graphql': { input: { endUser: { id: 'user-1' } } },
  'disconnect-connection.graphql': { id: 'none' },
  'reconnect-connection.graphql': { id: 'none' },
  'refresh-connection.graphql': { id: 'none' },
  'revoke-connect-link.graphql': { id: 'none' },
  'cancel-connect-link-attempt.graphql': { id: 'none' },
  'hand-over-connect-link.graphql': { id: 'none' },
  'take-back-connect-link.graphql': { id: 'none' },
  'create-webhook-endpoint.graphql': { input: { url: 'https://app.example.com/webhooks' } },
  'update-webhook-endpoint.graphql': { id: 'none', input: {} },
  'rotate-webhook-secret.graphql': { id: 'none' },
  'delete-webhook-endpoint.graphql': { id: 'none' },
  'send-test-webhook.graphql': { endpointId: 'none' },
  'webhook-messages.graphql': { endpointId: 'none' },
  'exposure.graphql': { provider: 'CENSUS', from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
  'funnel.graphql': { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
}

const isSubscription = (file: string) => read(`operations/${file}`).startsWith('subscription')

describe('the published operations', () => {
  test('include the main operations', () => {
    expect(operations).toEqual(
      expect.arrayContaining([
        'connections.graphql',
        'create-connect-link.graphql',
        'disconnect-connection.graphql',
      ]),
    )
  })

  test.each(operations)('%s is valid', (file) => {
    expect(validate(schema, parse(read(`operations/${file}`)))).toEqual([])
  })

  test('are exactly the documents of persisted-documents.json', () => {
    const manifest: unknown = JSON.parse(read('persisted-documents.json'))
    const documents = Object.values(z.record(z.string(), z.string()).parse(manifest)).map(nameOf)
    expect(documents.sort()).toEqual(operations.map((file) => nameOf(read(`operations/${file}`))).sort())
  })

  test.each(operations.filter((file) => !isSubscription(file)))(
    '%s is within the limits of the endpoint',
    async (file) => {
      const { post } = await startTestGateway({ env: { SANDBOX: 'off' } })
      const response = await post(read(`operations/${file}`), variables[file])
      expect(response.status).toBe(200)
      const { data, errors } = await response.json()
      expect([data, errors]).toEqual([expect.any(Object), undefined])
    },
  )

  test.each(operations.filter(isSubscription))('%s is within the limits of the endpoint', async (file) => {
    const { post } = await startTestGateway({ env: { SANDBOX: 'off' } })
    const headers = { authorization: `Bearer ${testApiKey}`, accept: 'text/event-stream' }
    const response = await post(read(`operations/${file}`), {}, headers)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
    // The stream starts with a heartbeat, not with an error. It would not end by itself.
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toBe(':\n\n')
    await reader?.cancel()
  })
})

test('the largest introspection query is within the limits of the endpoint', async () => {
  const { post } = await startTestGateway({ env: { SANDBOX: 'off' } })
  const query = getIntrospectionQuery({
    descriptions: true,
    directiveIsRepeatable: true,
    inputValueDeprecation: true,
    oneOf: true,
    schemaDescription: true,
    specifiedByUrl: true,
  })
  const response = await post(query)
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({
    data: { __schema: expect.objectContaining({ types: expect.any(Array) }) },
  })
})

function nameOf(document: string): string {
  const [operation] = parse(document).definitions.flatMap((definition) =>
    definition.kind === 'OperationDefinition' ? (definition.name?.value ?? []) : [],
  )
  return operation ?? 'anonymous'
}
