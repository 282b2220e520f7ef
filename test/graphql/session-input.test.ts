import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { CreateSessionDocument, type CreateSessionInput } from '../generated/graphql.ts'
import { approveAndReturn, startTestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { invalidUrls } from './invalid-urls.ts'
import { createLinkOrThrow, postQuery, waitForStatus } from './open.ts'

const withoutProviders = () => startTestGateway({ env: { SANDBOX: 'off' } })
const create = String(CreateSessionDocument)

describe('createSession', () => {
  test('refuses every invalid entry of redirectUris at its index', async () => {
    const { send } = await withoutProviders()
    for (const [name, url] of [
      ...invalidUrls,
      ['a wildcard host', 'https://*.example.com'],
      ['a wildcard path', 'https://app.example.com/*'],
      ['only a wildcard', '*'],
      ['a prototype name', '__proto__'],
    ] as const) {
      const input = { endUser: { id: 'ada' }, redirectUris: ['https://app.example.com', url] }
      const { createSession: result } = await send(CreateSessionDocument, { input })
      expect({ name, ...result }).toMatchObject({
        name,
        issues: [{ path: ['input', 'redirectUris', '1'] }],
      })
    }
  })

  test('refuses entries that REDIRECT_ORIGINS does not have', async () => {
    const gateway = await startTestGateway({
      env: { SANDBOX: 'off', REDIRECT_ORIGINS: 'https://app.example.com' },
    })
    const redirectUris = ['https://app.example.com/done', 'https://evil.test']
    const input = { endUser: { id: 'ada' }, redirectUris }
    expect((await gateway.send(CreateSessionDocument, { input })).createSession).toMatchObject({
      issues: [{ path: ['input', 'redirectUris', '1'], message: 'is not on an allowed origin' }],
    })
  })

  const tags = (count: number, value = 'v') =>
    Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value }))
  const uris = (count: number) => Array.from({ length: count }, (_, index) => `https://${index}.example.com`)

  test.each<[name: string, fields: Partial<CreateSessionInput>, path: string]>([
    ['no permissions', { permissions: [] }, 'permissions'],
    ['no redirectUris', { redirectUris: [] }, 'redirectUris'],
    ['51 redirectUris', { redirectUris: uris(51) }, 'redirectUris'],
    ['51 tags', { tags: tags(51) }, 'tags'],
    ['a tag twice', { tags: [...tags(1), ...tags(1)] }, 'tags'],
    ['a blank tag key', { tags: [{ key: ' ', value: '' }] }, 'tags.0.key'],
    ['a tag with NUL', { tags: [{ key: 'a', value: '\u0000' }] }, 'tags.0.value'],
    ['a slug with a path', { connectors: ['google-sheets/..'] }, 'connectors.0'],
    ['a connector with a wildcard', { connectors: ['*'] }, 'connectors.0'],
    ['a connector with a backslash', { connectors: ['a\\b'] }, 'connectors.0'],
    ['more than fits into a token', { tags: tags(50, 'v'.repeat(100)) }, ''],
    ['long URLs', { redirectUris: uris(5).map((uri) => `${uri}/${'x'.repeat(1_000)}`) }, ''],
  ])('refuses %s', async (_, fields, path) => {
    const { send } = await withoutProviders()
    const input = { endUser: { id: 'ada' }, ...fields }
    const { createSession: result } = await send(CreateSessionDocument, { input })
    if (result.__typename !== 'InvalidInputError') throw new Error('the input was accepted')
    expect(result.issues.map((issue) => issue.path.join('.'))).toContain(
      ['input', path].filter((part) => part !== '').join('.'),
    )
  })

  test.each(['connectors', 'redirectUris', 'tags', 'permissions', 'providers'])(
    'refuses a list of a megabyte in %s before it is parsed',
    async (field) => {
      const gateway = await withoutProviders()
      const input = { endUser: { id: 'ada' }, [field]: Array.from({ length: 100_000 }, () => 'github-com') }
      expect((await gateway.post(create, { input })).status).toBe(413)
    },
  )

  test.each([
    ['an unknown permission', { permissions: ['ADMIN'] }],
    ['a prototype name as a permission', { permissions: ['constructor'] }],
    ['a fine permission', { permissions: ['links:write'] }],
    ['a number as a redirect URI', { redirectUris: [1] }],
    ['an unknown field', { organization: { id: 'acme' }, scopes: ['sessions:write'] }],
  ])('does not accept %s', async (_, fields) => {
    const gateway = await withoutProviders()
    const { data, codes } = await postQuery(gateway, create, { input: { endUser: { id: 'ada' }, ...fields } })
    expect({ data: data ?? null, codes: [...new Set(codes)] }).toEqual({
      data: null,
      codes: ['BAD_USER_INPUT'],
    })
  })

  test('makes tokens of at most 6,000 bytes, so that each request with one fits into a header', async () => {
    const gateway = await withoutProviders()
    const full = { permissions: ['LINK' as const], redirectUris: uris(50), tags: tags(20, 'ü'.repeat(20)) }
    const { token, query } = await asEndUser(gateway, 'ada', full)
    expect(token.length).toBeGreaterThan(3_000)
    expect(token.length).toBeLessThanOrEqual(6_000)
    expect((await query('{ viewer { limits { redirectUris } } }')).data).toMatchObject({
      viewer: { limits: { redirectUris: full.redirectUris } },
    })
  })
})

const secretTags = [
  { key: 'tenant', value: 'swordfish' },
  { key: '__proto__', value: 'pollution' },
]

describe('the tags of a session', () => {
  const created = z.object({
    createConnectLink: z.object({ connectLink: z.object({ id: z.string(), url: z.string() }) }),
  })
  const createLink = `mutation ($input: CreateConnectLinkInput!) { createConnectLink(provider: PIPEDREAM, input: $input) {
    __typename ... on CreateConnectLinkPayload { replayed connectLink { id url tags { key value } } }
    ... on InvalidInputError { issues { path message } } } }`
  const everything = `{ connectLinks { totalCount nodes { tags { key value } connection { tags { key } } } }
    connections { totalCount nodes { tags { key value } } } viewer { scopes name limits { connectors } } }`

  test('are given to its links and their connections, and are visible to API keys only', async () => {
    const gateway = await startTestGateway()
    const session = await asEndUser(gateway, 'ada', { tags: secretTags })
    const response = await session.query(createLink, { input: { connector: 'github' } })
    const { id, url } = created.parse(response.data).createConnectLink.connectLink
    await approveAndReturn(url)
    await waitForStatus(gateway, id, /COMPLETED/)

    const node = `query ($id: ID!) { node(id: $id) { ... on ConnectLink { tags { key } connection { tags { value } } } } }`
    const seen = [response, await session.query(everything), await session.query(node, { id })]
    for (const { text, codes } of seen) {
      expect(codes).toEqual([])
      expect(text).not.toMatch(/swordfish|tenant|pollution/)
    }
    const { data } = await postQuery(gateway, everything)
    expect(data).toMatchObject({
      connectLinks: { nodes: [{ tags: secretTags }] },
      connections: { nodes: [{ tags: secretTags }] },
    })
    const filtered = `query ($tag: TagInput) { connections(filter: { tag: $tag }) { totalCount } connectLinks(filter: { tag: $tag }) { totalCount } }`
    const variables = { tag: secretTags[0] }
    expect((await postQuery(gateway, filtered, variables)).data).toEqual({
      connections: { totalCount: 1 },
      connectLinks: { totalCount: 1 },
    })
    expect(await session.query(filtered, variables)).toMatchObject({
      data: null,
      codes: ['FORBIDDEN'],
    })
  })

  test('cannot be read from the token', async () => {
    const gateway = await withoutProviders()
    const { token } = await asEndUser(gateway, 'ada', { tags: secretTags })
    const text = token
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString())
      .join()
    expect(text).not.toMatch(/swordfish|tenant/)
    expect(decodeJwt(token).tags).toMatch(/^v1\./)
  })

  test('are no part of an idempotent call: a session with other tags gets the same link', async () => {
    const gateway = await startTestGateway()
    const input = { connector: 'github', idempotencyKey: 'key-1' }
    const first = await asEndUser(gateway, 'ada', { tags: secretTags })
    const second = await asEndUser(gateway, 'ada')
    expect((await first.query(createLink, { input })).data).toMatchObject({
      createConnectLink: { replayed: false },
    })
    expect((await second.query(createLink, { input })).data).toMatchObject({
      createConnectLink: { replayed: true },
    })
  })

  test('are those of its reconnect links too', async () => {
    const gateway = await startTestGateway()
    const { id, url } = await createLinkOrThrow(gateway, 'PIPEDREAM', {
      endUser: { id: 'ada' },
      connector: 'github',
    })
    await approveAndReturn(url ?? '')
    const connection = (await waitForStatus(gateway, id, /COMPLETED/)).connection?.id
    const session = await asEndUser(gateway, 'ada', { tags: secretTags })
    const reconnect = 'mutation ($id: ID!) { reconnectConnection(id: $id) { __typename } }'
    expect((await session.query(reconnect, { id: connection })).text).toContain('Payload')
    expect(
      (await postQuery(gateway, '{ connectLinks(first: 1) { nodes { tags { key value } } } }')).data,
    ).toEqual({
      connectLinks: { nodes: [{ tags: secretTags }] },
    })
  })

  test.each([[[]], [[{ key: 'plan', value: 'pro' }]]])('cannot be set by a session: %j', async (tags) => {
    const gateway = await startTestGateway()
    const { query } = await asEndUser(gateway, 'ada')
    expect((await query(createLink, { input: { connector: 'github', tags } })).data).toEqual({
      createConnectLink: {
        __typename: 'InvalidInputError',
        issues: [{ path: ['input', 'tags'], message: 'is for API keys only' }],
      },
    })
  })
})
