import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { SandboxRequest, SandboxResponse } from './http-types.ts'
import type { Json } from './json.ts'

const bodyLimitBytes = 1_000_000

/** Reads a request to the end; undefined when its body is larger than the sandbox takes. */
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

/** Sends an answer unless something was sent already or nobody is there to read it. */
export function send(response: ServerResponse, answer: SandboxResponse): void {
  if (response.headersSent || response.destroyed) return
  if (answer.body === undefined) {
    response.writeHead(answer.status, answer.headers).end()
    return
  }
  const isText = typeof answer.body === 'string'
  const contentType = isText ? 'text/plain; charset=utf-8' : 'application/json'
  response.writeHead(answer.status, { 'content-type': contentType, ...answer.headers })
  response.end(isText ? answer.body : JSON.stringify(answer.body))
}

/** Whether the peer is on this machine and used a name of this machine (other names may be made to resolve here). */
export function isLoopback(request: IncomingMessage): boolean {
  const peer = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  const { host } = request.headers
  return isLoopbackName(peer) && (host === undefined || isLoopbackName(hostOf(`http://${host}`)))
}

/** Whether a web page from elsewhere asks: it could not read the answer, but its request would have an effect. */
export function isFromForeignPage({ headers }: IncomingMessage): boolean {
  return headers.origin !== undefined && !isLoopbackName(hostOf(headers.origin))
}

/** The path without the query, and the query. */
export function splitTarget(pathAndQuery: string): { path: string; query: URLSearchParams } {
  const at = pathAndQuery.indexOf('?')
  if (at === -1) return { path: pathAndQuery, query: new URLSearchParams() }
  return { path: pathAndQuery.slice(0, at), query: new URLSearchParams(pathAndQuery.slice(at)) }
}

function hostOf(address: string): string {
  try {
    return new URL(address).hostname
  } catch {
    return ''
  }
}

function isLoopbackName(name: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(name)
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= bodyLimitBytes) chunks.push(chunk) // the rest is drained: an answer mid-upload would be lost
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
