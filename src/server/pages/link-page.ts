import { redeemClaim } from '../../connect/links/claim.ts'
import { markSeen } from '../../connect/links/end-hand-over.ts'
import { isResultUnseen } from '../../connect/links/hand-over-state.ts'
import { markOpened, type ResolvedLink, resolveConnectLink } from '../../connect/links/open.ts'
import { resolveHold } from '../../connect/links/resolve-hold.ts'
import { notAllowed } from '../send-json.ts'
import { browserTokenOf, knownBrowserToken } from './browser-cookie.ts'
import { continuePage } from './continue-page.ts'
import { goTo } from './go-to.ts'
import { unresolvedPage } from './held-page.ts'
import { claimOf } from './link-claim.ts'
import { linkPageParts } from './link-notice.ts'
import { isNavigation, isOwnForm, isVisitOf } from './navigation.ts'
import { sendPage } from './page.ts'
import { resultPage } from './page-text.ts'
import { linkView } from './page-view.ts'
import type { HttpExchange, PagesContext } from './pages-context.ts'
import { redirectBack } from './redirect-back.ts'
import { visitedPage } from './visited-page.ts'
import { endUserNumber, rememberVisitor } from './visitor-cookie.ts'

type OpenLink = Extract<ResolvedLink, { readonly kind: 'open' }>
type HeldLink = Extract<ResolvedLink, { readonly kind: 'held' }>

/**
 * Serves the page of a connect link. A navigation of a browser, or a press of the page's button, opens the link and
 * leads to the provider. Other requests (previews, scanners) get a page with the button, and do not change the
 * link. A colleague whom it was handed over to always gets the page first, and an end user if a hand-over is over.
 */
export async function serveLinkPage(
  pages: PagesContext,
  token: string,
  exchange: HttpExchange,
): Promise<void> {
  const { request, response } = exchange
  const { method = '' } = request
  if (!['GET', 'HEAD', 'POST'].includes(method)) return notAllowed(response, 'GET, HEAD, POST')
  const resolved = await resolveConnectLink(pages.connect, token)
  if (resolved.kind === 'held' && resolved.colleague === null)
    return serveHeldLink(pages, token, { ...exchange, resolved })
  if (resolved.kind === 'open' && (await leadOn(pages, token, { exchange, resolved }))) return
  const current = resolved.kind === 'open' ? await resolveConnectLink(pages.connect, token) : resolved
  sendPage(response, await visitedPage(pages, { request, token, resolved: current }))
}

/** Leads the visitor to the provider, if the request is to do that. `false`: nothing was sent. */
async function leadOn(
  pages: PagesContext,
  token: string,
  { exchange, resolved }: { readonly exchange: HttpExchange; readonly resolved: OpenLink },
): Promise<boolean> {
  const { request, response } = exchange
  const { link, colleague, lastHandOver, provider } = resolved
  const claim = link.guard === 'SAME_BROWSER' ? await claimOf(pages, request) : null
  if (claim !== null) {
    // A claim that is not valid any more does no harm: the browser opens the link as any other one.
    await redeemClaim(pages.connect, link.id, { claim, browserToken: browserTokenOf(pages, link, exchange) })
    const page = continuePage(await linkView(pages, request, link), token)
    sendPage(response, { ...page, ...linkPageParts(pages, link, { request }) })
    return true
  }
  const isPressed = request.method === 'POST' && isOwnForm(request)
  const isVisit = isNavigation(request, link.embeddable && colleague === null ? 'allowed' : 'none')
  if (colleague !== null && (isVisit || isPressed)) await markSeen(pages.connect, colleague)
  const hasPage = colleague !== null || (lastHandOver !== null && isResultUnseen(lastHandOver, link))
  // A provider without a success redirect is opened in a second tab by the button, so that this page remains open.
  const isRedirected = isPressed || (isVisit && !hasPage && provider.capabilities.successRedirect)
  if (!isRedirected) return false
  const browserToken = link.guard === 'SAME_BROWSER' ? browserTokenOf(pages, link, exchange) : null
  if (!(await markOpened(pages.connect, link, { browserToken, colleague }))) return false
  if (colleague !== null || lastHandOver !== null)
    rememberVisitor(pages, link, { number: colleague?.number ?? endUserNumber, response })
  await goTo(pages, exchange, { link, url: resolved.url, status: 'OPENED' })
  return true
}

/**
 * The page of a held link. A provider that does not redirect the browser back leaves it at this page: the browser in which
 * the link was opened gets the connection, or the code.
 */
async function serveHeldLink(
  pages: PagesContext,
  token: string,
  { resolved, ...exchange }: HttpExchange & { readonly resolved: HeldLink },
): Promise<void> {
  const { request, response } = exchange
  const { link, provider } = resolved
  const isEndUser = isVisitOf(link, request)
  const browserToken =
    isEndUser && link.guard === 'SAME_BROWSER' && !provider.capabilities.successRedirect
      ? knownBrowserToken(pages, link.id, request)
      : null
  if (browserToken === null) return sendPage(response, await visitedPage(pages, { request, token, resolved }))
  const view = await linkView(pages, request, link)
  const resolution = await resolveHold(pages.connect, link, { browserToken, source: 'HOSTED_PAGE' })
  if (resolution.kind !== 'resolved')
    return sendPage(response, {
      ...unresolvedPage(view, resolution, `${token}/events`),
      ...linkPageParts(pages, link, { request }),
    })
  const { url } = await redirectBack(pages.connect, resolution.link, 'success')
  const parts = linkPageParts(pages, resolution.link, { request })
  if (url === null) return sendPage(response, { ...resultPage(resolution.link.status, view), ...parts })
  return goTo(pages, exchange, { link, url })
}
