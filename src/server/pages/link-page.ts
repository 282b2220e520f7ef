import type { IncomingMessage, ServerResponse } from 'node:http'
import { markOpened, type ResolvedLink, resolveConnectLink } from '../../connect/links/open.ts'
import { notAllowed } from '../send-json.ts'
import { isNavigation, isOwnForm } from './navigation.ts'
import { type Page, privateHeaders, sendPage } from './page.ts'
import { endPage, linkPage, unknownPage, waitingLinkPage } from './page-text.ts'
import { frameOrigins, type HttpExchange, type PagesContext } from './pages-context.ts'
import { redirectBack } from './redirect-back.ts'

type OpenDoor = Extract<ResolvedLink, { readonly kind: 'open' }>

/** Sends an end user on to the provider; shows everybody and everything else a page with a button, and changes nothing. */
export async function answerLinkPage(
  site: PagesContext,
  token: string,
  exchange: HttpExchange,
): Promise<void> {
  const { request, response } = exchange
  const { method = '' } = request
  if (!['GET', 'HEAD', 'POST'].includes(method)) return notAllowed(response, 'GET, HEAD, POST')
  const door = await resolveConnectLink(site.connect, token)
  if (door.kind !== 'open') return sendPage(response, await closedPage(site, door, request))
  const isPressed = method === 'POST' && isOwnForm(request)
  const isVisit = isNavigation(request, door.link.embeddable ? 'allowed' : 'none')
  // Who would never come back from the provider opens it beside the page, by its button.
  const isSentOn = isPressed || (isVisit && door.provider.capabilities.successRedirect)
  if (!isSentOn) return sendPage(response, openPage(site, token, door))
  if (await markOpened(site.connect, door.link)) return goThrough(response, isPressed ? 303 : 302, door)
  return sendPage(response, await closedPage(site, await resolveConnectLink(site.connect, token), request))
}

function goThrough(response: ServerResponse, status: 302 | 303, { to }: OpenDoor): void {
  response.writeHead(status, { ...privateHeaders, location: new URL(to).href }).end()
}

function openPage(site: PagesContext, token: string, { link, provider, connectorName, to }: OpenDoor): Page {
  const texts = {
    connector: connectorName,
    provider: provider.name,
    isRenewal: link.purpose === 'RECONNECT',
    instructions: link.instructions,
    requiresProviderLogin: link.requiresProviderLogin,
  }
  const page = provider.capabilities.successRedirect
    ? linkPage(texts)
    : waitingLinkPage(texts, { events: `${token}/events`, isWaiting: link.status !== 'CREATED' })
  // Browsers hold the redirect that answers a form against this, too.
  return { ...page, formOrigins: [new URL(to).origin], frameOrigins: frameOrigins(site, link) }
}

async function closedPage(site: PagesContext, door: ResolvedLink, request: IncomingMessage): Promise<Page> {
  if (door.kind !== 'ended') return unknownPage
  const { link } = door
  // The application's address may carry its secrets: scanners and previews are not told.
  const isPerson = request.method === 'POST' || isNavigation(request, link.embeddable ? 'allowed' : 'none')
  const address = isPerson ? (await redirectBack(site.connect, link, 'success')).address : null
  return { ...endPage(link.status, address), frameOrigins: frameOrigins(site, link) }
}
