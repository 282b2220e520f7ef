import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { TestClock } from '../helpers/clock.ts'
import { listen } from '../helpers/listen.ts'
import { openSandbox } from './open.ts'

/** A sandbox behind a proxy: `intercept` receives each request first, and can `forward` it now, later or never. */
export async function openSandboxBehindProxy(
  clock: TestClock,
  intercept: (request: IncomingMessage, response: ServerResponse, forward: () => void) => void,
) {
  const target: { url?: URL } = {}
  const url = await listen((request, response) =>
    intercept(request, response, () => forwardTo(target.url, request, response)),
  )
  const sandbox = await openSandbox({ clock, pagesUrl: url })
  target.url = sandbox.url
  return { ...sandbox, url }
}

function forwardTo(sandbox: URL | undefined, request: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url = '/' } = request
  const forwarded = httpRequest(new URL(url, sandbox), { method, headers }, (upstream) => {
    response.writeHead(upstream.statusCode ?? 502, upstream.headers)
    upstream.pipe(response)
  })
  request.pipe(forwarded)
}
