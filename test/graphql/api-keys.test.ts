import { describe, expect, test } from 'vitest'
import { permissions } from '../../src/domain/permissions.ts'
import { encodeGlobalId } from '../../src/graphql/ids.ts'
import {
  ApiKeysDocument,
  CreateApiKeyDocument,
  RevokeApiKeyDocument,
  RotateApiKeyDocument,
} from '../generated/graphql.ts'
import { startTestGateway, testApiKey } from '../helpers/gateway.ts'
import { asApiKey, queryWith } from './as-api-key.ts'
import { asEndUser } from './as-end-user.ts'
import { everyRow } from './every-row.ts'
import { postQuery } from './open.ts'
import { unusedUuid } from './two-users.ts'

const withoutProviders = () => startTestGateway({ env: { SANDBOX: 'off' } })
const createDocument = String(CreateApiKeyDocument)
const rotateDocument = String(RotateApiKeyDocument)
const revokeDocument = String(RevokeApiKeyDocument)
const viewerQuery = '{ viewer { kind name scopes endUser { id } } }'
const unauthenticated = { status: 401, codes: ['UNAUTHENTICATED'] }
const unknownId = encodeGlobalId('ApiKey', unusedUuid)

test('a created key authenticates with its name and scopes, and may do nothing else', async () => {
  const gateway = await withoutProviders()
  const scopes = ['links:read', 'connections:read']
  const { query, ...apiKey } = await asApiKey(gateway, { name: 'Reporting', scopes })
  expect(apiKey).toMatchObject({
    name: 'Reporting',
    scopes,
    createdAt: gateway.clock.now().toISOString(),
    expiresAt: null,
    key: expect.stringMatching(/^cgw_\w{38}$/),
  })
  expect((await query(viewerQuery)).data).toEqual({
    viewer: { kind: 'API_KEY', name: 'Reporting', scopes, endUser: null },
  })
  expect(await query('{ connectLinks { totalCount } }')).toMatchObject({ codes: [] })
  expect(await query('{ connectors { totalCount } }')).toMatchObject({ data: null, codes: ['FORBIDDEN'] })
  expect(await query('{ apiKeys { totalCount } }')).toMatchObject({ data: null, codes: ['FORBIDDEN'] })
})

test('apiKeys lists all keys in pages, newest first, for keys:admin', async () => {
  const gateway = await withoutProviders()
  const first = await asApiKey(gateway, { name: 'first', scopes: ['keys:admin', 'links:read'] })
  gateway.clock.advance(1)
  const { data } = await first.query(createDocument, { input: { name: 'second', scopes: ['links:read'] } })
  expect(data).toMatchObject({ createApiKey: { __typename: 'CreateApiKeyPayload' } })
  const { apiKeys } = await gateway.send(ApiKeysDocument, {})
  expect(apiKeys).toMatchObject({
    totalCount: 2,
    nodes: [
      { name: 'second', createdBy: first.id, revokedAt: null, lastUsedAt: null },
      { name: 'first', createdBy: 'GATEWAY_API_KEY', id: first.id },
    ],
  })
  const page = (await gateway.send(ApiKeysDocument, { first: 1 })).apiKeys
  expect([page.nodes, page.pageInfo.hasNextPage]).toEqual([apiKeys.nodes.slice(0, 1), true])
  const after = page.pageInfo.endCursor ?? null
  expect((await gateway.send(ApiKeysDocument, { first: 1, after })).apiKeys).toMatchObject({
    nodes: apiKeys.nodes.slice(1),
    pageInfo: { hasNextPage: false },
  })
  const node = 'query ($id: ID!) { node(id: $id) { __typename id ... on ApiKey { name } } }'
  const found = { node: { __typename: 'ApiKey', id: first.id, name: 'first' } }
  expect((await first.query(node, { id: first.id })).data).toEqual(found)
  expect((await first.query(node, { id: unknownId })).data).toEqual({ node: null })
  const reader = await asApiKey(gateway)
  expect((await reader.query(node, { id: first.id })).data).toEqual({ node: null })
})

describe('a key cannot get more scopes than it has', () => {
  const admin = { name: 'Admin', scopes: ['keys:admin', 'links:read'] }

  test('by creating a key', async () => {
    const { query } = await asApiKey(await withoutProviders(), admin)
    const create = (scopes: readonly string[]) => query(createDocument, { input: { name: 'x', scopes } })
    for (const scope of permissions.filter((one) => !admin.scopes.includes(one)))
      expect(await create(['links:read', scope])).toMatchObject({ data: null, codes: ['FORBIDDEN'] })
    expect((await create(admin.scopes)).data).toMatchObject({
      createApiKey: { __typename: 'CreateApiKeyPayload', apiKey: { scopes: admin.scopes } },
    })
  })

  test('by rotating a key', async () => {
    const gateway = await withoutProviders()
    const { query } = await asApiKey(gateway, admin)
    const other = await asApiKey(gateway, { scopes: ['links:read', 'links:write'] })
    expect(await query(rotateDocument, { id: other.id })).toMatchObject({ data: null, codes: ['FORBIDDEN'] })
    const own = await asApiKey(gateway, { scopes: ['links:read'] })
    expect((await query(rotateDocument, { id: own.id })).data).toMatchObject({
      rotateApiKey: { __typename: 'RotateApiKeyPayload' },
    })
    expect(await other.query(viewerQuery)).toMatchObject({ status: 200 })
  })
})

test.each([
  ['without scopes', { scopes: [] }, ['input.scopes']],
  ['with too many scopes', { scopes: Array(51).fill('x') }, ['input.scopes']],
  ['with an unknown scope', { scopes: ['links:read', 'links:*'] }, ['input.scopes.1']],
  ['with a blank name', { name: ' ' }, ['input.name']],
  ['with a long name', { name: 'x'.repeat(101) }, ['input.name']],
  ['with control characters', { name: 'a\nb' }, ['input.name']],
  ['with an expiry of 0 s', { expiresInSeconds: 0 }, ['input.expiresInSeconds']],
  ['with an expiry of more than 10 years', { expiresInSeconds: 315_360_001 }, ['input.expiresInSeconds']],
  [
    'with several problems',
    { name: '', scopes: ['x', 'y'] },
    ['input.name', 'input.scopes.0', 'input.scopes.1'],
  ],
])('createApiKey refuses a key %s', async (_, input, paths) => {
  const gateway = await withoutProviders()
  const { createApiKey } = await gateway.send(CreateApiKeyDocument, {
    input: { name: 'x', scopes: ['links:read'], ...input },
  })
  if (createApiKey.__typename !== 'InvalidInputError') throw new Error(createApiKey.__typename)
  expect(createApiKey.issues.map(({ path }) => path.join('.'))).toEqual(paths)
  expect((await gateway.send(ApiKeysDocument, {})).apiKeys.totalCount).toBe(0)
})

test('rotateApiKey returns typed errors', async () => {
  const gateway = await withoutProviders()
  const { id } = await asApiKey(gateway)
  const rotate = async (variables: { id: string; overlapSeconds?: number }) =>
    (await gateway.send(RotateApiKeyDocument, variables)).rotateApiKey
  for (const overlapSeconds of [-1, 2_592_001])
    expect(await rotate({ id, overlapSeconds })).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['overlapSeconds'] }],
    })
  for (const unknown of [unknownId, 'junk', encodeGlobalId('Connection', unusedUuid)])
    expect(await rotate({ id: unknown })).toMatchObject({ __typename: 'NotFoundError' })
  await gateway.send(RevokeApiKeyDocument, { id })
  expect(await rotate({ id })).toMatchObject({ __typename: 'ConflictError', code: 'INVALID_STATE' })
})

test('a key can revoke itself; revocation is permanent and repeatable, and leaves GATEWAY_API_KEY', async () => {
  const gateway = await withoutProviders()
  const { id, query } = await asApiKey(gateway, { scopes: ['keys:admin'] })
  const revokedAt = gateway.clock.now().toISOString()
  expect((await query(revokeDocument, { id })).data).toMatchObject({
    revokeApiKey: { apiKey: { id, revokedAt } },
  })
  expect(await query(viewerQuery)).toMatchObject(unauthenticated)
  gateway.clock.advance(60)
  expect((await gateway.send(RevokeApiKeyDocument, { id })).revokeApiKey).toMatchObject({
    apiKey: { revokedAt },
  })
  for (const unknown of [unknownId, 'junk'])
    expect((await gateway.send(RevokeApiKeyDocument, { id: unknown })).revokeApiKey).toMatchObject({
      __typename: 'NotFoundError',
    })
  const { data } = await postQuery(gateway, viewerQuery)
  expect(data).toEqual({
    viewer: { kind: 'API_KEY', name: 'GATEWAY_API_KEY', scopes: permissions, endUser: null },
  })
})

test('a session cannot manage keys', async () => {
  const gateway = await withoutProviders()
  const { id } = await asApiKey(gateway)
  const ada = await asEndUser(gateway, 'ada')
  const documents = [createDocument, rotateDocument, revokeDocument, String(ApiKeysDocument)]
  for (const document of documents)
    expect(await ada.query(document, { id, input: { name: 'x', scopes: ['links:read'] } })).toMatchObject({
      data: null,
      codes: ['FORBIDDEN'],
    })
})

test('a key is returned once, and is in no table and no log line', async () => {
  const gateway = await withoutProviders()
  const created = await asApiKey(gateway, { name: 'Searched' })
  const { rotateApiKey } = await gateway.send(RotateApiKeyDocument, { id: created.id })
  if (rotateApiKey.__typename !== 'RotateApiKeyPayload') throw new Error(rotateApiKey.__typename)
  const keys = [created.key, rotateApiKey.key]
  const texts = []
  for (const key of keys) {
    const query = queryWith(gateway, key)
    texts.push((await query(viewerQuery)).text, (await query('{ nothing }')).text)
  }
  texts.push((await postQuery(gateway, String(ApiKeysDocument))).text)
  await gateway.send(RevokeApiKeyDocument, { id: created.id })
  for (const key of keys) texts.push((await queryWith(gateway, key)(viewerQuery)).text)
  for (const _ of Array(10))
    texts.push((await queryWith(gateway, `${created.key.slice(0, -1)}!`)(viewerQuery)).text)

  const rows = await everyRow()
  expect(rows).toContain('Searched')
  expect(gateway.logged()).toContain('authentication fails repeatedly')
  const parts = keys.flatMap((key) => [key, key.slice(4, 36)])
  for (const text of [rows, gateway.logged(), ...texts])
    expect(parts.filter((part) => text.includes(part))).toEqual([])
  expect(rows).not.toContain(testApiKey)
})
