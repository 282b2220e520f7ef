import { describe, expect, test } from 'vitest'
import { sessionPermissions } from '../../src/domain/permissions.ts'
import {
  CreateConnectLinkDocument,
  CreateSessionDocument,
  type CreateSessionInput,
} from '../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { awaitSyncsAndClearRequests, providerRequests } from './open.ts'

const withoutProviders = () => startTestGateway({ env: { SANDBOX: 'off' } })
const createSession = String(CreateSessionDocument)
const createConnectLink = String(CreateConnectLinkDocument)
const viewerQuery = '{ viewer { kind name scopes endUser { id name email } } }'

test('a session token authenticates as the end user for 15 minutes by default', async () => {
  const gateway = await withoutProviders()
  const ada = { id: 'user-1', name: 'Ada Lovelace', email: 'ada@example.com' }
  const session = (await gateway.send(CreateSessionDocument, { input: { endUser: ada } })).createSession
  if (session.__typename !== 'CreateSessionPayload') throw new Error(JSON.stringify(session))
  expect(session.expiresAt).toBe(new Date(gateway.clock.now().getTime() + 900_000).toISOString())

  const headers = { authorization: `Bearer ${session.token}` }
  expect(await (await gateway.post(viewerQuery, {}, headers)).json()).toEqual({
    data: {
      viewer: {
        kind: 'END_USER',
        name: 'Ada Lovelace',
        scopes: sessionPermissions,
        endUser: ada,
      },
    },
  })
  gateway.clock.advance(900)
  expect((await gateway.post(viewerQuery, {}, headers)).status).toBe(401)
})

test('a session expires after expiresInSeconds', async () => {
  const gateway = await withoutProviders()
  const { query: ask, expiresAt } = await asEndUser(gateway, 'user-1', { expiresInSeconds: 5 })
  expect(expiresAt).toBe(new Date(gateway.clock.now().getTime() + 5_000).toISOString())
  gateway.clock.advance(4)
  expect(await ask('{ viewer { kind } }')).toMatchObject({ status: 200, codes: [] })
  gateway.clock.advance(1)
  expect(await ask('{ viewer { kind } }')).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] })
})

test('neither a session token nor a part of one is logged', async () => {
  const gateway = await withoutProviders()
  const { token, query: ask } = await asEndUser(gateway, 'user-1')
  await ask('{ viewer { kind } }')
  await ask(createSession, { input: { endUser: { id: 'user-1' } } })
  gateway.clock.advance(900)
  await ask('{ viewer { kind } }')
  for (const part of [...token.split('.'), token]) expect(gateway.logged().includes(part)).toBe(false)
})

describe('createSession', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `connector_${index}`)

  test.each<[name: string, input: Partial<CreateSessionInput>, paths: readonly string[]]>([
    ['an empty ID', { endUser: { id: '' } }, ['endUser.id']],
    ['a blank ID', { endUser: { id: ' ' } }, ['endUser.id']],
    ['an ID of 251 characters', { endUser: { id: 'x'.repeat(251) } }, ['endUser.id']],
    ['an ID with NUL', { endUser: { id: 'a\u0000' } }, ['endUser.id']],
    ['a name of 251 characters', { endUser: { id: 'a', name: 'x'.repeat(251) } }, ['endUser.name']],
    ['an email of 321 characters', { endUser: { id: 'a', email: 'x'.repeat(321) } }, ['endUser.email']],
    ['a lifetime of 0', { expiresInSeconds: 0 }, ['expiresInSeconds']],
    ['a lifetime of more than a day', { expiresInSeconds: 86_401 }, ['expiresInSeconds']],
    ['an empty list of connectors', { connectors: [] }, ['connectors']],
    ['101 connectors', { connectors: many(101) }, ['connectors']],
    [
      'connector keys too long for a header',
      { connectors: [...many(40), 'x'.repeat(200)].map(padded) },
      ['connectors'],
    ],
    ['a malformed connector key', { connectors: ['github', '../x'] }, ['connectors.1']],
    ['an empty list of providers', { providers: [] }, ['providers']],
    [
      'several issues',
      { endUser: { id: '', name: '\n' }, expiresInSeconds: -1, connectors: [''], providers: [] },
      ['connectors.0', 'endUser.id', 'endUser.name', 'expiresInSeconds', 'providers'],
    ],
  ])('rejects %s', async (_, fields, paths) => {
    const { send } = await withoutProviders()
    const input = { endUser: { id: 'user-1' }, ...fields }
    const { createSession: error } = await send(CreateSessionDocument, { input })
    if (error.__typename !== 'InvalidInputError') throw new Error('the input was accepted')
    expect(error.code).toBe('INVALID_INPUT')
    expect([...new Set(error.issues.map(({ path }) => path.slice(1).join('.')))].sort()).toEqual(paths)
    expect(error.issues.every(({ path }) => path[0] === 'input')).toBe(true)
  })

  test.each<[name: string, input: CreateSessionInput]>([
    [
      'texts of the maximum length',
      { endUser: { id: 'ü'.repeat(250), name: 'ü'.repeat(250), email: 'ü'.repeat(320) } },
    ],
    ['100 connectors', { endUser: { id: 'a' }, connectors: many(100) }],
    ['a lifetime of a day', { endUser: { id: 'a' }, expiresInSeconds: 86_400 }],
    ['a lifetime of a second', { endUser: { id: 'a' }, expiresInSeconds: 1 }],
    [
      'null for optional fields',
      { endUser: { id: 'a', name: null }, expiresInSeconds: null, connectors: null, providers: null },
    ],
  ])('accepts %s and returns a valid token', async (_, input) => {
    const gateway = await withoutProviders()
    const { createSession: session } = await gateway.send(CreateSessionDocument, { input })
    if (session.__typename !== 'CreateSessionPayload') throw new Error(JSON.stringify(session))
    const response = await gateway.post(viewerQuery, {}, { authorization: `Bearer ${session.token}` })
    expect(await response.json()).toMatchObject({ data: { viewer: { endUser: { id: input.endUser.id } } } })
  })
})

const padded = (key: string) => key.padEnd(120, '_')

test.each([
  ['for the same end user', { endUser: { id: 'user-1' } }],
  ['for another end user', { endUser: { id: 'user-2' } }],
  ['with an invalid input', { endUser: { id: '' }, expiresInSeconds: 0 }],
])('createSession is FORBIDDEN for a session %s', async (_, input) => {
  const { query: ask } = await asEndUser(await withoutProviders(), 'user-1')
  const response = await ask(createSession, { input })
  expect(response).toMatchObject({ status: 200, data: null, codes: ['FORBIDDEN'] })
  expect(response.text).toContain('sessions:write')
})

describe('createConnectLink in a session with limits', () => {
  const createLink = async (gateway: TestGateway, limits: object, provider: string, connector: string) => {
    const { query: ask } = await asEndUser(gateway, 'user-1', limits)
    const { data } = await ask(createConnectLink, { provider, input: { connector } })
    return data?.createConnectLink
  }
  const issue = (...path: readonly string[]) => ({ path, message: 'is not allowed in this session' })

  test('creates a link within the limits', async () => {
    const gateway = await startTestGateway()
    const limits = { connectors: ['github', 'slack'], providers: ['PIPEDREAM'] }
    expect(await createLink(gateway, limits, 'PIPEDREAM', 'github')).toMatchObject({
      __typename: 'CreateConnectLinkPayload',
    })
  })

  test.each([
    ['another connector', { connectors: ['slack'] }, [issue('input', 'connector')]],
    ['another provider', { providers: ['CENSUS'] }, [issue('provider')]],
    [
      'another connector and another provider',
      { connectors: ['slack'], providers: ['CENSUS'] },
      [issue('provider'), issue('input', 'connector')],
    ],
  ])('rejects %s and creates nothing at the provider', async (_, limits, issues) => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    expect(await createLink(gateway, limits, 'PIPEDREAM', 'github')).toMatchObject({
      __typename: 'InvalidInputError',
      issues,
    })
    expect((await providerRequests(gateway)).filter(({ method }) => method !== 'GET')).toEqual([])
  })
})
