import { describe, expect, test } from 'vitest'
import { census } from '../../src/providers/census/census.ts'
import { toExternalAccount } from '../../src/providers/external-account.ts'
import { pipedream } from '../../src/providers/pipedream/pipedream.ts'
import * as answers from '../fixtures/pipedream.ts'
import { cannedProvider, reference } from './canned.ts'
import { call } from './open.ts'

describe('the account behind a connection', () => {
  test.each([
    ['its id', { id: 42, name: 'Acme' }, { id: '42', name: 'Acme', email: null }],
    ['its name', { name: ' Acme ' }, { id: 'Acme', name: 'Acme', email: null }],
    [
      'its address',
      { name: 'ada@example.com' },
      { id: 'ada@example.com', name: 'ada@example.com', email: 'ada@example.com' },
    ],
    ['nothing', { id: ' ', name: '' }, null],
  ])('is known by %s', (_, shown, known) => {
    expect(toExternalAccount(shown)).toEqual(known)
  })
})

const accountAt = async (given: object) => {
  const account = '/v1/connect/proj_sandbox/accounts/a'
  const adapter = await cannedProvider(pipedream, {
    'POST /v1/oauth/token': answers.accessToken,
    [`GET ${account}`]: { ...answers.githubAccount, ...given },
  })
  return (await adapter.getConnection(reference({ remoteId: 'a' }), call))?.externalAccount
}

describe('at Pipedream', () => {
  test('is what the account is called', async () => {
    expect(await accountAt({ name: 'octocat' })).toEqual({ id: 'octocat', name: 'octocat', email: null })
  })

  test.each([null, '', 'GitHub', 'github'])('is unknown when it is called %j', async (name) => {
    expect(await accountAt({ name, app: { name_slug: 'github', name: 'GitHub' } })).toBeNull()
  })
})

describe('at Census', () => {
  const accountOf = async (
    connection_details: unknown,
    wrap: (tested: object) => object = (tested) => tested,
  ) => {
    const data = { id: 'a', name: 'A', group_id: 'g', ...wrap({ type: 'hubspot', connection_details }) }
    const adapter = await cannedProvider(census, { 'GET /api/v2/activations/a': { status: 'success', data } })
    const direction = 'DESTINATION'
    return (await adapter.getConnection(reference({ remoteId: 'a', direction }), call))?.externalAccount
  }

  test('is read from the details, wherever they are', async () => {
    const details = { account_id: 7515011393, account_name: 'Manager Account' }
    const known = { id: '7515011393', name: 'Manager Account', email: null }
    expect(await accountOf(details)).toEqual(known)
    expect(await accountOf(details, (destination) => ({ destination }))).toEqual(known)
  })

  test.each([
    null,
    'text',
    {},
    { user: 'DEV', password: 'secret', api_token: 'secret' },
    { account_id: ['secret'] },
  ])('is unknown, and nothing else is read, with %j', async (details) => {
    expect(await accountOf(details)).toBeNull()
  })
})
