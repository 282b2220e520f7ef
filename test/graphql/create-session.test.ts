import { describe, expect, test } from 'vitest'
import {
  CreateConnectLinkDocument,
  CreateSessionDocument,
  type CreateSessionInput,
} from '../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { forgetRequests, requestsTo } from './open.ts'

const withoutProviders = () => startTestGateway({ env: { SANDBOX: 'off' } })
const createSession = String(CreateSessionDocument)
const createConnectLink = String(CreateConnectLinkDocument)
const whoAmI = '{ viewer { kind name scopes endUser { id name email } } }'

test('a session makes its bearer that end user, for fifteen minutes', async () => {
  const gateway = await withoutProviders()
  const ada = { id: 'user-1', name: 'Ada Lovelace', email: 'ada@example.com' }
  const made = (await gateway.send(CreateSessionDocument, { input: { endUser: ada } })).createSession
  if (made.__typename !== 'CreateSessionPayload') throw new Error(JSON.stringify(made))
  expect(made.expiresAt).toBe(new Date(gateway.clock.now().getTime() + 900_000).toISOString())

  const headers = { authorization: `Bearer ${made.token}` }
  expect(await (await gateway.post(whoAmI, {}, headers)).json()).toEqual({
    data: {
      viewer: {
        kind: 'END_USER',
        name: 'Ada Lovelace',
        scopes: ['catalogue:read', 'connections:read', 'connections:write', 'links:read', 'links:write'],
        endUser: ada,
      },
    },
  })
  gateway.clock.advance(900)
  expect((await gateway.post(whoAmI, {}, headers)).status).toBe(401)
})

test('a session lasts as long as it was asked for', async () => {
  const gateway = await withoutProviders()
  const { ask, expiresAt } = await asEndUser(gateway, 'user-1', { expiresInSeconds: 5 })
  expect(expiresAt).toBe(new Date(gateway.clock.now().getTime() + 5_000).toISOString())
  gateway.clock.advance(4)
  expect(await ask('{ viewer { kind } }')).toMatchObject({ status: 200, codes: [] })
  gateway.clock.advance(1)
  expect(await ask('{ viewer { kind } }')).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] })
})

test('no session and no part of one reaches the log', async () => {
  const gateway = await withoutProviders()
  const { token, ask } = await asEndUser(gateway, 'user-1')
  await ask('{ viewer { kind } }')
  await ask(createSession, { input: { endUser: { id: 'user-1' } } })
  gateway.clock.advance(900)
  await ask('{ viewer { kind } }')
  for (const part of [...token.split('.'), token]) expect(gateway.logged().includes(part)).toBe(false)
})

describe('an input that breaks rules', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `connector_${index}`)

  test.each<[name: string, input: Partial<CreateSessionInput>, paths: readonly string[]]>([
    ['an empty id', { endUser: { id: '' } }, ['endUser.id']],
    ['a blank id', { endUser: { id: ' ' } }, ['endUser.id']],
    ['a long id', { endUser: { id: 'x'.repeat(251) } }, ['endUser.id']],
    ['an id with NUL', { endUser: { id: 'a\u0000' } }, ['endUser.id']],
    ['a long name', { endUser: { id: 'a', name: 'x'.repeat(251) } }, ['endUser.name']],
    ['a long address', { endUser: { id: 'a', email: 'x'.repeat(321) } }, ['endUser.email']],
    ['no time', { expiresInSeconds: 0 }, ['expiresInSeconds']],
    ['more than a day', { expiresInSeconds: 86_401 }, ['expiresInSeconds']],
    ['no connectors', { connectors: [] }, ['connectors']],
    ['too many connectors', { connectors: many(101) }, ['connectors']],
    [
      'connectors too long for a header',
      { connectors: [...many(40), 'x'.repeat(200)].map(padded) },
      ['connectors'],
    ],
    ['a connector that is none', { connectors: ['github', '../x'] }, ['connectors.1']],
    ['no providers', { providers: [] }, ['providers']],
    [
      'several at once',
      { endUser: { id: '', name: '\n' }, expiresInSeconds: -1, connectors: [''], providers: [] },
      ['connectors.0', 'endUser.id', 'endUser.name', 'expiresInSeconds', 'providers'],
    ],
  ])('is refused: %s', async (_, more, paths) => {
    const { send } = await withoutProviders()
    const input = { endUser: { id: 'user-1' }, ...more }
    const { createSession: refused } = await send(CreateSessionDocument, { input })
    if (refused.__typename !== 'InvalidInputError') throw new Error('it was not refused')
    expect(refused.code).toBe('INVALID_INPUT')
    expect([...new Set(refused.issues.map(({ path }) => path.slice(1).join('.')))].sort()).toEqual(paths)
    expect(refused.issues.every(({ path }) => path[0] === 'input')).toBe(true)
  })

  test.each<[name: string, input: CreateSessionInput]>([
    [
      'the longest texts',
      { endUser: { id: 'ü'.repeat(250), name: 'ü'.repeat(250), email: 'ü'.repeat(320) } },
    ],
    ['a hundred connectors', { endUser: { id: 'a' }, connectors: many(100) }],
    ['a day', { endUser: { id: 'a' }, expiresInSeconds: 86_400 }],
    ['a second', { endUser: { id: 'a' }, expiresInSeconds: 1 }],
    [
      'nulls',
      { endUser: { id: 'a', name: null }, expiresInSeconds: null, connectors: null, providers: null },
    ],
  ])('is not: %s, and the token is let in', async (_, input) => {
    const gateway = await withoutProviders()
    const { createSession: made } = await gateway.send(CreateSessionDocument, { input })
    if (made.__typename !== 'CreateSessionPayload') throw new Error(JSON.stringify(made))
    const response = await gateway.post(whoAmI, {}, { authorization: `Bearer ${made.token}` })
    expect(await response.json()).toMatchObject({ data: { viewer: { endUser: { id: input.endUser.id } } } })
  })
})

const padded = (key: string) => key.padEnd(120, '_')

test.each([
  ['for itself', { endUser: { id: 'user-1' } }],
  ['for another', { endUser: { id: 'user-2' } }],
  ['from an input that breaks rules', { endUser: { id: '' }, expiresInSeconds: 0 }],
])('a session cannot make another one %s', async (_, input) => {
  const { ask } = await asEndUser(await withoutProviders(), 'user-1')
  const refused = await ask(createSession, { input })
  expect(refused).toMatchObject({ status: 200, data: null, codes: ['FORBIDDEN'] })
  expect(refused.text).toContain('sessions:write')
})

describe('a session with limits', () => {
  const link = async (gateway: TestGateway, limits: object, provider: string, connector: string) => {
    const { ask } = await asEndUser(gateway, 'user-1', limits)
    const { data } = await ask(createConnectLink, { provider, input: { connector } })
    return data?.createConnectLink
  }
  const issue = (...path: readonly string[]) => ({ path, message: 'is not allowed in this session' })

  test('makes links within them', async () => {
    const gateway = await startTestGateway()
    const limits = { connectors: ['github', 'slack'], providers: ['PIPEDREAM'] }
    expect(await link(gateway, limits, 'PIPEDREAM', 'github')).toMatchObject({
      __typename: 'CreateConnectLinkPayload',
    })
  })

  test.each([
    ['another connector', { connectors: ['slack'] }, [issue('input', 'connector')]],
    ['another provider', { providers: ['CENSUS'] }, [issue('provider')]],
    [
      'both',
      { connectors: ['slack'], providers: ['CENSUS'] },
      [issue('provider'), issue('input', 'connector')],
    ],
  ])('makes none outside them, and nothing is sent: %s', async (_, limits, issues) => {
    const gateway = await startTestGateway()
    await forgetRequests(gateway)
    expect(await link(gateway, limits, 'PIPEDREAM', 'github')).toMatchObject({
      __typename: 'InvalidInputError',
      issues,
    })
    expect((await requestsTo(gateway)).filter(({ method }) => method !== 'GET')).toEqual([])
  })
})
