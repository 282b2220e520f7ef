import type { ConnectLinkRow } from '../../store/schema.ts'
import { continuePage } from './continue-page.ts'
import { linkPageParts } from './link-notice.ts'
import { frameAncestors, type LinkNotice, privateHeaders, sendPage } from './page.ts'
import { linkView } from './page-view.ts'
import { frameOrigins, type HttpExchange, isFramed, type PagesContext } from './pages-context.ts'

/**
 * Sends the browser to a URL of another origin: a GET by a redirect, a form submission by a page that navigates, because
 * browsers apply `form-action` to every redirect that follows a form submission, also to those of other servers.
 */
export async function goTo(
  pages: PagesContext,
  { request, response }: HttpExchange,
  {
    link,
    url: to,
    status = link.status,
  }: {
    readonly link: ConnectLinkRow
    readonly url: string
    readonly status?: LinkNotice['status']
  },
): Promise<void> {
  const url = new URL(to).href
  const isFrame = isFramed(request)
  if (request.method === 'POST' || isFrame) {
    const page = continuePage(await linkView(pages, request, link), url)
    const parts = linkPageParts(pages, link, { request, status })
    // A redirect would be followed in any frame: the browser checks the policy of a page only. Its script goes on at once.
    const goOn = isFrame &&
      parts.notice && { notice: { ...parts.notice, goTo: url }, refresh: { seconds: 2, url } }
    return sendPage(response, { ...page, ...parts, ...goOn })
  }
  const policy = frameAncestors(frameOrigins(pages, link, request))
  response.writeHead(302, { ...privateHeaders, 'content-security-policy': policy, location: url }).end()
}
