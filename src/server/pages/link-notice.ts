import type { IncomingMessage } from 'node:http'
import { applicationReturnUrl } from '../../connect/links/return-url.ts'
import { encodeGlobalId } from '../../graphql/ids.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { LinkNotice, Page } from './page.ts'
import { frameOrigins, type PagesContext } from './pages-context.ts'

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
 * visits the page; previews and scanners get no script.
 */
export function linkPageParts(
  pages: PagesContext,
  link: ConnectLinkRow,
  { request, isVisit }: { readonly request: IncomingMessage; readonly isVisit: boolean },
): Pick<Page, 'frameOrigins' | 'notice'> {
  const frames = frameOrigins(pages, link, request)
  return { frameOrigins: frames, ...(isVisit && { notice: noticeOf(pages, link, frames) }) }
}
