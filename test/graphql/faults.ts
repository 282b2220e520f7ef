import { expect } from 'vitest'
import type { ProviderKey } from '../generated/graphql.ts'
import type { TestGateway } from '../helpers/gateway.ts'

/** Words that no answer and no log line may show: what providers say, and what they are told about us. */
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
  error: 'LEAKED by the provider',
  message: 'LEAKED by the provider',
  detail: [{ type: 'refused_in_test', loc: ['body'], msg: 'LEAKED', input: { apiKey: 'LEAKED' } }],
}

export interface Failure {
  readonly name: string
  readonly fault: object
  /** What it becomes; absent for the 404, which depends on what was asked for. */
  readonly code?: string
  readonly retryable?: boolean
  readonly retryAfterSeconds?: number
}

const refusal = (status: number, code: string, retryable: boolean): Failure => ({
  name: String(status),
  fault: { status, body },
  code,
  retryable,
})

export const notFound: Failure = { name: '404', fault: { status: 404, body } }

export const failures: readonly Failure[] = [
  refusal(400, 'PROVIDER_REJECTED', false),
  refusal(401, 'PROVIDER_UNAUTHORIZED', false),
  refusal(403, 'PROVIDER_UNAUTHORIZED', false),
  refusal(409, 'PROVIDER_REJECTED', false),
  refusal(422, 'PROVIDER_REJECTED', false),
  {
    name: '429 with Retry-After',
    fault: { status: 429, headers: { 'retry-after': '7' }, body },
    code: 'PROVIDER_RATE_LIMITED',
    retryable: true,
    retryAfterSeconds: 7,
  },
  refusal(500, 'PROVIDER_UNAVAILABLE', true),
  {
    name: '502 with HTML',
    fault: { kind: 'html', status: 502 },
    code: 'PROVIDER_UNAVAILABLE',
    retryable: true,
  },
  { name: 'reset', fault: { kind: 'reset' }, code: 'PROVIDER_UNAVAILABLE', retryable: true },
  {
    name: 'JSON that breaks off',
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

/** The union member that a mutation answers for that failure. */
export const providerError = (provider: ProviderKey, { code, retryable, retryAfterSeconds }: Failure) => ({
  __typename: 'ProviderError',
  provider,
  code,
  retryable,
  retryAfterSeconds: retryAfterSeconds ?? null,
})

type Work = 'creating' | 'reading' | 'listing' | 'disconnecting'

/** The HTTP call that decides each piece of work. */
export const calls: Readonly<
  Record<Work, Readonly<Record<ProviderKey, readonly [method: string, path: string]>>>
> = {
  creating: {
    FIVETRAN: ['POST', '/v1/connections'],
    CENSUS: ['POST', '/activation_connect_links'],
    PIPEDREAM: ['POST', '/proj_sandbox/tokens'],
    XPANDER: ['POST', '/connect'],
  },
  reading: {
    FIVETRAN: ['GET', '/v1/connections/'],
    CENSUS: ['GET', '/activation_connect_links/'],
    PIPEDREAM: ['GET', '/proj_sandbox/accounts'],
    XPANDER: ['GET', '/v1/connectors'],
  },
  listing: {
    FIVETRAN: ['GET', '/groups/sandbox_group/connections'],
    CENSUS: ['GET', '/api/v2/activations'],
    PIPEDREAM: ['GET', '/proj_sandbox/accounts'],
    XPANDER: ['GET', '/v1/connectors'],
  },
  disconnecting: {
    FIVETRAN: ['DELETE', '/v1/connections/'],
    CENSUS: ['DELETE', '/activations/'],
    PIPEDREAM: ['DELETE', '/accounts/'],
    XPANDER: ['DELETE', '/'],
  },
}

/** Does something while a provider fails, and heals the provider. */
export async function during<Result>(
  { control }: TestGateway,
  at: { readonly provider: ProviderKey; readonly work: Work; readonly failure: Failure },
  work: () => Promise<Result>,
): Promise<Result> {
  const [method, path] = calls[at.work][at.provider]
  const fault = { provider: at.provider, method, path, times: 1000, ...at.failure.fault }
  expect((await control('POST', 'faults', fault)).status).toBe(201)
  return work().finally(() => control('DELETE', 'faults'))
}

export function expectNoSecrets(text: string): void {
  for (const secret of secrets) expect(text).not.toContain(secret)
}
