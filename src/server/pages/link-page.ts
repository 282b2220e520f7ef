import type { IncomingMessage, ServerResponse } from 'node:http'
import { redeemClaim } from '../../connect/links/claim.ts'
import { markOpened, type ResolvedLink, resolveConnectLink } from '../../connect/links/open.ts'
import { resolveHold } from '../../connect/links/resolve-hold.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { notAllowed } from '../send-json.ts'
import { browserTokenOf, knownBrowserToken } from './browser-cookie.ts'
import { unresolvedPage, waitingElsewherePage } from './held-page.ts'
import { continuePage } from './hold-page-text.ts'
import { claimOf } from './link-claim.ts'
import { linkPage, waitingLinkPage } from './link-page-text.ts'
import { namesOf } from './names.ts'
import { isNavigation, isOwnForm } from './navigation.ts'
import { type Page, privateHeaders, sendPage } from './page.ts'
import { endPage, resultPage, unknownPage } from './page-text.ts'
import { frameOrigins, type HttpExchange, type PagesContext } from './pages-context.ts'
import { redirectBack } from './redirect-back.ts'

type OpenLink = Extract<ResolvedLink, { readonly kind: 'open' }>
type HeldLink = Extract<ResolvedLink, { readonly kind: 'held' }>

/**
 * Serves the page of a connect link. A navigation of a browser, or a press of the page's button, opens the link and
 * redirects to the provider. Other requests (previews, scanners) get a page with the button, and do not change the
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
    return sendPage(response, continuePage(token))
  }
  const isPressed = method === 'POST' && isOwnForm(request)
  const isVisit = isNavigation(request, link.embeddable ? 'allowed' : 'none')
  // A provider without a success redirect is opened in a second tab by the button, so that this page remains open.
  const isRedirected = isPressed || (isVisit && resolved.provider.capabilities.successRedirect)
  if (!isRedirected) return sendPage(response, openLinkPage(pages, token, resolved))
  const browserToken = link.guard === 'SAME_BROWSER' ? browserTokenOf(pages, link, exchange) : null
  if (await markOpened(pages.connect, link, browserToken))
    return redirectToProvider(response, isPressed ? 303 : 302, resolved)
  const ended = await resolveConnectLink(pages.connect, token)
  return sendPage(response, await closedLinkPage(pages, ended, request))
}

function redirectToProvider(response: ServerResponse, status: 302 | 303, { url: to }: OpenLink): void {
  response.writeHead(status, { ...privateHeaders, location: new URL(to).href }).end()
}

function openLinkPage(
  pages: PagesContext,
  token: string,
  { link, provider, connectorName, url: to }: OpenLink,
): Page {
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
  // Browsers apply `form-action` to the redirect after the form submission, too.
  return { ...page, formOrigins: [new URL(to).origin], frameOrigins: frameOrigins(pages, link) }
}

/**
 * The page of a held link. A provider that does not redirect the browser back leaves it at this page: the browser in which
 * the link was opened gets the connection, or the code.
 */
async function serveHeldLink(
  pages: PagesContext,
  token: string,
  { request, response, resolved }: HttpExchange & { readonly resolved: HeldLink },
): Promise<void> {
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
  response.writeHead(303, { ...privateHeaders, location: url }).end()
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
