import type { IncomingMessage, ServerResponse } from 'node:http'
import { markOpened, type ResolvedLink, resolveConnectLink } from '../../connect/links/open.ts'
import { notAllowed } from '../send-json.ts'
import { isNavigation, isOwnForm } from './navigation.ts'
import { type Page, privateHeaders, sendPage } from './page.ts'
import { endPage, linkPage, unknownPage, waitingLinkPage } from './page-text.ts'
import { frameOrigins, type HttpExchange, type PagesContext } from './pages-context.ts'
import { redirectBack } from './redirect-back.ts'

type OpenLink = Extract<ResolvedLink, { readonly kind: 'open' }>

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
  if (resolved.kind !== 'open') return sendPage(response, await closedLinkPage(pages, resolved, request))
  const isPressed = method === 'POST' && isOwnForm(request)
  const isVisit = isNavigation(request, resolved.link.embeddable ? 'allowed' : 'none')
  // A provider without a success redirect is opened in a second tab by the button, so that this page remains open.
  const isRedirected = isPressed || (isVisit && resolved.provider.capabilities.successRedirect)
  if (!isRedirected) return sendPage(response, openLinkPage(pages, token, resolved))
  if (await markOpened(pages.connect, resolved.link))
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

async function closedLinkPage(
  pages: PagesContext,
  resolved: ResolvedLink,
  request: IncomingMessage,
): Promise<Page> {
  if (resolved.kind !== 'ended') return unknownPage
  const { link } = resolved
  // The application's redirect URI may contain secrets: it is not shown to scanners and previews.
  const isEndUser = request.method === 'POST' || isNavigation(request, link.embeddable ? 'allowed' : 'none')
  const url = isEndUser ? (await redirectBack(pages.connect, link, 'success')).url : null
  return { ...endPage(link.status, url), frameOrigins: frameOrigins(pages, link) }
}
