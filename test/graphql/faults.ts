import { expect } from 'vitest'
import { type Operation, providerFixtures } from '../fixtures/providers.ts'
import type { ProviderKey } from '../generated/graphql.ts'
import type { TestGateway } from '../helpers/gateway.ts'

/** Must not occur in a response or a log line: text of provider error bodies, and the provider credentials. */
const secrets = [
  'LEAKED',
  'sandbox-key',
  'sandbox-secret',
  'sandbox-pat',
  Buffer.from('sandbox-key:sandbox-secret').toString('base64'),
  'Bearer ',
]

const body = {
  code: 'refused_in_test',
  error: 'Refused for the key LEAKED-0123456789',
  message: 'Refused for the key LEAKED-0123456789',
  detail: [{ type: 'refused_in_test', loc: ['body'], msg: 'Refused', input: { apiKey: 'LEAKED' } }],
}

export interface Failure {
  readonly name: string
  readonly fault: object
  /** Expected error code; absent for 404, whose meaning depends on the requested resource. */
  readonly code?: string
  readonly retryable?: boolean
  readonly retryAfterSeconds?: number
}

const statusFailure = (status: number, code: string, retryable: boolean): Failure => ({
  name: String(status),
  fault: { status, body },
  code,
  retryable,
})

export const notFound: Failure = { name: '404', fault: { status: 404, body } }

export const failures: readonly Failure[] = [
  statusFailure(400, 'PROVIDER_REJECTED', false),
  statusFailure(401, 'PROVIDER_UNAUTHORIZED', false),
  statusFailure(403, 'PROVIDER_UNAUTHORIZED', false),
  statusFailure(409, 'PROVIDER_REJECTED', false),
  statusFailure(422, 'PROVIDER_REJECTED', false),
  {
    name: '429 with Retry-After',
    fault: { status: 429, headers: { 'retry-after': '7' }, body },
    code: 'PROVIDER_RATE_LIMITED',
    retryable: true,
    retryAfterSeconds: 7,
  },
  statusFailure(500, 'PROVIDER_UNAVAILABLE', true),
  {
    name: '502 with HTML',
    fault: { kind: 'html', status: 502 },
    code: 'PROVIDER_UNAVAILABLE',
    retryable: true,
  },
  { name: 'reset', fault: { kind: 'reset' }, code: 'PROVIDER_UNAVAILABLE', retryable: true },
  {
    name: 'truncated JSON',
    fault: { kind: 'truncate', body },
    code: 'PROVIDER_INVALID_RESPONSE',
    retryable: false,
  },
  {
    name: '200 with the wrong shape',
    fault: { status: 200, body: { LEAKED: body } },
    code: 'PROVIDER_INVALID_RESPONSE',
    retryable: false,
  },
]

export const slow: Failure = {
  name: 'slow',
  fault: { kind: 'slow' },
  code: 'PROVIDER_TIMEOUT',
  retryable: true,
}

/** The `ProviderError` that a mutation returns for the failure. */
export const providerError = (provider: ProviderKey, { code, retryable, retryAfterSeconds }: Failure) => ({
  __typename: 'ProviderError',
  provider,
  code,
  retryable,
  retryAfterSeconds: retryAfterSeconds ?? null,
})

/** Runs `work` with the failure injected for one operation of a provider, and removes all faults afterwards. */
export async function withFault<Result>(
  { control }: TestGateway,
  at: { readonly provider: ProviderKey; readonly operation: Operation; readonly failure: Failure },
  work: () => Promise<Result>,
): Promise<Result> {
  const [method, path] = providerFixtures[at.provider].requests[at.operation]
  const fault = { provider: at.provider, method, path, times: 1000, ...at.failure.fault }
  expect((await control('POST', 'faults', fault)).status).toBe(201)
  return work().finally(() => control('DELETE', 'faults'))
}

export function expectNoSecrets(text: string): void {
  for (const secret of secrets) expect(text).not.toContain(secret)
}
