import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { SandboxRequest, SandboxResponse } from './http-types.ts'
import type { Json } from './json.ts'

const bodyLimitBytes = 1_000_000

/** Reads a request to the end. Returns undefined when its body is over 1 MB. */
export async function readRequest(
  request: IncomingMessage,
  pathAndQuery: string,
  now: () => Date,
): Promise<SandboxRequest | undefined> {
  const rawBody = await readBody(request)
  if (rawBody === undefined) return undefined
  const { path, query } = splitTarget(pathAndQuery)
  const body = parseBody(rawBody, request.headers)
  return { method: request.method ?? 'GET', path, query, headers: request.headers, body, rawBody, now: now() }
}

/** Sends `result`, unless headers were already sent or the connection is closed. */
export function send(response: ServerResponse, result: SandboxResponse): void {
  if (response.headersSent || response.destroyed) return
  if (result.body === undefined) {
    response.writeHead(result.status, result.headers).end()
    return
  }
  const isText = typeof result.body === 'string'
  const contentType = isText ? 'text/plain; charset=utf-8' : 'application/json'
  response.writeHead(result.status, { 'content-type': contentType, ...result.headers })
  response.end(isText ? result.body : JSON.stringify(result.body))
}

/**
 * Whether the peer is on this machine and the Host header names this machine. Other host names are rejected because an
 * attacker can resolve them to this machine (DNS rebinding).
 */
export function isLoopback(request: IncomingMessage): boolean {
  const peer = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  const { host } = request.headers
  return isLoopbackHost(peer) && (host === undefined || isLoopbackHost(hostOf(`http://${host}`)))
}

/** Whether a web page of a non-loopback origin sent the request: it cannot read the response, but can change state. */
export function isFromNonLoopbackOrigin({ headers }: IncomingMessage): boolean {
  return headers.origin !== undefined && !isLoopbackHost(hostOf(headers.origin))
}

/** Splits a request target into the path and the query. */
export function splitTarget(pathAndQuery: string): { path: string; query: URLSearchParams } {
  const at = pathAndQuery.indexOf('?')
  if (at === -1) return { path: pathAndQuery, query: new URLSearchParams() }
  return { path: pathAndQuery.slice(0, at), query: new URLSearchParams(pathAndQuery.slice(at)) }
}

function hostOf(url: string): string {
  try {
    return new URL(url).hostname
  } catch {
    return ''
  }
}

function isLoopbackHost(name: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(name)
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= bodyLimitBytes) chunks.push(chunk) // drain the rest: a response during the upload would be lost
  }
  if (size > bodyLimitBytes) return undefined
  return Buffer.concat(chunks).toString('utf8')
}

function parseBody(text: string, headers: IncomingHttpHeaders): Json | undefined {
  if (text === '') return undefined
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) {
    return Object.fromEntries(new URLSearchParams(text))
  }
  try {
    const json: Json = JSON.parse(text)
    return json
  } catch {
    return undefined
  }
}
