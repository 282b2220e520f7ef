import { type LinkStep, withoutSteps } from '../../domain/link-step.ts'
import { type Html, html } from './html.ts'
import type { Page } from './page.ts'
import type { LinkView } from './page-view.ts'

export interface LinkPageText {
  readonly view: LinkView
  readonly isReconnect: boolean
  /** Instructions of the provider for the end user. */
  readonly instructions: string | null
  readonly requiresProviderLogin: boolean
  /** What became of the last hand-over; `null`: nothing to say. */
  readonly note: Html | null
  /** Below the button: passing the link on, and giving up. */
  readonly more: Html
}

function linkPageTitle({ view: { texts, names }, isReconnect }: LinkPageText): string {
  return isReconnect ? texts.link.reconnect(names) : texts.link.connect(names)
}

const stepText = ({ texts: { link } }: LinkView, step: LinkStep): string =>
  step.kind === 'NAME_CONNECTION' ? link.nameConnection(step.name) : link.shareConnection

/** What the visitor has to know before continuing; `null`: nothing. */
export function linkPageNotes({
  view,
  instructions,
  requiresProviderLogin,
}: Pick<LinkPageText, 'view' | 'instructions' | 'requiresProviderLogin'>): Html | null {
  const login = requiresProviderLogin ? [view.texts.link.providerLogin(view.names)] : []
  const given = withoutSteps(instructions, view.steps)
  const steps = view.steps.map((step) => stepText(view, step)).join(' ')
  const lines = [...login, ...(given === null ? [] : [given]), ...(steps === '' ? [] : [steps])]
  if (lines.length === 0) return null
  return html`<div class="note">${lines.map((line) => html`<p>${line}</p>`)}</div>`
}

/**
 * The page for a request that is not clearly a navigation of an end user: nothing happens until the button is pressed.
 * `address`: path of the page.
 */
export function linkPage(page: LinkPageText, address: string): Page {
  const { view } = page
  const { link } = view.texts
  return {
    view,
    outcome: 'link',
    title: linkPageTitle(page),
    footer: link.footer(view.names),
    main: html`<h1>${linkPageTitle(page)}</h1>
<p class="with">${link.via(view.names)}</p>
${page.note}
${linkPageNotes(page)}
<form method="post" action="${address}" class="actions"><button>${link.continue(view.names)}</button></form>
${page.more}`,
  }
}

/**
 * The page for a provider without a redirect: its button opens the provider in a second tab, and this page waits for
 * the result.
 */
export function waitingLinkPage(
  page: LinkPageText,
  { address, isWaiting }: { readonly address: string; readonly isWaiting: boolean },
): Page {
  const { view } = page
  const { link } = view.texts
  const waiting = link.waiting(view.names)
  return {
    view,
    outcome: isWaiting ? 'waiting' : 'link',
    title: linkPageTitle(page),
    footer: link.footer(view.names),
    script: 'wait.js',
    main: html`<div class="wait" data-events="${address}/events"${isWaiting ? html` data-waiting` : null} aria-live="polite">
<h1>${linkPageTitle(page)}</h1>
<p class="with" data-temporary>${link.via(view.names)}</p>
<p class="status" data-status data-text-while-waiting="${waiting}">${isWaiting ? waiting : null}</p>
</div>
<div data-temporary>
${page.note}
${linkPageNotes(page)}
<form method="post" target="_blank" rel="noopener noreferrer" action="${address}" class="actions"><button>${link.continue(view.names)}</button></form>
<p class="hint">${link.newTab(view.names)} <span class="live">${link.keepOpen}</span></p>
<noscript><p class="hint">${link.whenDone} <a href="${address}">${link.checkResult}</a></p></noscript>
${page.more}
</div>`,
  }
}
