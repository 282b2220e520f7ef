import { maxMessageLength } from '../../connect/links/hand-over.ts'
import type { HandOverState, LinkStatus } from '../../domain/statuses.ts'
import type { LinkHandOverRow } from '../../store/schema.ts'
import { html } from './html.ts'
import { linkPageNotes } from './link-page-text.ts'
import { shorten } from './names.ts'
import type { Page } from './page.ts'
import { messagePage, type ResultText, resultText } from './page-text.ts'
import type { LinkView } from './page-view.ts'

/** The view of a colleague: if the end user is not known by name, under the name that was given at the hand-over. */
export function colleagueView(view: LinkView, { requesterName }: LinkHandOverRow): LinkView {
  const given = requesterName === null ? null : shorten(requesterName)
  return { ...view, names: { ...view.names, endUser: view.names.endUser ?? given } }
}

export interface ColleaguePageText {
  readonly view: LinkView
  /** Path of the page. */
  readonly address: string
  readonly message: string | null
  /** A page that was not seen by a person stays WAITING: it is requested again when that changes. */
  readonly state: HandOverState
  readonly instructions: string | null
  readonly requiresProviderLogin: boolean
  /** Set for a provider that opens in a second tab: this page waits. */
  readonly waiting: { readonly isStarted: boolean } | null
}

/** The page on which a colleague continues or declines. It follows the events of the link. */
export function colleaguePage(page: ColleaguePageText): Page {
  const { view, address, message, state, waiting } = page
  const { request, link } = view.texts
  const { names } = view
  const isStarted = waiting?.isStarted === true
  const target = waiting ? html` target="_blank" rel="noopener noreferrer"` : null
  return {
    view,
    outcome: isStarted ? 'waiting' : 'link',
    title: request.title(names),
    footer: link.footer(names),
    script: 'wait.js',
    main: html`<div class="wait" data-events="${address}/events" data-page="${address}" data-hand-over="${state}" data-follows${isStarted ? html` data-waiting` : null} aria-live="polite">
<h1>${request.title(names)}</h1>
<p class="with" data-temporary>${link.via(names)}</p>
<p data-temporary>${request.text(names)}</p>
<p class="status" data-status data-text-while-waiting="${link.waiting(names)}">${isStarted ? link.waiting(names) : null}</p>
</div>
<div data-temporary>
${message && html`<p class="hint">${request.message}</p><blockquote><p>${message}</p></blockquote>`}
${linkPageNotes(page)}
<form method="post" action="${address}"${target} class="actions"><button>${link.continue(names)}</button></form>
<p class="hint">${request.caution}</p>
${waiting && html`<p class="hint">${link.newTab(names)} <span class="live">${link.keepOpen}</span></p>`}
<details><summary>${request.declineHeading}</summary>
<form method="post" action="${address}/decline">
<p><label for="reason">${request.reason}</label>
<textarea id="reason" name="reason" rows="2" maxlength="${maxMessageLength}"></textarea></p>
<p><button class="quiet">${request.decline}</button></p>
</form></details>
</div>`,
  }
}

/** The text for a colleague when a link has ended. */
export function colleagueResult(status: LinkStatus, view: LinkView): ResultText {
  if (status !== 'COMPLETED') return resultText(status, view)
  const { title } = view.texts.result.connected
  return { title, text: view.texts.request.connected(view.names), outcome: 'success' }
}

export const colleagueResultPage = (status: LinkStatus, view: LinkView): Page =>
  messagePage({ view, ...colleagueResult(status, view) })

/** The page of a connection that the end user still has to confirm in the application. */
export function toBeConfirmedPage(view: LinkView): Page {
  const { held, request } = view.texts
  const text = request.toBeConfirmed(view.names)
  return messagePage({ view, outcome: 'waiting', title: held.elsewhere.title, text })
}

export function declinedPage(view: LinkView): Page {
  const { title, text } = view.texts.request.declined
  return messagePage({ view, outcome: 'notice', title, text: text(view.names) })
}

/** The page of a colleague whose address is over. */
export function withdrawnPage(view: LinkView): Page {
  const { title, text } = view.texts.request.withdrawn
  return { ...messagePage({ view, outcome: 'notice', title, text: text(view.names) }), status: 410 }
}
