import { expect, test } from 'vitest'
import { startTestGateway } from '../helpers/gateway.ts'
import { everyRow } from './every-row.ts'
import { postQuery } from './open.ts'
import { createAccountOrThrow, credentials, removeAccount, rotateAccount } from './provider-accounts.ts'
import { changesOf, readAudit } from './read-audit.ts'

test('changes of API keys are recorded with the caller, and without the keys', async () => {
  const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
  const { text } = await postQuery(
    gateway,
    `mutation { createApiKey(input: { name: "a", scopes: ["links:read"] }) {
      ... on CreateApiKeyPayload { key apiKey { id } } } }`,
  )
  const [, key = '', id = ''] = /"key":"([^"]+)".*"id":"([^"]+)"/.exec(text) ?? []
  for (const operation of ['rotateApiKey', 'revokeApiKey'])
    await postQuery(gateway, `mutation ($id: ID!) { ${operation}(id: $id) { __typename } }`, { id })
  expect(await changesOf(gateway)).toEqual([
    'apiKey.created by API_KEY',
    'apiKey.rotated by API_KEY',
    'apiKey.revoked by API_KEY',
  ])
  const [revoked] = await readAudit(gateway, { operation: 'apiKey.revoked' })
  expect(revoked?.targets).toEqual([{ type: 'ApiKey', id }])
  expect(await everyRow()).not.toContain(key)
})

test('changes of provider accounts are recorded with the organization, and without the credentials', async () => {
  const gateway = await startTestGateway()
  const settings = credentials.FIVETRAN('acme')
  const id = await createAccountOrThrow(gateway, { provider: 'FIVETRAN', settings })
  await rotateAccount(gateway, id, {})
  await removeAccount(gateway, id)
  const changes = (await readAudit(gateway)).filter(({ operation }) =>
    operation.startsWith('providerAccount.'),
  )
  expect(
    changes.map(({ operation, organizationId, targets }) => [operation, organizationId, targets]),
  ).toEqual(
    ['removed', 'rotated', 'created'].map((name) => [
      `providerAccount.${name}`,
      'acme',
      [{ type: 'ProviderAccount', id }],
    ]),
  )
  expect(await everyRow()).not.toContain(settings.API_SECRET)
})

test('repeated failed authentication is recorded without the credentials', async () => {
  const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
  const wrong = { authorization: 'Bearer gw_wrong_key', 'user-agent': 'guesser/1' }
  await Promise.all(Array.from({ length: 7 }, () => gateway.post('{ viewer { kind } }', {}, wrong)))
  expect(await readAudit(gateway)).toMatchObject([
    {
      actor: { kind: 'ANONYMOUS', id: null },
      operation: 'authenticate',
      outcome: 'DENIED',
      errorCode: 'UNAUTHENTICATED',
      address: '127.0.0.1',
      userAgent: 'guesser/1',
    },
  ])
  expect(await everyRow()).not.toContain('gw_wrong_key')
})
