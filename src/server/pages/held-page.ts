import type { HoldResolution } from '../../connect/links/resolve-hold.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { codePage, heldPage, refusedPage, retryPage } from './hold-page-text.ts'
import type { Page } from './page.ts'
import type { LinkView } from './page-view.ts'
import type { PagesContext } from './pages-context.ts'
import { redirectBack } from './redirect-back.ts'

/** The page for a browser whose request did not end the hold of a link. `events`: path of the status stream. */
export function unresolvedPage(
  view: LinkView,
  resolution: Exclude<HoldResolution, { readonly kind: 'resolved' }>,
  events: string,
): Page {
  if (resolution.kind === 'code') return codePage(view, { code: resolution.code, events })
  return resolution.kind === 'refused' ? refusedPage(view) : retryPage(view)
}

/** The page of a held link for a browser that has not completed it. */
export async function waitingElsewherePage(
  { connect }: PagesContext,
  view: LinkView,
  { link, isEndUser }: { readonly link: ConnectLinkRow; readonly isEndUser: boolean },
): Promise<Page> {
  const url = isEndUser ? (await redirectBack(connect, link, 'success')).url : null
  return heldPage(view, link.guard === 'SAME_BROWSER', url)
}
