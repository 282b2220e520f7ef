import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { ConnectContext } from '../connect/context.ts'
import { openConnectLink } from '../connect/open-connect-link.ts'
import { parseUrl } from '../parse-url.ts'
import { answerDoor, donePage } from './connect-page.ts'
import { sendPage } from './page.ts'

export interface Routes {
  readonly connect: ConnectContext
  /** The GraphQL endpoint. */
  graphql(request: IncomingMessage, response: ServerResponse): void
  /** Store reachable and migrated; never asks a provider. */
  isReady(): Promise<boolean>
  /** The sandbox's pages, when it runs beside the gateway; `false`: there is no such page. */
  readonly sandboxPage?: (request: IncomingMessage, response: ServerResponse, pathAndQuery: string) => boolean
}

/** Slow clients may not hold a connection for longer than an honest one needs. */
export function createHttpServer(): Server {
  return createServer({
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: 2_000,
    maxHeaderSize: 16_384,
  })
}

/** Which part of the gateway answers which path. */
export function createRoutes(routes: Routes) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = '/', query] = (request.url ?? '/').split('?', 2)
    if (parseUrl(`http://${request.headers.host ?? ''}`) === null)
      return sendJson(response, 400, { status: 'bad host' })
    if (path === '/graphql') {
      if (!isUtf8(request.headers['content-type'])) return sendJson(response, 415, { status: 'UTF-8 only' })
      response.setHeaders(graphqlHeaders)
      return routes.graphql(request, response)
    }
    if (path.startsWith('/sandbox/') && routes.sandboxPage) {
      const pathAndQuery = (request.url ?? '').slice('/sandbox'.length)
      return routes.sandboxPage(request, response, pathAndQuery) ? undefined : notFound(response)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed(response)
    if (path === '/health') return sendJson(response, 200, { status: 'ok' })
    if (path === '/ready') {
      const ready = await routes.isReady()
      return sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready' })
    }
    if (path === '/done') return sendPage(response, 200, donePage)
    const token = /^\/connect\/([\w-]{1,100})$/.exec(path)?.[1]
    if (token !== undefined) return answerDoor(response, await openConnectLink(routes.connect, token))
    if (path === '/') return redirect(response, `graphql${query ? `?${query}` : ''}`)
    return notFound(response)
  }
}

/** Answers hold links and, on GraphiQL's page, a key: kept nowhere, shown inside no other page. */
const graphqlHeaders = new Map([
  ['cache-control', 'no-store'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['content-security-policy', "frame-ancestors 'none'"],
])

function isUtf8(contentType: string | undefined): boolean {
  const charset = /charset="?([\w-]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase()
  return charset === undefined || charset === 'utf-8' || charset === 'utf8'
}

/** Answers what failed without saying why; the log has it. */
export function safely(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  onError: (error: unknown) => void,
) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch((error: unknown) => {
      onError(error)
      if (response.headersSent) response.destroy()
      else sendJson(response, 500, { status: 'error' })
    })
  }
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(JSON.stringify(body))
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location }).end()
}

const notFound = (response: ServerResponse) =>
  sendPage(response, 404, { title: 'There is nothing here', text: 'The API is at /graphql.' })

const notAllowed = (response: ServerResponse) => {
  response.setHeader('allow', 'GET, HEAD')
  sendJson(response, 405, { status: 'method not allowed' })
}
