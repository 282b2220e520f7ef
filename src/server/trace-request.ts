import type { IncomingMessage } from 'node:http'
import type { Tracing } from '../domain/tracing.ts'

export interface TracedRequest {
  readonly request: IncomingMessage
  /** The path with placeholders for tokens and IDs: paths of pages contain secrets. */
  readonly route: string
  readonly requestId?: string
  /** Whether the caller's trace is continued: that of an application, not of a browser or a provider. */
  readonly isContinued?: boolean
}

/** Records the answer to a request, without its address, headers and body. */
export function traceRequest<Result>(
  tracing: Tracing,
  { request: { method = 'GET', headers }, route, requestId, isContinued = false }: TracedRequest,
  { answer, statusOf }: { answer(): Promise<Result>; statusOf(result: Result): number },
): Promise<Result> {
  if (!tracing.isOn) return answer()
  const attributes = {
    'http.request.method': knownMethods.has(method) ? method : '_OTHER',
    'http.route': route,
    'connect.request_id': requestId,
  }
  const parent = isContinued ? headers.traceparent : undefined
  const options = {
    kind: 'SERVER',
    attributes,
    ...(typeof parent === 'string' && { parent }),
  } as const
  return tracing.run(`${attributes['http.request.method']} ${route}`, options, async () => {
    const result = await answer()
    const status = statusOf(result)
    tracing.annotate({
      'http.response.status_code': status,
      'error.type': status > 499 ? String(status) : undefined,
    })
    return result
  })
}

const knownMethods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'OPTIONS',
  'PUT',
  'DELETE',
  'PATCH',
])

/** What the parts of a path after the first one are. */
const partsOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['', []],
  ['connect', ['{token}', '{action}']],
  ['return', ['{token}', '{result}']],
  ['portal', ['{token}', '{page}']],
  ['webhooks', ['{provider}', '{token}']],
])

/** The route of a page or a provider's webhook; `null`: a file, a probe, an event stream or an unknown path, which is not recorded. */
export function routeOf(path: string): string | null {
  const [, first = '', ...rest] = path.split('/')
  const parts = partsOf.get(first)
  if (parts === undefined || rest.length > parts.length || path.endsWith('/events')) return null
  return `/${[first, ...parts.slice(0, rest.length)].join('/')}`
}
