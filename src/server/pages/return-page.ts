import type { IncomingMessage } from 'node:http'
import { handleReturn, type ProviderReturn } from '../../connect/links/handle-return.ts'
import { linkUrl } from '../../connect/links/link-url.ts'
import { isEnded } from '../../connect/links/status.ts'
import { findLinkByToken } from '../../store/connect-links.ts'
import { hashToken } from '../../store/encryption.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { isPrefetch } from './navigation.ts'
import { type Page, privateHeaders, sendPage } from './page.ts'
import { messagePage, pendingPage, resultPage, unknownPage } from './page-text.ts'
import { frameOrigins, type HttpExchange, type PagesContext } from './pages-context.ts'
import { redirectBack } from './redirect-back.ts'

/**
 * Serves the return URL, to which the provider redirects the end user: redirects to the application, or shows the
 * result.
 */
export async function serveReturnPage(
  pages: PagesContext,
  providerReturn: ProviderReturn,
  { request, response }: HttpExchange,
): Promise<void> {
  const { connect } = pages
  if (request.method === 'HEAD' || isPrefetch(request))
    return sendPage(response, await previewPage(pages, providerReturn, request))
  const disconnected = new AbortController()
  response.once('close', () => disconnected.abort())
  const link = await handleReturn(connect, providerReturn, { signal: disconnected.signal })
  if (link === undefined) return sendPage(response, unknownPage)
  const { url } = await redirectBack(connect, link, providerReturn.path)
  if (url !== null) {
    response.writeHead(303, { ...privateHeaders, location: url }).end()
    return
  }
  const { name } = connect.providers.get(link.provider)
  const retryUrl = providerReturn.path === 'error' ? linkUrl(link, connect) : null
  const page = isEnded(link.status) ? resultPage(link.status) : pendingPage(name, retryUrl)
  sendPage(response, { ...page, frameOrigins: frameOrigins(pages, link) })
}

/**
 * The page for a HEAD or a prefetch, which do not count as a return. 503 for a prefetch: browsers discard an error
 * response and request the page again when the end user navigates to it.
 */
async function previewPage(
  pages: PagesContext,
  { token }: ProviderReturn,
  { method }: IncomingMessage,
): Promise<Page> {
  if ((await findLinkByReturnToken(pages, token)) === undefined) return unknownPage
  const texts = { title: 'One moment', text: 'Open this page to see the result.' }
  return { ...messagePage(texts), status: method === 'HEAD' ? 200 : 503 }
}

const findLinkByReturnToken = (
  { connect }: PagesContext,
  token: string,
): Promise<ConnectLinkRow | undefined> => findLinkByToken(connect.db, 'returnTokenHash', hashToken(token))
