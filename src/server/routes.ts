import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { parseUrl } from '../domain/parse-url.ts'
import { sendAsset } from './pages/assets.ts'
import { html } from './pages/html.ts'
import { answerLinkPage } from './pages/link-page.ts'
import { sendPage } from './pages/page.ts'
import type { HttpExchange, PagesContext } from './pages/pages-context.ts'
import { answerReturn } from './pages/return-page.ts'
import { answerStart } from './pages/start-page.ts'
import { answerEvents } from './pages/status-stream.ts'
import { notAllowed, sendJson } from './send-json.ts'
import { answerWebhook } from './webhook-route.ts'

export interface Routes {
  readonly site: PagesContext
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
    const [path = '/'] = (request.url ?? '/').split('?')
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
    if (path.startsWith('/webhooks/')) return answerWebhook(routes.site.connect, request, response)
    const token = /^\/connect\/([\w-]{1,100})$/.exec(path)?.[1]
    if (token !== undefined) return answerLinkPage(routes.site, token, { request, response })
    if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed(response, 'GET, HEAD')
    return answerRead(routes, path, { request, response })
  }
}

/** What is only read. */
async function answerRead(
  { site, isReady }: Routes,
  path: string,
  { request, response }: HttpExchange,
): Promise<void> {
  if (path === '/') return answerStart(site, { request, response })
  if (path === '/health') return sendJson(response, 200, { status: 'ok' })
  if (path === '/ready') {
    const ready = await isReady()
    return sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready' })
  }
  const [, door, token = '', rest] =
    /^\/(connect|return)\/([\w-]{1,100})\/(success|error|events)$/.exec(path) ?? []
  if (rest === 'events' && request.method === 'GET') {
    const column = door === 'connect' ? 'tokenHash' : 'returnTokenHash'
    return answerEvents(site, { column, token }, response)
  }
  if (door === 'return' && (rest === 'success' || rest === 'error'))
    return answerReturn(site, { token, path: rest }, { request, response })
  const asset = /^\/assets\/([\w.-]+)$/.exec(path)?.[1]
  if (asset !== undefined && sendAsset(response, asset)) return
  return notFound(response)
}

/** Answers hold links and, on GraphiQL's page, a key: kept nowhere, shown inside no other page. */
const graphqlHeaders = new Map([
  ['cache-control', 'no-store'],
  ['x-accel-buffering', 'no'], // some proxies would collect a stream
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

const notFound = (response: ServerResponse) =>
  sendPage(response, {
    status: 404,
    title: 'There is nothing here',
    main: html`<h1>There is nothing here</h1>
<p>The API is at <code>/graphql</code>.</p>`,
  })
