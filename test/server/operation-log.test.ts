import { expect, test } from 'vitest'
import { CreateConnectLinkDocument } from '../generated/graphql.ts'
import { startTestGateway, testApiKey } from '../helpers/gateway.ts'

const uuid = /^[\da-f]{8}-[\da-f-]{27}$/

test('each request has one line with its ID, operation, caller, status and error code, and nothing of its input', async () => {
  const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
  const lines = () =>
    gateway
      .logged()
      .split('\n')
      .filter((line) => line.includes('"msg":"request"'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  const send = (query: string, headers: Record<string, string> = {}, variables = {}) =>
    gateway.post(query, variables, { authorization: `Bearer ${testApiKey}`, ...headers })

  const ids = [
    await send('query Who { viewer { kind } }', { 'x-request-id': 'proxy-request-1' }),
    await send('{ viewer { kind } }'),
    await send('query Broken { nothing }', { 'x-request-id': 'has spaces in it' }),
    await send(
      'mutation Revoke($id: ID!) { revokeConnectLink(id: $id) { __typename } }',
      {},
      { id: 'secret-value' },
    ),
    await gateway.post('{ viewer { kind } }', {}, { authorization: 'Bearer wrong' }),
  ].map(({ headers }) => headers.get('x-request-id'))
  expect(ids[0]).toBe('proxy-request-1')
  for (const id of ids.slice(1)) expect(id).toMatch(uuid)

  const ms = expect.any(Number)
  expect(lines().map(({ time, level, msg, ...line }) => line)).toEqual([
    { requestId: ids[0], operation: 'Who', type: 'query', caller: 'API_KEY', status: 200, ms },
    { requestId: ids[1], type: 'query', caller: 'API_KEY', status: 200, ms },
    { requestId: ids[2], caller: 'API_KEY', status: 200, code: 'GRAPHQL_VALIDATION_FAILED', ms },
    { requestId: ids[3], operation: 'Revoke', type: 'mutation', caller: 'API_KEY', status: 200, ms },
    { requestId: ids[4], status: 401, ms },
  ])
  expect(gateway.logged()).not.toContain('secret-value')
  expect(gateway.logged()).not.toContain(testApiKey)
})

test('the line of a provider call has the ID of the request that has caused it', async () => {
  const gateway = await startTestGateway()
  const input = { connector: 'github', endUser: { id: 'user-1' } }
  const headers = { authorization: `Bearer ${testApiKey}`, 'x-request-id': 'request-with-a-call' }
  await gateway.post(String(CreateConnectLinkDocument), { provider: 'PIPEDREAM', input }, headers)
  const lines = gateway
    .logged()
    .split('\n')
    .filter((line) => line.includes('"request-with-a-call"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['provider call', 'request']))
  expect(lines.map(({ purpose }) => purpose)).toContain('make a connect link for "github"')
})
