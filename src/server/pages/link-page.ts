import type { IncomingMessage } from 'node:http'
import { redeemClaim } from '../../connect/links/claim.ts'
import { markOpened, type ResolvedLink, resolveConnectLink } from '../../connect/links/open.ts'
import { resolveHold } from '../../connect/links/resolve-hold.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { notAllowed } from '../send-json.ts'
import { browserTokenOf, knownBrowserToken } from './browser-cookie.ts'
import { continuePage } from './continue-page.ts'
import { unresolvedPage, waitingElsewherePage } from './held-page.ts'
import { claimOf } from './link-claim.ts'
import { linkPageParts } from './link-notice.ts'
import { linkPage, waitingLinkPage } from './link-page-text.ts'
import { isNavigation, isOwnForm } from './navigation.ts'
import { frameAncestors, type Page, privateHeaders, sendPage } from './page.ts'
import { endPage, resultPage, unknownPage } from './page-text.ts'
import { linkView, pageView } from './page-view.ts'
import { frameOrigins, type HttpExchange, isFramed, type PagesContext } from './pages-context.ts'
import { redirectBack } from './redirect-back.ts'

type OpenLink = Extract<ResolvedLink, { readonly kind: 'open' }>
type HeldLink = Extract<ResolvedLink, { readonly kind: 'held' }>

/**
 * Serves the page of a connect link. A navigation of a browser, or a press of the page's button, opens the link and
 * leads to the provider. Other requests (previews, scanners) get a page with the button, and do not change the
 * link.
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
  if (resolved.kind === 'held') return serveHeldLink(pages, token, { ...exchange, resolved })
  if (resolved.kind !== 'open') return sendPage(response, await closedLinkPage(pages, resolved, request))
  const { link } = resolved
  const claim = link.guard === 'SAME_BROWSER' ? await claimOf(pages, request) : null
  if (claim !== null) {
    // A claim that is not valid any more does no harm: the browser opens the link as any other one.
    await redeemClaim(pages.connect, link.id, { claim, browserToken: browserTokenOf(pages, link, exchange) })
    const view = await linkView(pages, request, link)
    return sendPage(response, { ...continuePage(view, token), ...partsFor(pages, link, request) })
  }
  const isPressed = method === 'POST' && isOwnForm(request)
  const isVisit = isNavigation(request, link.embeddable ? 'allowed' : 'none')
  // A provider without a success redirect is opened in a second tab by the button, so that this page remains open.
  const isRedirected = isPressed || (isVisit && resolved.provider.capabilities.successRedirect)
  if (!isRedirected) return sendPage(response, await openLinkPage(pages, token, { ...exchange, resolved }))
  const browserToken = link.guard === 'SAME_BROWSER' ? browserTokenOf(pages, link, exchange) : null
  if (await markOpened(pages.connect, link, { browserToken, colleague: resolved.colleague }))
    return goTo(pages, exchange, { link, url: resolved.url })
  const ended = await resolveConnectLink(pages.connect, token)
  return sendPage(response, await closedLinkPage(pages, ended, request))
}

/**
 * Sends the browser to a URL of another origin: a GET by a redirect, a form submission by a page that navigates, because
 * browsers apply `form-action` to every redirect that follows a form submission, also to those of other servers.
 */
async function goTo(
  pages: PagesContext,
  { request, response }: HttpExchange,
  { link, url: to }: { readonly link: ConnectLinkRow; readonly url: string },
): Promise<void> {
  const url = new URL(to).href
  const isFrame = isFramed(request)
  if (request.method === 'POST' || isFrame) {
    const page = continuePage(await linkView(pages, request, link), url)
    const parts = partsFor(pages, link, request)
    // A redirect would be followed in any frame: the browser checks the policy of a page only. Its script goes on at once.
    const goOn = isFrame &&
      parts.notice && { notice: { ...parts.notice, goTo: url }, refresh: { seconds: 2, url } }
    return sendPage(response, { ...page, ...parts, ...goOn })
  }
  const policy = frameAncestors(frameOrigins(pages, link, request))
  response.writeHead(302, { ...privateHeaders, 'content-security-policy': policy, location: url }).end()
}

async function openLinkPage(
  pages: PagesContext,
  token: string,
  { request, resolved: { link, provider } }: HttpExchange & { readonly resolved: OpenLink },
): Promise<Page> {
  const texts = {
    view: await linkView(pages, request, link),
    isReconnect: link.purpose === 'RECONNECT',
    instructions: link.instructions,
    requiresProviderLogin: link.requiresProviderLogin,
  }
  // A provider whose page cannot be framed is opened in a second tab by the page in the frame.
  const opensHere = provider.capabilities.successRedirect && (link.embeddable || !isFramed(request))
  const page = opensHere
    ? linkPage(texts)
    : waitingLinkPage(texts, { events: `${token}/events`, isWaiting: link.status !== 'CREATED' })
  return { ...page, ...partsFor(pages, link, request) }
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
  const parts = partsFor(pages, link, request)
  const isEndUser = isVisitOf(link, request)
  const browserToken =
    isEndUser && link.guard === 'SAME_BROWSER' && !provider.capabilities.successRedirect
      ? knownBrowserToken(pages, link.id, request)
      : null
  const view = await linkView(pages, request, link)
  if (browserToken === null)
    return sendPage(response, { ...(await waitingElsewherePage(pages, view, { link, isEndUser })), ...parts })
  const resolution = await resolveHold(pages.connect, link, { browserToken, source: 'HOSTED_PAGE' })
  if (resolution.kind !== 'resolved')
    return sendPage(response, { ...unresolvedPage(view, resolution, `${token}/events`), ...parts })
  const { url } = await redirectBack(pages.connect, resolution.link, 'success')
  const ended = partsFor(pages, resolution.link, request)
  if (url === null) return sendPage(response, { ...resultPage(resolution.link.status, view), ...ended })
  return goTo(pages, exchange, { link, url })
}

const partsFor = (pages: PagesContext, link: ConnectLinkRow, request: IncomingMessage) =>
  linkPageParts(pages, link, { request, isVisit: isVisitOf(link, request) || isFramed(request) })

const isVisitOf = (link: ConnectLinkRow, request: IncomingMessage): boolean =>
  request.method === 'POST' || isNavigation(request, link.embeddable ? 'allowed' : 'none')

async function closedLinkPage(
  pages: PagesContext,
  resolved: ResolvedLink,
  request: IncomingMessage,
): Promise<Page> {
  if (resolved.kind !== 'ended') return unknownPage(pageView(pages, request))
  const { link } = resolved
  // The application's redirect URI may contain secrets: it is not shown to scanners and previews.
  const url = isVisitOf(link, request) ? (await redirectBack(pages.connect, link, 'success')).url : null
  const view = await linkView(pages, request, link)
  return { ...endPage(link.status, view, url), ...partsFor(pages, link, request) }
}
