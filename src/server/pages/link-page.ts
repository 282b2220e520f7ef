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
import { linkPage, waitingLinkPage } from './link-page-text.ts'
import { namesOf } from './names.ts'
import { isNavigation, isOwnForm } from './navigation.ts'
import { frameAncestors, type Page, privateHeaders, sendPage } from './page.ts'
import { endPage, resultPage, unknownPage } from './page-text.ts'
import { frameOrigins, type HttpExchange, type PagesContext } from './pages-context.ts'
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
  const frames = { frameOrigins: frameOrigins(pages, link) }
  const claim = link.guard === 'SAME_BROWSER' ? await claimOf(pages, request) : null
  if (claim !== null) {
    // A claim that is not valid any more does no harm: the browser opens the link as any other one.
    await redeemClaim(pages.connect, link.id, { claim, browserToken: browserTokenOf(pages, link, exchange) })
    return sendPage(response, { ...continuePage(token), ...frames })
  }
  const isPressed = method === 'POST' && isOwnForm(request)
  const isVisit = isNavigation(request, link.embeddable ? 'allowed' : 'none')
  // A provider without a success redirect is opened in a second tab by the button, so that this page remains open.
  const isRedirected = isPressed || (isVisit && resolved.provider.capabilities.successRedirect)
  if (!isRedirected) return sendPage(response, openLinkPage(pages, token, resolved))
  const browserToken = link.guard === 'SAME_BROWSER' ? browserTokenOf(pages, link, exchange) : null
  if (await markOpened(pages.connect, link, browserToken)) return goTo(exchange, resolved.url, frames)
  const ended = await resolveConnectLink(pages.connect, token)
  return sendPage(response, await closedLinkPage(pages, ended, request))
}

/**
 * Sends the browser to a URL of another origin: a GET by a redirect, a form submission by a page that navigates, because
 * browsers apply `form-action` to every redirect that follows a form submission, also to those of other servers.
 */
function goTo({ request, response }: HttpExchange, to: string, page: Pick<Page, 'frameOrigins'>): void {
  const url = new URL(to).href
  if (request.method === 'POST') return sendPage(response, { ...continuePage(url), ...page })
  const policy = frameAncestors(page.frameOrigins ?? [])
  response.writeHead(302, { ...privateHeaders, 'content-security-policy': policy, location: url }).end()
}

function openLinkPage(pages: PagesContext, token: string, { link, provider, connectorName }: OpenLink): Page {
  const texts = {
    connector: connectorName,
    names: namesOf(pages, link),
    provider: provider.name,
    isReconnect: link.purpose === 'RECONNECT',
    instructions: link.instructions,
    requiresProviderLogin: link.requiresProviderLogin,
  }
  const page = provider.capabilities.successRedirect
    ? linkPage(texts)
    : waitingLinkPage(texts, { events: `${token}/events`, isWaiting: link.status !== 'CREATED' })
  return { ...page, frameOrigins: frameOrigins(pages, link) }
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
  if (browserToken === null) return sendPage(response, await waitingElsewherePage(pages, link, isEndUser))
  const resolution = await resolveHold(pages.connect, link, { browserToken, source: 'HOSTED_PAGE' })
  if (resolution.kind !== 'resolved')
    return sendPage(response, unresolvedPage(pages, resolution, `${token}/events`))
  const { url } = await redirectBack(pages.connect, resolution.link, 'success')
  if (url === null) return sendPage(response, resultPage(resolution.link.status, namesOf(pages, link)))
  return goTo(exchange, url, { frameOrigins: frameOrigins(pages, link) })
}

const isVisitOf = (link: ConnectLinkRow, request: IncomingMessage): boolean =>
  request.method === 'POST' || isNavigation(request, link.embeddable ? 'allowed' : 'none')

async function closedLinkPage(
  pages: PagesContext,
  resolved: ResolvedLink,
  request: IncomingMessage,
): Promise<Page> {
  if (resolved.kind !== 'ended') return unknownPage
  const { link } = resolved
  // The application's redirect URI may contain secrets: it is not shown to scanners and previews.
  const url = isVisitOf(link, request) ? (await redirectBack(pages.connect, link, 'success')).url : null
  return { ...endPage(link.status, namesOf(pages, link), url), frameOrigins: frameOrigins(pages, link) }
}
