import { maxMessageLength, maxRequesterLength } from '../../connect/links/hand-over.ts'
import type { HandOverState } from '../../domain/statuses.ts'
import type { LinkHandOverRow } from '../../store/schema.ts'
import { type Html, html } from './html.ts'
import type { Page } from './page.ts'
import { messagePage } from './page-text.ts'
import type { LinkView } from './page-view.ts'

/** The link on a page of the end user that leads to the form for a colleague. `address`: of the page of the link. */
export const handOverOffer = ({ texts }: LinkView, address: string): Html =>
  html`<p><a href="${address}/hand-over">${texts.handOver.offer}</a></p>`

/** The button by which the end user gives up. */
export const cancelForm = ({ texts }: LinkView, address: string): Html =>
  html`<form method="post" action="${address}/cancel"><button class="quiet">${texts.cancel.button}</button></form>`

/** The form in which the end user passes the link on. */
export function handOverFormPage(
  view: LinkView,
  { address, isNameNeeded }: { readonly address: string; readonly isNameNeeded: boolean },
): Page {
  const { handOver } = view.texts
  const name = html`<p><label for="requester">${handOver.yourName}</label>
<input id="requester" name="requester" maxlength="${maxRequesterLength}" autocomplete="name"></p>`
  return {
    view,
    outcome: 'link',
    title: handOver.title,
    main: html`<h1>${handOver.title}</h1>
<p>${handOver.text(view.names)}</p>
<form method="post" action="${address}/hand-over">
${isNameNeeded ? name : null}
<p><label for="message">${handOver.message}</label>
<textarea id="message" name="message" rows="3" maxlength="${maxMessageLength}"></textarea></p>
<p class="actions"><button>${handOver.create}</button></p>
</form>
<div class="more"><p><a href="${address}/page">${handOver.back}</a></p></div>`,
  }
}

/** The page of a link that cannot be passed on. */
export function noHandOverPage(view: LinkView): Page {
  const { title, text } = view.texts.handOver.impossible
  return messagePage({ view, outcome: 'notice', title, text: text(view.names) })
}

export interface HandedOverText {
  readonly address: string
  readonly state: HandOverState
  /** The address of the colleague; `null`: it is not shown to this browser, or not any more. */
  readonly colleagueUrl: string | null
}

/** The page of a link that a colleague has: how that stands. It follows the events of the link. */
export function handedOverPage(view: LinkView, { address, state, colleagueUrl }: HandedOverText): Page {
  const { handOver, page } = view.texts
  const isOpened = state === 'OPENED'
  const help = colleagueUrl === null ? handOver.hidden : handOver.send(view.names)
  return {
    view,
    outcome: 'waiting',
    title: handOver.waiting,
    script: 'wait.js',
    main: html`<div class="wait" data-events="${address}/events" data-page="${address}" data-hand-over="${state}" data-waiting aria-live="polite">
<h1>${handOver.waiting}</h1>
${isOpened ? null : html`<p data-temporary>${help}</p>`}
<p class="status" data-status>${isOpened ? handOver.opened(view.names) : handOver.notOpened}</p>
${isOpened ? html`<p data-temporary>${handOver.next(view.names)}</p>` : null}
</div>
<div data-temporary>
${colleagueUrl && addressField(view, colleagueUrl)}
<form method="post" action="${address}/take-back" class="actions"><button>${handOver.takeBack}</button></form>
</div>
<noscript><p class="hint">${page.reload}</p></noscript>`,
  }
}

const addressField = ({ texts: { handOver } }: LinkView, url: string) =>
  html`<p><label for="address">${handOver.address}</label>
<input id="address" readonly value="${url}"></p>
<p><button type="button" data-copy="address" data-copied="${handOver.copied}" hidden>${handOver.copy}</button></p>`

/** What became of the last hand-over, above the button of the end user's own page; `null`: nothing to say. */
export function handOverNote(
  { texts: { handOver } }: LinkView,
  state: HandOverState,
  { declineReason }: Pick<LinkHandOverRow, 'declineReason'>,
): Html | null {
  if (state === 'DECLINED')
    return html`<div class="note"><p>${handOver.declined}</p>${declineReason && html`<blockquote><p>${declineReason}</p></blockquote>`}</div>`
  if (state === 'TAKEN_BACK') return html`<div class="note"><p>${handOver.takenBack}</p></div>`
  return state === 'EXPIRED' ? html`<div class="note"><p>${handOver.expired}</p></div>` : null
}

/** The page after giving up, if the application set no address to go back to. */
export function cancelledPage(view: LinkView, address: string): Page {
  const { cancel, denied } = view.texts
  return messagePage({
    view,
    outcome: 'notice',
    title: cancel.title,
    text: cancel.text(view.names),
    link: { label: denied.tryAgain, url: address },
  })
}
