import type { IncomingMessage } from 'node:http'
import { handleReturn, type ProviderReturn } from '../../connect/links/handle-return.ts'
import { findLinkByToken } from '../../store/connect-links.ts'
import { hashToken } from '../../store/encryption.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { isPrefetch } from './navigation.ts'
import { type Page, privateHeaders, sendPage } from './page.ts'
import { messagePage, pendingPage, resultPage, unknownPage } from './page-text.ts'
import { frameOrigins, type HttpExchange, type PagesContext } from './pages-context.ts'
import { redirectBack } from './redirect-back.ts'

/** The provider has sent the end user's browser back: it goes on to the application, with what became of the link. */
export async function answerReturn(
  site: PagesContext,
  back: ProviderReturn,
  { request, response }: HttpExchange,
): Promise<void> {
  const { connect } = site
  if (request.method === 'HEAD' || isPrefetch(request))
    return sendPage(response, await lookOnly(site, back, request))
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const link = await handleReturn(connect, back, { signal: gone.signal })
  if (link === undefined) return sendPage(response, unknownPage)
  const { outcome, address } = await redirectBack(connect, link, back.path)
  if (address !== null) {
    response.writeHead(303, { ...privateHeaders, location: address }).end()
    return
  }
  const { name } = connect.providers.get(link.provider)
  const page = outcome === 'pending' ? pendingPage(name, back.path) : resultPage(link.status)
  sendPage(response, { ...page, frameOrigins: frameOrigins(site, link) })
}

/** Nobody is back yet. A browser that prefetches throws away what is not a success, and asks again when somebody comes. */
async function lookOnly(
  site: PagesContext,
  { token }: ProviderReturn,
  { method }: IncomingMessage,
): Promise<Page> {
  if ((await findReturn(site, token)) === undefined) return unknownPage
  const words = { title: 'One moment', text: 'Open this page to see how connecting went.' }
  return { ...messagePage(words), status: method === 'HEAD' ? 200 : 503 }
}

const findReturn = ({ connect }: PagesContext, token: string): Promise<ConnectLinkRow | undefined> =>
  findLinkByToken(connect.db, 'returnTokenHash', hashToken(token))
