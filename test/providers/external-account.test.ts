import { describe, expect, test } from 'vitest'
import { census } from '../../src/providers/census/census.ts'
import { toExternalAccount } from '../../src/providers/external-account.ts'
import { pipedream } from '../../src/providers/pipedream/pipedream.ts'
import * as responses from '../fixtures/pipedream.ts'
import { cannedProvider, reference } from './canned.ts'
import { call } from './open.ts'

describe('toExternalAccount', () => {
  test.each([
    ['an ID', { id: 42, name: 'Acme' }, { id: '42', name: 'Acme', email: null }],
    ['a name without an ID', { name: ' Acme ' }, { id: 'Acme', name: 'Acme', email: null }],
    [
      'an email address as the name',
      { name: 'ada@example.com' },
      { id: 'ada@example.com', name: 'ada@example.com', email: 'ada@example.com' },
    ],
    ['blank values', { id: ' ', name: '' }, null],
  ])('converts %s', (_, fields, expected) => {
    expect(toExternalAccount(fields)).toEqual(expected)
  })
})

const pipedreamAccount = async (fields: object) => {
  const account = '/v1/connect/proj_sandbox/accounts/a'
  const adapter = await cannedProvider(pipedream, {
    'POST /v1/oauth/token': responses.accessToken,
    [`GET ${account}`]: { ...responses.githubAccount, ...fields },
  })
  return (await adapter.getConnection(reference({ remoteId: 'a' }), call))?.externalAccount
}

describe('the external account of Pipedream', () => {
  test('is the name of the account', async () => {
    expect(await pipedreamAccount({ name: 'octocat' })).toEqual({
      id: 'octocat',
      name: 'octocat',
      email: null,
    })
  })

  test.each([null, '', 'GitHub', 'github'])('is null if the account name is %j', async (name) => {
    expect(await pipedreamAccount({ name, app: { name_slug: 'github', name: 'GitHub' } })).toBeNull()
  })
})

describe('the external account of Census', () => {
  const censusAccount = async (
    connection_details: unknown,
    wrap: (tested: object) => object = (tested) => tested,
  ) => {
    const data = { id: 'a', name: 'A', group_id: 'g', ...wrap({ type: 'hubspot', connection_details }) }
    const adapter = await cannedProvider(census, { 'GET /api/v2/activations/a': { status: 'success', data } })
    const direction = 'DESTINATION'
    return (await adapter.getConnection(reference({ remoteId: 'a', direction }), call))?.externalAccount
  }

  test('is read from the details of the activation or of its destination', async () => {
    const details = { account_id: 7515011393, account_name: 'Manager Account' }
    const expected = { id: '7515011393', name: 'Manager Account', email: null }
    expect(await censusAccount(details)).toEqual(expected)
    expect(await censusAccount(details, (destination) => ({ destination }))).toEqual(expected)
  })

  test.each([
    null,
    'text',
    {},
    { user: 'DEV', password: 'secret', api_token: 'secret' },
    { account_id: ['secret'] },
  ])('is null for the details %j, and no other fields are read', async (details) => {
    expect(await censusAccount(details)).toBeNull()
  })
})
