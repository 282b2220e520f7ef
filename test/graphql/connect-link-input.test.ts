import { describe, expect, test } from 'vitest'
import type { CreateConnectLinkInput, ProviderKey } from '../generated/graphql.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { forgetRequests, issuesOf, requestsTo, xpanderKey } from './open.ts'

type Input = Partial<CreateConnectLinkInput>

test('all problems of an input are reported at once, and nothing is sent', async () => {
  const gateway = await startTestGateway()
  await forgetRequests(gateway)
  const input: Input = {
    connector: ' ',
    endUser: { id: ' ', name: 'a\u0000b', email: 'x'.repeat(321) },
    redirectUri: 'javascript:alert(1)',
    errorRedirectUri: 'http://example.com/',
    expiresInSeconds: 0,
    tags: [
      { key: '', value: 'v' },
      { key: 'team', value: 'x'.repeat(501) },
    ],
    idempotencyKey: '',
    fivetran: { groupId: ' ', schema: '' },
    census: { groupId: 'group' },
    xpander: {},
  }
  expect(await issuesOf(gateway, 'FIVETRAN', input)).toEqual([
    'input.census',
    'input.connector',
    'input.endUser.email',
    'input.endUser.id',
    'input.endUser.name',
    'input.errorRedirectUri',
    'input.expiresInSeconds',
    'input.fivetran.groupId',
    'input.fivetran.schema',
    'input.idempotencyKey',
    'input.redirectUri',
    'input.tags.0.key',
    'input.tags.1.value',
    'input.xpander',
  ])
  expect(await requestsTo(gateway)).toEqual([])
})

test('each provider has its own rules, checked before anything is sent', async () => {
  const gateway = await startTestGateway({ env: { CENSUS_API_VERSION: '1' } })
  await forgetRequests(gateway)
  const refused: readonly (readonly [ProviderKey, Input, readonly string[]])[] = [
    ['FIVETRAN', { expiresInSeconds: 86_401 }, ['input.expiresInSeconds']],
    ['PIPEDREAM', { expiresInSeconds: 14_401 }, ['input.expiresInSeconds']],
    ['PIPEDREAM', { expiresInSeconds: -1 }, ['input.expiresInSeconds']],
    ['CENSUS', { census: { groupId: ' ' }, direction: 'DESTINATION' }, ['input.census.groupId']],
    ['CENSUS', { connector: 'postgres', redirectUri: 'x' }, ['input.direction', 'input.redirectUri']],
    [
      'PIPEDREAM',
      {
        pipedream: {
          allowedOrigins: ['https://a.example', 'javascript:1', 'https://a.example/b'],
          scope: '',
        },
      },
      ['input.pipedream.allowedOrigins.1', 'input.pipedream.allowedOrigins.2', 'input.pipedream.scope'],
    ],
    [
      'XPANDER',
      {
        xpander: {
          name: ' ',
          generalParams: [{ name: 'n', description: 'd', location: 'body' }, {}],
          targetSystemServers: [{ description: 'no address' }],
        },
      },
      [
        'input.xpander.generalParams.0.location',
        'input.xpander.generalParams.1.description',
        'input.xpander.generalParams.1.location',
        'input.xpander.generalParams.1.name',
        'input.xpander.name',
        'input.xpander.targetSystemServers.0.url',
      ],
    ],
  ]
  for (const [provider, input, paths] of refused)
    expect(await issuesOf(gateway, provider, input)).toEqual(paths)
  expect(await requestsTo(gateway)).toEqual([])
})

describe('an input is refused', () => {
  test.each<[name: string, input: Input, path: string]>([
    ['without an end user', { endUser: null }, 'input.endUser'],
    ['for an end user without an id', { endUser: { id: '' } }, 'input.endUser.id'],
    ['for an id of 251 characters', { endUser: { id: 'x'.repeat(251) } }, 'input.endUser.id'],
    ['for a connector key that is a path', { connector: '../groups' }, 'input.connector'],
    ['for a connector key of dots', { connector: '..' }, 'input.connector'],
    ['for a connector key that goes on', { connector: 'hubspot/../x' }, 'input.connector'],
    [
      'with one tag key twice',
      {
        tags: [
          { key: 'a', value: '1' },
          { key: 'a', value: '2' },
        ],
      },
      'input.tags',
    ],
    [
      'with 51 tags',
      { tags: Array.from({ length: 51 }, (_, n) => ({ key: `k${n}`, value: '' })) },
      'input.tags',
    ],
    ['with a block of another provider', { pipedream: { scope: 'x' } }, 'input.pipedream'],
    [
      'with an idempotency key of 256 characters',
      { idempotencyKey: 'x'.repeat(256) },
      'input.idempotencyKey',
    ],
  ])('%s', async (_, input, path) => {
    const gateway = await startTestGateway()
    const issues = await issuesOf(gateway, 'FIVETRAN', input)
    expect(issues).toContain(path)
  })
})

test.each<[name: string, character: string]>([
  ['NUL', '\u0000'],
  ['an escape', '\u001b'],
  ['a line break', '\r\n'],
  ['half a surrogate pair', '\ud83d'],
  ['a change of direction', '\u202e'],
])(
  '%s is refused in every text, since it cannot be stored or lies when it is shown',
  async (_, character) => {
    const gateway = await startTestGateway()
    await forgetRequests(gateway)
    const bad = `a${character}b`
    const input = {
      endUser: { id: bad, name: bad, email: bad },
      tags: [{ key: bad, value: bad }],
      idempotencyKey: bad,
    }
    const common = [
      'input.endUser.email',
      'input.endUser.id',
      'input.endUser.name',
      'input.idempotencyKey',
      'input.tags.0.key',
      'input.tags.0.value',
    ]
    expect(await issuesOf(gateway, 'FIVETRAN', { ...input, connector: bad })).toEqual([
      'input.connector',
      ...common,
    ])
    const own: readonly (readonly [ProviderKey, Input, string])[] = [
      ['FIVETRAN', { fivetran: { groupId: bad } }, 'input.fivetran.groupId'],
      ['FIVETRAN', { fivetran: { schema: bad } }, 'input.fivetran.schema'],
      ['CENSUS', { census: { groupId: bad } }, 'input.census.groupId'],
      ['PIPEDREAM', { pipedream: { scope: bad } }, 'input.pipedream.scope'],
      ['XPANDER', { xpander: { name: bad }, connector: xpanderKey('Google Calendar') }, 'input.xpander.name'],
    ]
    const found = await Promise.all(own.map(([provider, block]) => issuesOf(gateway, provider, block)))
    expect(found).toEqual(own.map(([, , path]) => [path]))
    expect(await requestsTo(gateway)).toEqual([])
  },
)
