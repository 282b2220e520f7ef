import type { RequestListener } from 'node:http'
import { onTestFinished } from 'vitest'
import type { ProviderError } from '../../src/domain/provider-error.ts'
import type { CircuitBreaker } from '../../src/http/circuit-breaker.ts'
import { createHttp } from '../../src/http/client.ts'
import { backgroundWork, type HttpClient, type HttpClientOptions } from '../../src/http/http-types.ts'
import { listen } from '../helpers/listen.ts'
import { createTestLog } from '../helpers/log.ts'

export interface TestClient {
  readonly http: HttpClient
  readonly origin: string
  /** The outcome of each call, in order; `undefined`: success. */
  readonly outcomes: readonly (ProviderError | undefined)[]
  logged(): string
}

export const call = backgroundWork()

type Options = Partial<Omit<HttpClientOptions, 'baseUrl'>> & {
  readonly prefix?: string
  readonly deadlineMs?: number
  readonly circuit?: CircuitBreaker
}

/** A client of a local server with this listener. */
export async function openClient(
  listener: RequestListener,
  { prefix = '', deadlineMs = 5_000, circuit, ...options }: Options = {},
): Promise<TestClient> {
  const { origin } = await listen(listener)
  const { log, text } = createTestLog()
  const outcomes: (ProviderError | undefined)[] = []
  const factory = createHttp({
    now: () => new Date(),
    log,
    deadlineMs,
    ...(circuit && { circuit }),
    onOutcome: (error) => outcomes.push(error),
  })
  onTestFinished(() => factory.close())
  const http = factory.client({
    provider: 'XPANDER',
    name: 'xpander',
    baseUrl: new URL(`${origin}${prefix}`),
    authorization: { headers: async () => ({ 'x-api-key': 'the-secret-key' }) },
    ...options,
  })
  return { http, origin, outcomes, logged: text }
}
