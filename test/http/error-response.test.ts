import { expect, test } from 'vitest'
import { z } from 'zod'
import { ProviderError } from '../../src/domain/errors.ts'
import type { ErrorReader } from '../../src/http/error-response.ts'
import { retryAfterSeconds } from '../../src/http/error-response.ts'
import { call, openClient } from './open.ts'

interface Refused {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly errorReader?: ErrorReader
}

async function refusedWith({ status, headers = {}, body = '{}', errorReader = {} }: Refused) {
  const listener = (_: unknown, response: import('node:http').ServerResponse) => {
    response.writeHead(status, headers)
    response.end(body)
  }
  const { http } = await openClient(listener, { errorReader: errorReader })
  const wanted = { method: 'GET', path: '/', responseSchema: z.unknown(), purpose: 'do it' } as const
  const error = await http.send(wanted, call).catch((thrown: unknown) => thrown)
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
])('HTTP %i is %s', async (status, code, retryable) => {
  const error = await refusedWith({ status })
  expect(error).toMatchObject({ code, retryable, provider: 'XPANDER' })
  expect(error.message).toContain(`HTTP ${status}`)
})

test("the provider's own code and request id are passed on", async () => {
  const error = await refusedWith({
    status: 400,
    headers: { 'x-request-id': 'req-1' },
    body: '{"code":"InvalidInput"}',
    errorReader: { code: (body) => z.object({ code: z.string() }).parse(body).code },
  })
  expect(error).toMatchObject({ providerErrorCode: 'InvalidInput', providerRequestId: 'req-1' })
  expect(error.message).toContain('InvalidInput')
})

test.each(['a sentence that quotes secrets', 'x'.repeat(65), ''])(
  'what is no short word is not passed on as a code: "%s"',
  async (text) => {
    const error = await refusedWith({ status: 400, errorReader: { code: () => text } })
    expect(error.providerErrorCode).toBeUndefined()
    expect(error.message).toContain('(HTTP 400)')
  },
)

test('a body that is no JSON is a refusal like any other', async () => {
  const error = await refusedWith({ status: 502, body: '<html>the-secret-answer</html>' })
  expect(error.code).toBe('PROVIDER_UNAVAILABLE')
  expect(error.message).not.toContain('the-secret')
})

test('a 429 that means the plan asks for no patience', async () => {
  const error = await refusedWith({ status: 429, errorReader: { isQuota: () => true } })
  expect(error).toMatchObject({ code: 'PROVIDER_QUOTA_EXCEEDED', retryable: false })
})

test('only a 429 is asked for its meaning', async () => {
  const error = await refusedWith({ status: 400, errorReader: { isQuota: () => true } })
  expect(error.code).toBe('PROVIDER_REJECTED')
})

const now = Date.parse('2026-11-22T12:00:00Z')

test.each([
  ['seconds', { 'retry-after': '30' }, 30],
  ['a date', { 'retry-after': 'Sun, 22 Nov 2026 12:01:30 GMT' }, 90],
  ['a date in the past', { 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, 0],
  ['far too long', { 'retry-after': '99999999' }, 86_400],
  ['the first of two', { 'retry-after': ['5', '9'] }, 5],
  ['nonsense', { 'retry-after': 'soon' }, undefined],
  ['the time of a reset', { 'x-ratelimit-reset': String(now / 1000 + 45) }, 45],
  ['a reset that is no time', { 'x-ratelimit-reset': '45' }, undefined],
  ['nothing', {}, undefined],
])('how long to wait is read from %s', (_, headers, expected) => {
  expect(retryAfterSeconds(headers, now)).toBe(expected)
})
