import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { TestClock } from '../helpers/clock.ts'
import { listen } from '../helpers/listen.ts'
import { openSandbox } from './open.ts'

/** A sandbox behind a gatekeeper, who sees each request first and lets it through with `go`, now, later or never. */
export async function openSandboxBehind(
  clock: TestClock,
  keep: (request: IncomingMessage, response: ServerResponse, go: () => void) => void,
) {
  const behind: { url?: URL } = {}
  const url = await listen((request, response) =>
    keep(request, response, () => passOn(behind.url, request, response)),
  )
  const sandbox = await openSandbox({ clock, pagesUrl: url })
  behind.url = sandbox.url
  return { ...sandbox, url }
}

function passOn(sandbox: URL | undefined, request: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url = '/' } = request
  const onward = httpRequest(new URL(url, sandbox), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  request.pipe(onward)
}
