import type { RouteResult, SandboxRequest } from './http-types.ts'

/** `captured` holds the decoded values of the path's `:names`, in order. */
export type Route = (request: SandboxRequest, ...captured: string[]) => RouteResult

export interface Router {
  /** The route of a request; 'method' when the path exists only with other methods; else undefined. */
  find(method: string, rawPath: string): ((request: SandboxRequest) => RouteResult) | 'method' | undefined
}

/**
 * Creates a router from patterns such as `'GET /v1/things/:id'`. The first match in table order wins: list fixed paths
 * before `:names`. HEAD uses the GET route. The raw path is split before its segments are decoded, because clients send
 * %2F inside IDs.
 */
export function createRouter(table: Readonly<Record<string, Route>>): Router {
  const routes = Object.entries(table).map(([pattern, run]) => {
    const [method = '', path = ''] = pattern.split(' ')
    return { method, segments: split(path), run }
  })
  return {
    find(method, rawPath) {
      const routeMethod = method === 'HEAD' ? 'GET' : method
      const segments = split(rawPath).map(decode)
      let pathExists = false
      for (const route of routes) {
        const captured = capture(route.segments, segments)
        if (captured === undefined) continue
        if (route.method === routeMethod) return (request) => route.run(request, ...captured)
        pathExists = true
      }
      return pathExists ? 'method' : undefined
    },
  }
}

function capture(pattern: readonly string[], segments: readonly string[]): string[] | undefined {
  if (pattern.length !== segments.length) return undefined
  const captured: string[] = []
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? ''
    if (expected.startsWith(':') && actual !== '') captured.push(actual)
    else if (expected !== actual) return undefined
  }
  return captured
}

function split(path: string): string[] {
  return path.replace(/^\//, '').replace(/\/$/, '').split('/')
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment // a malformed escape is treated as part of an unknown ID
  }
}
