import type { Answer, SandboxRequest } from './http-types.ts'

/** Receives the decoded values of the path's `:names` in their order. */
export type Route = (request: SandboxRequest, ...captured: string[]) => Answer

export interface Router {
  /** The route for a request; 'method' when the path exists with other methods only; else undefined. */
  find(method: string, rawPath: string): ((request: SandboxRequest) => Answer) | 'method' | undefined
}

/**
 * Routes by `'GET /v1/things/:id'`; the first match in the order of the table wins, so fixed paths come
 * before `:names`. The raw path is split before its segments are decoded: clients send %2F inside ids.
 */
export function createRouter(table: Readonly<Record<string, Route>>): Router {
  const routes = Object.entries(table).map(([pattern, run]) => {
    const [method = '', path = ''] = pattern.split(' ')
    return { method, segments: split(path), run }
  })
  return {
    find(method, rawPath) {
      const wanted = method === 'HEAD' ? 'GET' : method
      const segments = split(rawPath).map(decode)
      let pathExists = false
      for (const route of routes) {
        const captured = capture(route.segments, segments)
        if (captured === undefined) continue
        if (route.method === wanted) return (request) => route.run(request, ...captured)
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
    return segment // a stray % is part of an unknown id, not a crash
  }
}
