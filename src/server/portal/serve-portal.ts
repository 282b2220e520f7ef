import { portalUrl } from '../../connect/links/link-url.ts'
import type { PortalSession } from '../../connect/sessions/session-tokens.ts'
import { isOwnForm } from '../pages/navigation.ts'
import { privateHeaders, sendPage } from '../pages/page.ts'
import { tooManyRequestsPage } from '../pages/page-text.ts'
import { pageView } from '../pages/page-view.ts'
import type { HttpExchange } from '../pages/pages-context.ts'
import { readBody } from '../read-body.ts'
import { notAllowed } from '../send-json.ts'
import { serveApplication, submitApplication } from './application-page.ts'
import { serveConnections, submitCancel, submitReconnect } from './connections-page.ts'
import { serveDone } from './done-page.ts'
import { serveEnded, serveUnknown } from './ended-page.ts'
import { type PortalContext, type PortalVisit, rightsOf } from './portal-context.ts'
import { sendRefusal } from './refusal-page.ts'
import { serveRemove, submitRemove } from './remove-page.ts'
import { RefusedOperation } from './run-operation.ts'
import { serveSearch } from './search-page.ts'
import { portalTextsOf } from './texts/languages.ts'

/** A page of the portal: `get` shows it, `post` handles its form. */
interface Route {
  get?(visit: PortalVisit): Promise<void>
  post?(visit: PortalVisit, form: URLSearchParams): Promise<void>
}

const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/', { get: serveSearch }],
  ['/application', { get: serveApplication, post: submitApplication }],
  ['/connections', { get: serveConnections }],
  ['/reconnect', { post: submitReconnect }],
  ['/cancel', { post: submitCancel }],
  ['/remove', { get: serveRemove, post: submitRemove }],
  ['/done', { get: serveDone }],
])

const bodyLimitBytes = 4_096
const maxTokenLength = 12_000

export interface PortalAddress {
  readonly token: string
  /** `null`: without the final slash. */
  readonly path: string | null
}

/**
 * Serves the pages with which the end user of a session connects applications. The address contains the session's token and
 * is all that the pages need: no cookie, no row of the store. It is not logged, not cached, and not sent as a referrer.
 */
export async function servePortal(
  context: PortalContext,
  exchange: HttpExchange,
  { token, path }: PortalAddress,
): Promise<void> {
  const { request, response } = exchange
  const { sessions } = context.pages.connect
  const session = token.length <= maxTokenLength ? await sessions.verifyPortal(token) : null
  if (session === null) {
    const retryAfter = context.limitAddress(request, request.url ?? '/')
    if (retryAfter === null) return serveUnknown(context, exchange)
    response.setHeader('retry-after', retryAfter)
    return sendPage(response, tooManyRequestsPage(pageView(context.pages, request)))
  }
  // Relative, because a proxy may serve the gateway below a path.
  if (path === null) return void response.writeHead(308, { ...privateHeaders, location: `./${token}/` }).end()
  const visit = visitOf(context, exchange, { session, token })
  if (session.end !== null) return serveEnded(visit, session.end, path)
  return serveRoute(visit, path)
}

async function serveRoute(visit: PortalVisit, path: string): Promise<void> {
  const { request, response } = visit.exchange
  const { method = '' } = request
  const route = routes.get(path)
  if (route === undefined) return serveUnknown(visit, visit.exchange)
  const { get, post } = route
  // An operation that was refused is a page of its own.
  try {
    if (post && method === 'POST') {
      const form = await readForm(visit)
      return form === null ? sendRefusal(visit, 'FORM') : await post(visit, form)
    }
    if (get && (method === 'GET' || method === 'HEAD')) return await get(visit)
  } catch (error) {
    if (!(error instanceof RefusedOperation)) throw error
    return sendRefusal(visit, error.code, error.retryAfterSeconds)
  }
  if (!get && method === 'GET')
    return void response.writeHead(303, { ...privateHeaders, location: './connections' }).end()
  return notAllowed(response, [...(get ? ['GET', 'HEAD'] : []), ...(post ? ['POST'] : [])].join(', '))
}

/** The fields of a form of the portal; `null`: another site has sent it, or it is no form. */
async function readForm({ exchange: { request } }: PortalVisit): Promise<URLSearchParams | null> {
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  if (!isForm || !isOwnForm(request)) return null
  const body = await readBody(request, bodyLimitBytes)
  return body === undefined ? null : new URLSearchParams(body.toString())
}

function visitOf(
  context: PortalContext,
  exchange: HttpExchange,
  { session, token }: { readonly session: PortalSession; readonly token: string },
): PortalVisit {
  const { pages } = context
  const { viewer, returnUrl } = session
  const { headers, url = '/' } = exchange.request
  const view = pageView(pages, exchange.request, viewer.appearance)
  return {
    ...context,
    exchange,
    viewer,
    returnUrl,
    rights: rightsOf(viewer),
    url: portalUrl(pages.connect.publicUrl, token),
    isFramed: headers['sec-fetch-dest'] === 'iframe',
    query: new URLSearchParams(url.split('?')[1] ?? ''),
    view,
    texts: portalTextsOf(view.language),
    names: view.names,
  }
}
