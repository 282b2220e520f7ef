import { expect, test } from 'vitest'
import { z } from 'zod'
import { ProviderError } from '../../src/domain/provider-error.ts'
import type { ErrorReader } from '../../src/http/error-response.ts'
import { createHealth } from '../../src/http/health.ts'
import { createTestLog } from '../helpers/log.ts'
import { call, openClient } from './open.ts'

interface ErrorResponseOptions {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly errorReader?: ErrorReader
}

/** The ProviderError for an error response. */
async function errorFor({ status, headers = {}, body = '{}', errorReader = {} }: ErrorResponseOptions) {
  const listener = (_: unknown, response: import('node:http').ServerResponse) => {
    response.writeHead(status, headers)
    response.end(body)
  }
  const { http } = await openClient(listener, { errorReader: errorReader })
  const request = { method: 'GET', path: '/', responseSchema: z.unknown(), purpose: 'do it' } as const
  const error = await http.send(request, call).catch((thrown: unknown) => thrown)
  if (!(error instanceof ProviderError)) throw error
  return error
}

test.each([
  [400, 'PROVIDER_REJECTED', false],
  [401, 'PROVIDER_UNAUTHORIZED', false],
  [403, 'PROVIDER_UNAUTHORIZED', false],
  [404, 'PROVIDER_REJECTED', false],
  [408, 'PROVIDER_TIMEOUT', true],
  [409, 'PROVIDER_REJECTED', false],
  [418, 'PROVIDER_REJECTED', false],
  [422, 'PROVIDER_REJECTED', false],
  [429, 'PROVIDER_RATE_LIMITED', true],
  [500, 'PROVIDER_UNAVAILABLE', true],
  [503, 'PROVIDER_UNAVAILABLE', true],
  [304, 'PROVIDER_INVALID_RESPONSE', false],
])('maps HTTP %i to %s', async (status, code, retryable) => {
  const error = await errorFor({ status })
  expect(error).toMatchObject({ code, retryable, provider: 'XPANDER' })
  expect(error.message).toContain(`HTTP ${status}`)
})

test("includes the provider's error code and request ID", async () => {
  const error = await errorFor({
    status: 400,
    headers: { 'x-request-id': 'req-1' },
    body: '{"code":"InvalidInput"}',
    errorReader: { code: (body) => z.object({ code: z.string() }).parse(body).code },
  })
  expect(error).toMatchObject({ providerErrorCode: 'InvalidInput', providerRequestId: 'req-1' })
  expect(error.message).toContain('InvalidInput')
})

test.each(['a sentence that quotes secrets', 'x'.repeat(65), ''])(
  'drops a provider code that is not a short identifier: "%s"',
  async (text) => {
    const error = await errorFor({ status: 400, errorReader: { code: () => text } })
    expect(error.providerErrorCode).toBeUndefined()
    expect(error.message).toContain('(HTTP 400)')
  },
)

const sentKey = 'the-secret-key'

test.each([
  sentKey,
  `type:${sentKey}`,
  'secret-key',
  'THE_SECRET_KEY',
  Buffer.from(sentKey).toString('hex'),
  Buffer.from(sentKey).toString('base64url'),
  'sk_live_swordfish',
])('neither a code nor a request ID repeats a secret: %s', async (text) => {
  const error = await errorFor({
    status: 422,
    headers: { 'x-request-id': text },
    errorReader: { code: () => text },
  })
  expect(error.providerErrorCode).toBeUndefined()
  expect(error.providerRequestId).toBeUndefined()
  expect(error.message).toContain('(HTTP 422)')
})

test('a random request ID is kept, a random code is not', async () => {
  const id = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
  const error = await errorFor({
    status: 422,
    headers: { 'x-request-id': id },
    errorReader: { code: () => id },
  })
  expect(error).toMatchObject({ providerErrorCode: undefined, providerRequestId: id })
})

test.each([
  ['a plain text', `No such group for ${sentKey}`, 'No such group for [redacted]'],
  ['a page', '<html>No such group</html>', undefined],
  ['an XML document', '\n<?xml version="1.0"?><error>no</error>', undefined],
  ['nothing', '', undefined],
])('the message of a body that is %s', async (_, body, expected) => {
  const error = await errorFor({ status: 400, headers: { 'content-type': 'text/plain' }, body })
  expect(error.providerMessage).toBe(expected)
})

test('maps an error response whose body is not JSON by its status', async () => {
  const error = await errorFor({ status: 502, body: '<html>the-secret-response</html>' })
  expect(error.code).toBe('PROVIDER_UNAVAILABLE')
  expect(error.message).not.toContain('the-secret')
})

test('maps a 429 for an exhausted quota to PROVIDER_QUOTA_EXCEEDED, which is not retryable', async () => {
  const error = await errorFor({ status: 429, errorReader: { isQuota: () => true } })
  expect(error).toMatchObject({ code: 'PROVIDER_QUOTA_EXCEEDED', retryable: false })
})

test('calls isQuota for a 429 only', async () => {
  const error = await errorFor({ status: 400, errorReader: { isQuota: () => true } })
  expect(error.code).toBe('PROVIDER_REJECTED')
})

test.each([
  [429, 30],
  [503, 30],
  [400, undefined],
  [401, undefined],
  [409, undefined],
  [500, undefined],
])('reads Retry-After of HTTP %i: %s', async (status, expected) => {
  const error = await errorFor({ status, headers: { 'retry-after': '30' } })
  expect(error.retryAfterSeconds).toBe(expected)
})

test('a Retry-After date is relative to the Date of the response', async () => {
  const headers = {
    date: 'Sun, 22 Nov 2026 12:00:00 GMT', // far from the client's clock
    'retry-after': 'Sun, 22 Nov 2026 12:01:30 GMT',
  }
  expect((await errorFor({ status: 503, headers })).retryAfterSeconds).toBe(90)
})

test.each([
  'feature not available for the organisation',
  'This feature is not enabled for your organization.',
  'Your plan does not include connect links',
  'Not available in your current plan',
  'Please upgrade your plan',
  "Connect links aren't available for this organization",
  'This feature requires the Enterprise plan',
  'Embedded is disabled for your organization',
  'You do not have access to this feature',
  'API keys are not available in your plan',
  'Your subscription has expired',
])('a 403 "%s" is a rejection and says nothing about the health or the credentials', async (message) => {
  const error = await errorFor({ status: 403, body: JSON.stringify({ status: 403, message }) })
  expect(error).toMatchObject({ code: 'PROVIDER_REJECTED', retryable: false, providerMessage: message })
  expect(error.message).toContain('feature')
  expect(error.message).not.toMatch(/credentials|rejected/)
  const health = createHealth({ log: createTestLog().log })
  for (let call = 0; call < 3; call++) health.record('XPANDER', error)
  expect(health.of('XPANDER')).toBe('UP')
})

test('a 403 about the plan may be a plain text', async () => {
  const error = await errorFor({ status: 403, body: 'feature not available for the organisation' })
  expect(error).toMatchObject({ code: 'PROVIDER_REJECTED', allowsFallback: true })
})

test('a 402 is about the plan, whatever its text', async () => {
  const error = await errorFor({ status: 402 })
  expect(error).toMatchObject({ code: 'PROVIDER_REJECTED', allowsFallback: true })
  expect(error.message).toMatch(/plan or payment.*HTTP 402/)
})

test.each([
  'Forbidden',
  'Your role does not permit this',
  'This API key is not allowed',
  'API key is not enabled for this account',
  'IP address not included in the account allowlist',
  'Token lacks the scope subscription:read and is not accepted',
  'You do not have access to this account',
  'The user is disabled for this organization',
  'You are not authorized to use this feature',
  '',
])('a 403 "%s" concerns the credentials', async (message) => {
  const error = await errorFor({ status: 403, body: JSON.stringify({ message }) })
  expect(error).toMatchObject({ code: 'PROVIDER_UNAUTHORIZED', allowsFallback: true })
})
