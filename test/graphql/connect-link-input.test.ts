import { describe, expect, test } from 'vitest'
import type { CreateConnectLinkInput, ProviderKey } from '../generated/graphql.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { awaitSyncsAndClearRequests, issuePaths, providerRequests, xpanderKey } from './open.ts'

type Input = Partial<CreateConnectLinkInput>

test('reports all issues of an input at once and sends no provider request', async () => {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
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
  expect(await issuePaths(gateway, 'FIVETRAN', input)).toEqual([
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
  expect(await providerRequests(gateway)).toEqual([])
})

test('checks the rules of each provider before any provider request', async () => {
  const gateway = await startTestGateway({ env: { CENSUS_API_VERSION: '1' } })
  await awaitSyncsAndClearRequests(gateway)
  const invalidInputs: readonly (readonly [ProviderKey, Input, readonly string[]])[] = [
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
          targetSystemServers: [{ description: 'no url' }],
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
  for (const [provider, input, paths] of invalidInputs)
    expect(await issuePaths(gateway, provider, input)).toEqual(paths)
  expect(await providerRequests(gateway)).toEqual([])
})

describe('createConnectLink rejects an input', () => {
  test.each<[name: string, input: Input, path: string]>([
    ['without an end user', { endUser: null }, 'input.endUser'],
    ['with an empty end user ID', { endUser: { id: '' } }, 'input.endUser.id'],
    ['with an end user ID of 251 characters', { endUser: { id: 'x'.repeat(251) } }, 'input.endUser.id'],
    ['with a connector key that is a path', { connector: '../groups' }, 'input.connector'],
    ['with a connector key of dots only', { connector: '..' }, 'input.connector'],
    ['with a connector key that contains a path', { connector: 'hubspot/../x' }, 'input.connector'],
    [
      'with a duplicate tag key',
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
    ['with an option block of another provider', { pipedream: { scope: 'x' } }, 'input.pipedream'],
    [
      'with an idempotency key of 256 characters',
      { idempotencyKey: 'x'.repeat(256) },
      'input.idempotencyKey',
    ],
  ])('%s', async (_, input, path) => {
    const gateway = await startTestGateway()
    const issues = await issuePaths(gateway, 'FIVETRAN', input)
    expect(issues).toContain(path)
  })
})

test.each<[name: string, character: string]>([
  ['NUL', '\u0000'],
  ['an escape character', '\u001b'],
  ['a line break', '\r\n'],
  ['a lone surrogate', '\ud83d'],
  ['a bidirectional control character', '\u202e'],
])(
  '%s is rejected in every text field: it cannot be stored, or it spoofs the displayed text',
  async (_, character) => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    const invalid = `a${character}b`
    const input = {
      endUser: { id: invalid, name: invalid, email: invalid },
      tags: [{ key: invalid, value: invalid }],
      idempotencyKey: invalid,
    }
    const common = [
      'input.endUser.email',
      'input.endUser.id',
      'input.endUser.name',
      'input.idempotencyKey',
      'input.tags.0.key',
      'input.tags.0.value',
    ]
    expect(await issuePaths(gateway, 'FIVETRAN', { ...input, connector: invalid })).toEqual([
      'input.connector',
      ...common,
    ])
    const optionInputs: readonly (readonly [ProviderKey, Input, string])[] = [
      ['FIVETRAN', { fivetran: { groupId: invalid } }, 'input.fivetran.groupId'],
      ['FIVETRAN', { fivetran: { schema: invalid } }, 'input.fivetran.schema'],
      ['CENSUS', { census: { groupId: invalid } }, 'input.census.groupId'],
      ['PIPEDREAM', { pipedream: { scope: invalid } }, 'input.pipedream.scope'],
      [
        'XPANDER',
        { xpander: { name: invalid }, connector: xpanderKey('Google Calendar') },
        'input.xpander.name',
      ],
    ]
    const found = await Promise.all(
      optionInputs.map(([provider, block]) => issuePaths(gateway, provider, block)),
    )
    expect(found).toEqual(optionInputs.map(([, , path]) => [path]))
    expect(await providerRequests(gateway)).toEqual([])
  },
)
