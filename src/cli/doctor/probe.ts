/** The answer of a URL; `null` with the reason: there is none. */
export type Answer =
  | { readonly response: Response; readonly text: string }
  | { readonly response: null; readonly reason: string }

const timeoutMs = 10_000

/** Sends a request and reads the whole answer. Redirects are not followed. */
export async function probe(url: string, signal: AbortSignal, request: RequestInit = {}): Promise<Answer> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const response = await fetch(url, { redirect: 'manual', ...request, signal: limit })
    return { response, text: await response.text() }
  } catch (error) {
    return { response: null, reason: reasonOf(error) }
  }
}

/** The code of the network error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1_000} seconds`
  const { cause } = error
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name
}
