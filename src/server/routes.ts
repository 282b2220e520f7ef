import type { IncomingMessage, ServerResponse } from 'node:http'
import { gatewayIdentities, identityHeader } from '../connect/util/gateway-identity.ts'
import { withAuditOrigin } from '../store/audit-origin.ts'
import type { AddressLimit } from './address-limit.ts'
import { sendClientScript } from './client-script.ts'
import { type MetricsRoute, serveMetrics } from './metrics-route.ts'
import { sendAsset } from './pages/assets.ts'
import { exchangeStartToken } from './pages/exchange-token.ts'
import { sendGraphiqlAsset } from './pages/graphiql-assets.ts'
import { isGraphiqlRequest, serveGraphiqlPage } from './pages/graphiql-page.ts'
import { serveLinkAction } from './pages/link-actions.ts'
import { linkActions } from './pages/link-address.ts'
import { serveLinkPage } from './pages/link-page.ts'
import { sendPage } from './pages/page.ts'
import { failurePage, notFoundPage, tooManyRequestsPage } from './pages/page-text.ts'
import { pageView } from './pages/page-view.ts'
import type { HttpExchange, PagesContext } from './pages/pages-context.ts'
import { serveReturnPage } from './pages/return-page.ts'
import { serveStartPage } from './pages/start-page.ts'
import { serveStatusStream } from './pages/status-stream.ts'
import { servePortal } from './portal/serve-portal.ts'
import { isDefaultHealthCheck, type Readiness, sendHealth, sendReadiness } from './probes.ts'
import { normalizeTarget, withFinalSlash } from './request-target.ts'
import { notAllowed, sendJson } from './send-json.ts'
import { routeOf, traceRequest } from './trace-request.ts'
import { handleWebhook } from './webhook-route.ts'
import type { ExecuteOwn } from './yoga.ts'

export interface Routes {
  readonly pages: PagesContext
  readonly limitAddress: AddressLimit
  /** Executes operations for the portal. */
  readonly execute: ExecuteOwn
  /** `null`: not served. */
  readonly metrics: MetricsRoute | null
  /** The GraphQL endpoint. */
  graphql(request: IncomingMessage, response: ServerResponse): void
  /** The MCP endpoint; `null`: not served. */
  readonly mcp: ((request: IncomingMessage, response: ServerResponse) => void) | null
  /** Ready: the database is reachable and migrated. Does not call providers. */
  readiness(): Promise<Readiness>
  /** Serves the sandbox's pages, if the sandbox runs in this process; returns `false` if there is no such page. */
  readonly sandboxPage?: (request: IncomingMessage, response: ServerResponse, pathAndQuery: string) => boolean
}

/** The request handler of the whole gateway. */
export function createRoutes(routes: Routes) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { publicUrl } = routes.pages.connect
    if (!normalizeTarget(request, publicUrl)) return sendJson(response, 400, { status: 'bad host' })
    const [path = '/'] = (request.url ?? '/').split('?')
    if (isDefaultHealthCheck(request, path)) return sendReadiness(response, await routes.readiness())
    const location = withFinalSlash(request, publicUrl)
    if (location !== null) return void response.writeHead(308, { location }).end()
    const exchange = { request, response }
    const isGraphiql = path === '/graphql' && isGraphiqlRequest(exchange)
    const retryAfter = isGraphiql || isLimited(path) ? routes.limitAddress(request, path) : null
    if (retryAfter !== null) return sendTooManyRequests(routes.pages, exchange, retryAfter)
    if (path === '/graphql') {
      if (routes.pages.graphiql && isGraphiql) {
        if (exchangeStartToken(routes.pages, exchange)) return undefined
        return serveGraphiqlPage(routes.pages, routes.pages.graphiql, exchange)
      }
      if (!isUtf8(request.headers['content-type'])) return sendJson(response, 415, { status: 'UTF-8 only' })
      return routes.graphql(request, response)
    }
    if (path.startsWith('/sandbox/') && routes.sandboxPage) {
      const pathAndQuery = (request.url ?? '').slice('/sandbox'.length)
      return routes.sandboxPage(request, response, pathAndQuery)
        ? undefined
        : notFound(routes, { request, response }, path)
    }
    if (path === '/metrics' && routes.metrics) return serveMetrics(routes.metrics, request, response)
    const { tracing } = routes.pages.connect
    const statusOf = () => response.statusCode
    const { mcp } = routes
    if (path === '/mcp' && mcp) {
      const traced = { request, route: path, isContinued: true }
      return traceRequest(tracing, traced, {
        answer: () => answered(response, () => mcp(request, response)),
        statusOf,
      })
    }
    const route = routeOf(path)
    const answer = () => handleOther(routes, path, exchange)
    return route === null ? answer() : traceRequest(tracing, { request, route }, { answer, statusOf })
  }
}

/** Resolves when the response has ended: a call may wait for its link. */
const answered = (response: ServerResponse, start: () => void): Promise<void> =>
  new Promise((resolve) => {
    response.once('close', resolve)
    start()
  })

/** Webhooks of providers, and pages. */
async function handleOther(routes: Routes, path: string, exchange: HttpExchange): Promise<void> {
  const { request, response } = exchange
  if (path.startsWith('/webhooks/')) return handleWebhook(routes.pages.connect, request, response)
  // Changes that the pages make are recorded with the address of the visitor.
  return withAuditOrigin(routes.pages.clientOf(request), () => handlePage(routes, path, exchange))
}

/** The gateway's own pages, and what they load. */
async function handlePage(routes: Routes, path: string, exchange: HttpExchange): Promise<void> {
  const { request, response } = exchange
  const token = /^\/connect\/([\w-]{1,100})$/.exec(path)?.[1]
  if (token !== undefined) return serveLinkPage(routes.pages, token, exchange)
  const portal = /^\/portal\/([\w.-]+)(\/[\w-]*)?$/.exec(path)
  if (portal) return servePortal(routes, exchange, { token: portal[1] ?? '', path: portal[2] ?? null })
  const [, linkToken, name] = /^\/connect\/([\w-]{1,100})\/([a-z-]+)$/.exec(path) ?? []
  const action = linkActions.find((one) => one === name)
  if (linkToken !== undefined && action !== undefined)
    return serveLinkAction(routes.pages, { token: linkToken, action }, exchange)
  if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed(response, 'GET, HEAD')
  return handleGet(routes, path, exchange)
}

/**
 * Whether a path is limited by address: those that read the store, and the files of GraphiQL. GraphQL requests are
 * limited by caller, health checks and the small files of pages are not limited.
 */
const isLimited = (path: string) => /^\/($|connect\/|return\/|webhooks\/|assets\/graphiql-)/.test(path)

const acceptsHtml = ({ headers }: IncomingMessage) => (headers.accept ?? '').includes('text/html')

function sendTooManyRequests(
  pages: PagesContext,
  { request, response }: HttpExchange,
  retryAfterSeconds: number,
): void {
  response.setHeader('retry-after', retryAfterSeconds)
  if (acceptsHtml(request)) sendPage(response, tooManyRequestsPage(pageView(pages, request)))
  else sendJson(response, 429, { status: 'too many requests' })
}

/** The routes for GET and HEAD only. */
async function handleGet(routes: Routes, path: string, { request, response }: HttpExchange): Promise<void> {
  const { pages, readiness } = routes
  if (path === '/')
    return exchangeStartToken(pages, { request, response })
      ? undefined
      : serveStartPage(pages, { request, response })
  if (path === '/health') return sendHealth(response)
  if (path === '/ready') {
    response.setHeader(identityHeader, gatewayIdentities(pages.connect.encryption)[0] ?? '')
    return sendReadiness(response, await readiness())
  }
  const [, prefix, token = '', suffix] =
    /^\/(connect|return)\/([\w-]{1,100})\/(success|error|events)$/.exec(path) ?? []
  if (suffix === 'events' && request.method === 'GET') {
    const column = prefix === 'connect' ? 'tokenHash' : 'returnTokenHash'
    return serveStatusStream(pages, { column, token }, response)
  }
  if (prefix === 'return' && (suffix === 'success' || suffix === 'error'))
    return serveReturnPage(pages, { token, path: suffix }, { request, response })
  if (sendClientScript(request, response, path)) return
  const asset = /^\/assets\/([\w.-]+)$/.exec(path)?.[1]
  if (asset !== undefined && sendAsset(response, asset)) return
  if (asset !== undefined && pages.graphiql && (await sendGraphiqlAsset({ request, response }, asset))) return
  return notFound(routes, { request, response }, path)
}

function isUtf8(contentType: string | undefined): boolean {
  const charset = /charset="?([\w-]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase()
  return charset === undefined || charset === 'utf-8' || charset === 'utf8'
}

/**
 * Wraps a handler: an error goes to `onError`, and the response is a 500 without details, or is cut off if it has
 * begun. Browsers get a page, if `pages` is given.
 */
export function safely(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  onError: (error: unknown) => void,
  pages: Pick<PagesContext, 'branding'> | null = null,
) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch((error: unknown) => {
      onError(error)
      if (response.headersSent) response.destroy()
      else if (pages !== null && acceptsHtml(request))
        sendPage(response, failurePage(pageView(pages, request)))
      else sendJson(response, 500, { status: 'error' })
    })
  }
}

/** The page of a path that does not exist counts against the limit of the address, as its other pages do. */
function notFound({ pages, limitAddress }: Routes, exchange: HttpExchange, path: string): void {
  const retryAfter = isLimited(path) ? null : limitAddress(exchange.request, path)
  if (retryAfter !== null) return sendTooManyRequests(pages, exchange, retryAfter)
  sendPage(exchange.response, notFoundPage(pageView(pages, exchange.request)))
}
