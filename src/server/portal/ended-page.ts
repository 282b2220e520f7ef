import { html } from '../pages/html.ts'
import { sendPage } from '../pages/page.ts'
import type { HttpExchange } from '../pages/pages-context.ts'
import { serveEndedDone } from './done-page.ts'
import type { PortalContext, PortalVisit } from './portal-context.ts'
import { backLink, frame } from './portal-page.ts'
import { portalTexts } from './texts/index.ts'

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
    ...frame(visit.pages.embedOrigins),
    status: 410,
    title,
    main: html`<h1>${title}</h1>
<p>${text}</p>
<p class="actions">${backLink(visit, 'button')}</p>`,
  })
}

/** The page for an address that is not one of a session. */
export function serveUnknown({ pages }: PortalContext, { response }: HttpExchange): void {
  const { ended } = portalTexts('en')
  sendPage(response, {
    ...frame(pages.embedOrigins),
    status: 404,
    title: ended.unknown,
    main: html`<h1>${ended.unknown}</h1>
<p>${ended.unknownText}</p>`,
  })
}
