import { html } from '../pages/html.ts'
import { sendPage } from '../pages/page.ts'
import { pageView } from '../pages/page-view.ts'
import type { HttpExchange } from '../pages/pages-context.ts'
import { serveEndedDone } from './done-page.ts'
import type { PortalContext, PortalVisit } from './portal-context.ts'
import { backLink, frame } from './portal-page.ts'
import { portalTextsOf } from './texts/languages.ts'

/**
 * The page of a session that has ended. Of an expired one, the return from a provider still shows what has become of the link:
 * the end user may have needed longer than the session was valid.
 */
export async function serveEnded(
  visit: PortalVisit,
  end: 'EXPIRED' | 'REVOKED',
  path: string,
): Promise<void> {
  if (end === 'EXPIRED' && path === '/done' && (await serveEndedDone(visit))) return
  const { texts, names } = visit
  const { ended } = texts
  const [title, text] =
    end === 'EXPIRED' ? [ended.expired, ended.expiredText(names)] : [ended.revoked, ended.revokedText(names)]
  sendPage(visit.exchange.response, {
    ...frame(visit.pages, visit.view),
    status: 410,
    outcome: 'expired',
    title,
    main: html`<h1>${title}</h1>
<p>${text}</p>
<p class="actions">${backLink(visit, 'button')}</p>`,
  })
}

/** The page for an address that is not one of a session. */
export function serveUnknown({ pages }: PortalContext, { request, response }: HttpExchange): void {
  const view = pageView(pages, request)
  const { ended } = portalTextsOf(view.language)
  sendPage(response, {
    ...frame(pages, view),
    status: 404,
    outcome: 'notice',
    title: ended.unknown,
    main: html`<h1>${ended.unknown}</h1>
<p>${ended.unknownText}</p>`,
  })
}
