import { Agent, request } from 'undici'
import type { TypedDocumentString } from '../generated/graphql.ts'
import { apiKey } from './processes.ts'

export interface Answer<Result> {
  readonly status: number
  readonly ms: number
  /** `null`: the request failed as a whole. */
  readonly data: Result | null
  /** Codes of GraphQL errors, or the code of a connection error. */
  readonly codes: readonly string[]
}

interface Body {
  readonly data?: unknown
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[]
}

/** Sends GraphQL operations to one gateway over keep-alive connections; never rejects. */
export function createClient(url: string, authorization = `Bearer ${apiKey}`) {
  const dispatcher = new Agent({ connections: 64, headersTimeout: 120_000, bodyTimeout: 120_000 })
  return {
    async send<Result, Variables>(
      document: TypedDocumentString<Result, Variables>,
      variables: Variables,
    ): Promise<Answer<Result>> {
      const startedAt = performance.now()
      const ms = () => performance.now() - startedAt
      try {
        const response = await request(url, {
          dispatcher,
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization },
          body: JSON.stringify({ query: String(document), variables }),
        })
        const body = (await response.body.json()) as Body
        const codes = (body.errors ?? []).map(({ extensions }) => extensions?.code ?? 'NO_CODE')
        return { status: response.statusCode, ms: ms(), data: (body.data ?? null) as Result | null, codes }
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
        return { status: 0, ms: ms(), data: null, codes: [code] }
      }
    },
    close: () => dispatcher.destroy(),
  }
}

export type Client = ReturnType<typeof createClient>

/** The value below which a share of the values is; `NaN` without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Runs `work` again and again, with a pause in between, until the signal aborts. */
export async function repeat(signal: AbortSignal, pauseMs: number, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await work()
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
