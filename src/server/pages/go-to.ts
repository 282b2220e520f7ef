import type { ConnectLinkRow } from '../../store/schema.ts'
import { continuePage } from './continue-page.ts'
import { frameAncestors, privateHeaders, sendPage } from './page.ts'
import { linkView } from './page-view.ts'
import { frameOrigins, type HttpExchange, type PagesContext } from './pages-context.ts'

/**
 * Sends the browser to a URL of another origin: a GET by a redirect, a form submission by a page that navigates, because
 * browsers apply `form-action` to every redirect that follows a form submission, also to those of other servers.
 */
export async function goTo(
  pages: PagesContext,
  { request, response }: HttpExchange,
  { link, url: to }: { readonly link: ConnectLinkRow; readonly url: string },
): Promise<void> {
  const url = new URL(to).href
  if (request.method === 'POST') {
    const page = continuePage(await linkView(pages, request, link), url)
    return sendPage(response, { ...page, frameOrigins: frameOrigins(pages, link) })
  }
  const policy = frameAncestors(frameOrigins(pages, link))
  response.writeHead(302, { ...privateHeaders, 'content-security-policy': policy, location: url }).end()
}
