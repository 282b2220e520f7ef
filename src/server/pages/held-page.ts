import type { HoldResolution } from '../../connect/links/resolve-hold.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { codePage, heldPage, refusedPage, retryPage } from './hold-page-text.ts'
import { namesOf } from './names.ts'
import type { Page } from './page.ts'
import type { PagesContext } from './pages-context.ts'
import { redirectBack } from './redirect-back.ts'

/** The page for a browser whose request did not end the hold of a link. `events`: path of the status stream. */
export function unresolvedPage(
  pages: PagesContext,
  resolution: Exclude<HoldResolution, { readonly kind: 'resolved' }>,
  events: string,
): Page {
  const { link } = resolution
  const names = namesOf(pages, link)
  if (resolution.kind === 'code') return codePage(names, { code: resolution.code, events })
  return resolution.kind === 'refused'
    ? refusedPage(names)
    : retryPage(pages.connect.providers.get(link.provider).name)
}

/** The page of a held link for a browser that has not completed it. */
export async function waitingElsewherePage(
  pages: PagesContext,
  link: ConnectLinkRow,
  isEndUser: boolean,
): Promise<Page> {
  const url = isEndUser ? (await redirectBack(pages.connect, link, 'success')).url : null
  return heldPage(namesOf(pages, link), link.guard === 'SAME_BROWSER', url)
}
