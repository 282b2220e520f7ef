import { canReadLink, readAs } from '../../connect/authorization.ts'
import { isEnded } from '../../connect/links/status.ts'
import { endedLinkStatuses, type LinkStatus } from '../../domain/statuses.ts'
import { decodeIdOf } from '../../graphql/ids.ts'
import { findLinks } from '../../store/connect-links.ts'
import { isUuid } from '../../store/keyset-pagination.ts'
import { type Html, html } from '../pages/html.ts'
import { type Outcome, sendPage } from '../pages/page.ts'
import { eventsOf } from './application-page.ts'
import { nameOfConnection } from './connection-item.ts'
import { findLink, type PortalLink } from './connections.ts'
import type { PortalVisit } from './portal-context.ts'
import { backLink, frame, logo, notice, sendPortalPage } from './portal-page.ts'

/** The page after the return from a provider. The query only names the link: what has become of it is read. */
export async function serveDone(visit: PortalVisit): Promise<void> {
  const { query, rights, texts } = visit
  const id = query.get('connect_link_id')
  const link = id === null || !rights.read ? null : await findLink(visit, id)
  if (link === null) return sendUnknown(visit)
  if (link.awaitingConfirmation) return sendUnknown(visit, texts.done.confirmText(visit.names))
  if (link.status !== 'COMPLETED' && !isEnded(link.status) && query.get('status') !== 'failed')
    return sendPending(visit, link)
  const name = nameOfConnection({ ...link, name: null })
  const { title, text, isGood } = resultOf(visit, link)
  sendPortalPage(visit, {
    title,
    outcome: isGood ? 'success' : 'failed',
    section: isGood ? 'connections' : 'connect',
    main: html`<div class="heading" data-result="${isGood ? 'good' : 'bad'}">${logo(name, link.connector?.application.logoUrl ?? null)}<h1>${title}</h1></div>
<p>${text}</p>
${isInTab(visit) ? html`<p class="hint">${texts.done.close}</p>` : null}
<p class="actions">${nextStep(visit, link, isGood)} ${backLink(visit, 'button secondary')}</p>`,
  })
}

/** Whether the page is in a tab that a page in a frame has opened. */
const isInTab = ({ query, isFramed }: PortalVisit) => query.has('tab') && !isFramed

interface Result {
  readonly title: string
  readonly text: string
  readonly isGood: boolean
}

function resultOf({ texts: { done }, names }: PortalVisit, link: PortalLink): Result {
  const name = nameOfConnection({ ...link, name: null })
  if (link.status === 'COMPLETED')
    return {
      title: link.purpose === 'RECONNECT' ? done.reconnected(name) : done.completed(name),
      text: done.completedText(name, names),
      isGood: true,
    }
  const text =
    link.status === 'EXPIRED'
      ? done.expiredText
      : link.status === 'REVOKED' || link.status === 'SUPERSEDED'
        ? done.revokedText
        : done.failedText
  return { title: done.failed(name), text, isGood: false }
}

function nextStep({ texts, rights }: PortalVisit, link: PortalLink, isGood: boolean): Html {
  const slug = link.connector?.application.slug
  if (isGood || !rights.connect || slug === undefined)
    return html`<a class="button" href="connections">${texts.nav.connections}</a>${isGood && rights.connect ? html` <a class="button secondary" href="./">${texts.done.another}</a>` : null}`
  // The same link can be used again while it is open.
  const href =
    !isEnded(link.status) && link.url !== null ? link.url : `application?slug=${encodeURIComponent(slug)}`
  return html`<a class="button" href="${href}">${texts.done.retry}</a>`
}

/** Waits for the result by the events of the link; without JavaScript the page can be reloaded. */
function sendPending(visit: PortalVisit, link: PortalLink): void {
  const { done: texts } = visit.texts
  const name = nameOfConnection({ ...link, name: null })
  const events = link.url === null ? null : eventsOf(link.url)
  const self = `done?${new URLSearchParams({ connect_link_id: link.id })}`
  sendPortalPage(visit, {
    title: texts.pending,
    outcome: 'waiting',
    ...(events !== null && { script: 'wait.js' }),
    main: html`<div class="heading">${logo(name, link.connector?.application.logoUrl ?? null)}</div>
<div class="wait"${events === null ? null : html` data-events="${events}"`} data-waiting aria-live="polite">
<h1>${texts.pending}</h1>
<p data-temporary>${texts.pendingText(name)} <span class="live">${texts.pendingLive}</span></p>
<p class="status" data-status>${texts.pendingStatus}</p>
</div>
<p class="actions" data-temporary><a class="button secondary" href="${self}">${texts.check}</a></p>`,
  })
}

/** For a session that may not read its links, and for a connection that is held back: the application has to say more. */
function sendUnknown(visit: PortalVisit, text = visit.texts.done.unknownText(visit.names)): void {
  const { done: texts } = visit.texts
  sendPortalPage(visit, {
    title: texts.unknown,
    main: html`<h1>${texts.unknown}</h1>
<p>${text}</p>
<p class="actions">${backLink(visit, 'button')}</p>`,
  })
}

/**
 * The same for a session that has expired: the status of its own link only. Returns `false` if it has no such link.
 */
export async function serveEndedDone(visit: PortalVisit): Promise<boolean> {
  const { viewer, pages, texts, names, query } = visit
  const id = decodeIdOf('ConnectLink', query.get('connect_link_id') ?? '')
  if (id === null || !isUuid(id) || !visit.rights.read) return false
  const [row] = await readAs(pages.connect.db, viewer, (reader) => findLinks(reader, [id]))
  if (row === undefined || !canReadLink(viewer, row)) return false
  const connector = pages.connect.catalogue.connectorOf(row)
  const name = connector?.name ?? row.connectorKey
  const { title, text, outcome } = endedResult(visit, row.status, name)
  sendPage(visit.exchange.response, {
    ...frame(pages, visit.view),
    status: 410,
    outcome,
    title,
    main: html`<h1>${title}</h1>
<p>${text}</p>
${notice(texts.ended.expiredText(names), 'success')}
<p class="actions">${backLink(visit, 'button')}</p>`,
  })
  return true
}

function endedResult(
  { texts: { done }, names }: PortalVisit,
  status: LinkStatus,
  name: string,
): Pick<Result, 'title' | 'text'> & { readonly outcome: Outcome } {
  if (status === 'COMPLETED')
    return { title: done.completed(name), text: done.completedText(name, names), outcome: 'success' }
  const hasEnded = endedLinkStatuses.some((one) => one === status)
  return hasEnded
    ? { title: done.failed(name), text: done.failedText, outcome: 'failed' }
    : { title: done.pending, text: done.unknownText(names), outcome: 'waiting' }
}
