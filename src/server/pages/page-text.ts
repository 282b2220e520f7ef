import type { LinkStatus } from '../../domain/statuses.ts'
import { type Html, html } from './html.ts'
import type { Outcome, Page } from './page.ts'
import type { LinkView, PageView } from './page-view.ts'

/** A message for the end user. */
export interface PageText {
  readonly title: string
  readonly text: string
}

export interface ResultText extends PageText {
  readonly outcome: Outcome
}

export const notFoundPage = (view: PageView): Page => ({
  ...messagePage({ view, outcome: 'notice', ...view.texts.error.notFound }),
  status: 404,
})

export const unknownPage = (view: PageView): Page => ({
  ...messagePage({ view, outcome: 'notice', ...view.texts.error.unknownLink }),
  status: 404,
})

export const failurePage = (view: PageView): Page => ({
  ...messagePage({ view, outcome: 'failed', ...view.texts.error.failure }),
  status: 500,
})

export const tooManyRequestsPage = (view: PageView): Page => ({
  ...messagePage({ view, outcome: 'notice', ...view.texts.error.tooManyRequests }),
  status: 429,
})

/** The text that is shown when a link ends. */
export function resultText(status: LinkStatus, view: LinkView): ResultText {
  if (status !== 'COMPLETED') return endText(status, view)
  const { title, text } = view.texts.result.connected
  return { title, text: text(view.names), outcome: 'success' }
}

const endings = {
  COMPLETED: { key: 'used', outcome: 'success' },
  EXPIRED: { key: 'expired', outcome: 'expired' },
  REVOKED: { key: 'revoked', outcome: 'failed' },
  SUPERSEDED: { key: 'superseded', outcome: 'notice' },
  FAILED: { key: 'failed', outcome: 'failed' },
} as const

/** The text for a link that had ended before it was opened. */
function endText(status: LinkStatus, { texts, names }: LinkView): ResultText {
  const { key, outcome } = status in endings ? endings[status as keyof typeof endings] : endings.FAILED
  const { title, text } = texts.result[key]
  return { title, text: text(names), outcome }
}

/** The page of a link that has ended. `returnUrl`: of the application, with the result in its query. */
export const endPage = (status: LinkStatus, view: LinkView, returnUrl: string | null): Page => ({
  ...messagePage({ view, ...endText(status, view), link: back(view, returnUrl) }),
  status: 410,
})

/** The page after the return from the provider if the application set no redirect URI. */
export const resultPage = (status: LinkStatus, view: LinkView): Page =>
  messagePage({ view, ...resultText(status, view) })

/** The page of a link that cannot be opened for the time of an incident at its provider. */
export function suspendedPage(view: LinkView): Page {
  const { title, text } = view.texts.result.suspended
  return { ...messagePage({ view, title, text: text(view.names), outcome: 'notice' }), status: 503 }
}

/** The text for a browser at the return address that may be that of a former colleague. */
export const unknownVisitorText = ({ texts, names }: LinkView): ResultText => {
  const { title, text } = texts.result.elsewhere
  return { title, text: text(names), outcome: 'notice' }
}

export const unknownVisitorPage = (view: LinkView): Page => messagePage({ view, ...unknownVisitorText(view) })

/** A link to the application on a page. */
interface BackLink {
  readonly label: string
  readonly url: string
}

/** `url`: of the application, with the result in its query; `null`: it gave none, or it is not shown. */
export const back = ({ texts, names }: PageView, url: string | null): BackLink | null =>
  url === null ? null : { label: texts.page.back(names), url }

interface Message extends PageText {
  /** Absent: a page for developers. */
  readonly view?: PageView
  readonly outcome?: Outcome
  readonly link?: BackLink | null
}

/** A page with a text and, if `link` is set, a link back to the application. */
export function messagePage({ title, text, link = null, ...page }: Message): Page {
  return {
    ...page,
    title,
    main: html`<h1>${title}</h1>
<p>${text}</p>
${link && html`<p class="actions"><a class="button" href="${link.url}">${link.label}</a></p>`}`,
  }
}

export interface PendingPageText {
  /** The URL of the link, if the provider reported that the attempt failed. */
  readonly retryUrl: string | null
  /** Whether the result is needed in this browser: it has to wait for it. */
  readonly isNeeded: boolean
  /** Below the button to try again. */
  readonly more: Html | null
}

/**
 * The page after the return from the provider while the link is still open: it waits for the result and shows it.
 */
export function pendingPage(view: LinkView, { retryUrl, isNeeded, more }: PendingPageText): Page {
  const { names, texts } = view
  const { pending, denied } = texts
  const closing = isNeeded ? pending.keepOpen : pending.mayClose
  const isDenied = retryUrl !== null
  const title = isDenied ? denied.title : pending.title
  return {
    view,
    outcome: isDenied ? 'failed' : 'waiting',
    title,
    script: 'wait.js',
    main: html`<div class="wait" data-events="events" data-waiting aria-live="polite">
<h1>${title}</h1>
<p data-temporary>${isDenied ? denied.text(names) : `${pending.text(names)} ${closing}`}</p>
<p class="status" data-status>${isDenied ? null : pending.status(names)}</p>
${isDenied ? html`<p class="actions" data-temporary><a class="button" href="${retryUrl}">${denied.tryAgain}</a></p>` : null}
${more && html`<div class="more" data-temporary>${more}</div>`}
</div>
<noscript><p>${texts.page.reload}</p></noscript>`,
  }
}
