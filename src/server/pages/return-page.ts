import type { IncomingMessage } from 'node:http'
import { canHandOver, handOverUrl, isActive } from '../../connect/links/hand-over-state.ts'
import { handleReturn, type ProviderReturn } from '../../connect/links/handle-return.ts'
import { linkUrl } from '../../connect/links/link-url.ts'
import { resolveHold } from '../../connect/links/resolve-hold.ts'
import { isEnded } from '../../connect/links/status.ts'
import { findLinkByToken } from '../../store/connect-links.ts'
import { hashToken } from '../../store/encryption.ts'
import { findLastHandOver } from '../../store/hand-overs.ts'
import { findLastFailure } from '../../store/link-history.ts'
import type { ConnectLinkRow, LinkHandOverRow } from '../../store/schema.ts'
import { browserTokenOf } from './browser-cookie.ts'
import { colleagueResultPage, colleagueView, toBeConfirmedPage, withdrawnPage } from './colleague-text.ts'
import { handOverOffer } from './hand-over-text.ts'
import { unresolvedPage, waitingElsewherePage } from './held-page.ts'
import { linkPageParts } from './link-notice.ts'
import { isPrefetch } from './navigation.ts'
import { frameAncestors, type Page, privateHeaders, sendPage } from './page.ts'
import { messagePage, pendingPage, resultPage, unknownPage, unknownVisitorPage } from './page-text.ts'
import { type LinkView, linkView, pageView } from './page-view.ts'
import { frameOrigins, type HttpExchange, type PagesContext } from './pages-context.ts'
import { redirectBack } from './redirect-back.ts'
import { visitorOf } from './visitor-cookie.ts'

type ReturnVisit = Pick<ProviderReturn, 'token' | 'path'>

/**
 * Serves the return URL, to which the provider redirects the end user: redirects to the application, or shows the
 * result. With the guard SAME_BROWSER the browser gets the connection, or the code to enter in the application.
 */
export async function serveReturnPage(
  pages: PagesContext,
  visit: ReturnVisit,
  exchange: HttpExchange,
): Promise<void> {
  const { connect } = pages
  const { request, response } = exchange
  const found = await findLinkByReturnToken(pages, visit)
  if (found === undefined) return sendPage(response, unknownPage(pageView(pages, request)))
  if (request.method === 'HEAD' || isPrefetch(request)) return sendPage(response, previewPage(pages, request))
  const disconnected = new AbortController()
  response.once('close', () => disconnected.abort())
  const browserToken =
    found.guard === 'SAME_BROWSER' && !isEnded(found.status) ? browserTokenOf(pages, found, exchange) : null
  const returnedAt = connect.now()
  const returned = await handleReturn(connect, { ...visit, browserToken }, disconnected.signal)
  if (returned === undefined) return sendPage(response, unknownPage(pageView(pages, request)))
  const resolution =
    returned.heldUntil === null || browserToken === null
      ? ({ kind: 'resolved', link: returned } as const)
      : await resolveHold(connect, returned, { browserToken, source: 'BROWSER_RETURN' })
  if (resolution.kind !== 'resolved') {
    const page = unresolvedPage(await linkView(pages, request, returned), resolution, 'events')
    return sendPage(response, { ...page, ...linkPageParts(pages, returned, { request, isVisit: true }) })
  }
  // Some providers return to one address in both cases: then what they report decides.
  const hasFailed = ((await findLastFailure(connect.db, returned.id))?.at ?? new Date(0)) >= returnedAt
  return sendResult(pages, resolution.link, {
    visit: hasFailed ? { ...visit, path: 'error' } : visit,
    response,
  })
}

async function sendResult(
  pages: PagesContext,
  link: ConnectLinkRow,
  { visit, response }: { readonly visit: ReturnVisit; readonly response: HttpExchange['response'] },
): Promise<void> {
  const { connect } = pages
  // Only this browser can get the connection, or the code: it waits here until the provider has confirmed.
  const isNeeded = link.guard === 'SAME_BROWSER' && !isEnded(link.status) && visit.path === 'success'
  const last = (await findLastHandOver(connect.db, link.id)) ?? null
  const visitor = visitorOf(pages, response.req, { link, last })
  // Only the end user is sent to the application.
  const url = visitor.kind === 'END_USER' ? (await redirectBack(connect, link, visit.path)).url : null
  if (url !== null && !isNeeded) {
    const policy = frameAncestors(frameOrigins(pages, link, response.req))
    response.writeHead(303, { ...privateHeaders, 'content-security-policy': policy, location: url }).end()
    return
  }
  const view = await linkView(pages, response.req, link)
  if (visitor.kind === 'UNKNOWN') return sendPage(response, unknownVisitorPage(view))
  if (visitor.kind === 'COLLEAGUE') {
    const { colleague } = visitor
    const theirs = colleagueView(view, colleague)
    return sendPage(response, resultPageOfColleague(pages, theirs, { link, colleague, path: visit.path }))
  }
  const page = await resultPageOf(pages, view, { link, last, path: visit.path, isNeeded })
  const { notice, ...frames } = linkPageParts(pages, link, { request: response.req, isVisit: true })
  const closes = link.status === 'COMPLETED'
  sendPage(response, { ...page, ...frames, ...(notice && { notice: { ...notice, closes } }) })
}

async function resultPageOf(
  pages: PagesContext,
  view: LinkView,
  {
    link,
    last,
    path,
    isNeeded,
  }: Pick<ReturnVisit, 'path'> & {
    readonly link: ConnectLinkRow
    readonly last: LinkHandOverRow | null
    readonly isNeeded: boolean
  },
): Promise<Page> {
  if (isEnded(link.status)) return resultPage(link.status, view)
  if (link.heldUntil !== null) return waitingElsewherePage(pages, view, { link, isEndUser: true })
  const retryUrl = path === 'error' ? linkUrl(link, pages.connect) : null
  const isOffered = retryUrl !== null && canHandOver(link, last, pages.connect.now())
  return pendingPage(view, { retryUrl, isNeeded, more: isOffered ? handOverOffer(view, retryUrl) : null })
}

function resultPageOfColleague(
  { connect }: PagesContext,
  view: LinkView,
  {
    link,
    colleague,
    path,
  }: Pick<ReturnVisit, 'path'> & { readonly link: ConnectLinkRow; readonly colleague: LinkHandOverRow },
): Page {
  if (isEnded(link.status)) return colleagueResultPage(link.status, view)
  if (link.heldUntil !== null) return toBeConfirmedPage(view)
  if (path === 'error' && !isActive(colleague, connect.now())) return withdrawnPage(view)
  const retryUrl = path === 'error' ? handOverUrl(colleague, connect) : null
  return pendingPage(view, { retryUrl, isNeeded: false, more: null })
}

/**
 * The page for a HEAD or a prefetch, which do not count as a return. 503 for a prefetch: browsers discard an error
 * response and request the page again when the end user navigates to it.
 */
function previewPage(pages: PagesContext, request: IncomingMessage): Page {
  const view = pageView(pages, request)
  const { moment, openToContinue } = view.texts.page
  const page = messagePage({ view, outcome: 'waiting', title: moment, text: openToContinue })
  return { ...page, status: request.method === 'HEAD' ? 200 : 503 }
}

const findLinkByReturnToken = (
  { connect }: PagesContext,
  { token }: ReturnVisit,
): Promise<ConnectLinkRow | undefined> => findLinkByToken(connect.db, 'returnTokenHash', hashToken(token))
