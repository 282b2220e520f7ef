import type { IncomingMessage } from 'node:http'
import { applicationReturnUrl } from '../../connect/links/return-url.ts'
import { encodeGlobalId } from '../../graphql/ids.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { isVisitOf } from './navigation.ts'
import type { LinkNotice, Page } from './page.ts'
import { frameOrigins, isFramed, type PagesContext } from './pages-context.ts'

/**
 * The notice for the pages of a link. It goes to the origin of the link's redirect URI, else to the origins that may call
 * the API (CORS_ORIGINS); and to those that may frame the page, as no other page can be around it.
 */
function noticeOf(pages: PagesContext, link: ConnectLinkRow, frames: readonly string[]): LinkNotice {
  const redirectUri = applicationReturnUrl(link, pages.connect.encryption, false)
  const own = redirectUri === null ? pages.corsOrigins : [new URL(redirectUri).origin]
  const origins = new Set([...own, ...frames])
  return {
    linkId: encodeGlobalId('ConnectLink', link.id),
    status: link.status,
    origins: [...origins].filter((origin) => /^https?:\/\//.test(origin)),
  }
}

/**
 * What the pages of a link have in common: who may frame them, and what they report to whom. `isVisit`: whether an end user
 * visits the page; previews and scanners get no script. `status`: to report in place of that of the link.
 */
export function linkPageParts(
  pages: PagesContext,
  link: ConnectLinkRow,
  {
    request,
    isVisit = isVisitOf(link, request) || isFramed(request),
    status = link.status,
  }: {
    readonly request: IncomingMessage
    readonly isVisit?: boolean
    readonly status?: LinkNotice['status']
  },
): Pick<Page, 'frameOrigins' | 'notice'> {
  const frames = frameOrigins(pages, link, request)
  return { frameOrigins: frames, ...(isVisit && { notice: { ...noticeOf(pages, link, frames), status } }) }
}
