import { expect, test } from 'vitest'
import { nango } from '../../src/providers/nango/nango.ts'
import * as recorded from '../fixtures/nango.ts'
import { type Canned, cannedProvider, status } from './canned.ts'
import { call } from './open.ts'

const onePath = `GET /connections/${recorded.connectionId}`
const allowed = {
  'GET /integrations': recorded.integrations,
  'GET /connections': recorded.connections,
  [onePath]: { ...recorded.connection, credentials: {} },
  // Refused after the check of the scope.
  'POST /connect/sessions': status(400, recorded.badSession),
}

async function inspect(responses: Canned, isThorough = true) {
  const adapter = await cannedProvider(nango, { ...allowed, ...responses })
  return await adapter.diagnose?.({ webhookUrl: null, isThorough }, call)
}

const passed = [{ check: 'rights', status: 'PASS', message: expect.any(String) }]

test('a key with the scopes that the gateway needs passes', async () => {
  expect(await inspect({})).toEqual(passed)
})

test('a diagnosis that is not thorough does not show whether the key may create sessions', async () => {
  const refused = { 'POST /connect/sessions': status(403, recorded.missingScope) }
  expect(await inspect(refused, false)).toEqual(passed)
})

test('a key that may read credentials gives a warning, without the credentials', async () => {
  const findings = await inspect({ [onePath]: recorded.connection })
  expect(findings).toEqual([
    {
      check: 'rights',
      status: 'WARN',
      message: expect.stringContaining('environment:connections:read_credentials'),
    },
  ])
  expect(JSON.stringify(findings)).not.toContain(recorded.apiKey)
})

test('without a connection it is not known whether the key may read credentials', async () => {
  expect(
    await inspect({ 'GET /connections': recorded.noConnections, [onePath]: recorded.connection }),
  ).toEqual(passed)
})

test.each([
  ['GET /integrations', 'environment:integrations:list'],
  ['GET /connections', 'environment:connections:list'],
  [onePath, 'environment:connections:read'],
  ['POST /connect/sessions', 'environment:connect_sessions:write'],
])('a key without the scope for %s fails with its name', async (path, scope) => {
  expect(await inspect({ [path]: status(403, recorded.missingScope) })).toEqual([
    { check: 'rights', status: 'FAIL', message: `The key of NANGO_SECRET_KEY lacks the scope ${scope}.` },
  ])
})

test('a key that Nango does not accept gives one finding', async () => {
  const refused = status(401, { error: { code: 'unknown_account', message: 'Unknown key' } })
  const paths = ['GET /integrations', 'GET /connections', 'POST /connect/sessions']
  expect(await inspect(Object.fromEntries(paths.map((path) => [path, refused])))).toEqual([
    { check: 'rights', status: 'FAIL', message: 'Nango does not accept the key of NANGO_SECRET_KEY.' },
  ])
})

test('a provider that does not answer gives no finding', async () => {
  const unavailable = status(503)
  expect(await inspect({ 'GET /integrations': unavailable, 'GET /connections': unavailable })).toEqual([])
})
