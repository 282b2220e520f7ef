import type { LinkStatus } from '../../domain/statuses.ts'
import { html } from './html.ts'
import { type Names, targetOf } from './names.ts'
import type { Page } from './page.ts'

/** A message for the end user. */
export interface PageText {
  readonly title: string
  readonly text: string
}

const unknown: PageText = {
  title: 'This link does not exist',
  text: 'Part of the link may be missing. Open it again from where you received it, or request a new one.',
}

export const unknownPage: Page = { ...messagePage(unknown), status: 404 }

export const tooManyRequestsPage: Page = {
  ...messagePage({
    title: 'Too many requests',
    text: 'Many requests have come from your network. Wait a minute, then reload this page.',
  }),
  status: 429,
}

/** The text that is shown when a link ends. */
export function resultText(status: LinkStatus, names: Names): PageText {
  if (status !== 'COMPLETED') return endText(status, names)
  const text = `Your account is connected to ${targetOf(names)}. You can close this window and go back to ${names.application}.`
  return { title: 'Connected', text }
}

/** The text for a link that had ended before it was opened. */
function endText(status: LinkStatus, { application }: Names): PageText {
  switch (status) {
    case 'COMPLETED':
      return {
        title: 'Already connected',
        text: 'This link has already been used. You can close this window.',
      }
    case 'EXPIRED':
      return {
        title: 'This link has expired',
        text: `Go back to ${application} and request a new one.`,
      }
    case 'REVOKED':
      return {
        title: 'This link was canceled',
        text: `It was canceled in ${application}. If you still need it, go back to ${application} and request a new one.`,
      }
    case 'SUPERSEDED':
      return {
        title: 'There is a newer link',
        text: 'This link has been replaced. Use the most recent link that you received.',
      }
    default:
      return {
        title: 'Connection failed',
        text: `Something went wrong. Go back to ${application} and try again with a new link.`,
      }
  }
}

/** The page of a link that has ended. `returnUrl`: of the application, with the result in its query. */
export const endPage = (status: LinkStatus, names: Names, returnUrl: string | null): Page => ({
  ...messagePage(endText(status, names), back(names, returnUrl)),
  status: 410,
})

/** The page after the return from the provider if the application set no redirect URI. */
export const resultPage = (status: LinkStatus, names: Names): Page => messagePage(resultText(status, names))

/** A link to the application on a page. */
interface BackLink {
  readonly label: string
  readonly url: string
}

/** `url`: of the application, with the result in its query; `null`: it gave none, or it is not shown. */
export const back = ({ application }: Names, url: string | null): BackLink | null =>
  url === null ? null : { label: `Back to ${application}`, url }

/** A page with a text and, if `link` is set, a link back to the application. */
export function messagePage({ title, text }: PageText, link: BackLink | null = null): Page {
  return {
    title,
    main: html`<h1>${title}</h1>
<p>${text}</p>
${link && html`<p class="actions"><a class="button" href="${link.url}">${link.label}</a></p>`}`,
  }
}

export interface PendingPageText {
  readonly provider: string
  readonly names: Names
  /** The URL of the link, if the provider reported that the attempt failed. */
  readonly retryUrl: string | null
  /** Whether the result is needed in this browser: it has to wait for it. */
  readonly isNeeded: boolean
}

/**
 * The page after the return from the provider while the link is still open: it waits for the result and shows it.
 */
export function pendingPage({ provider, names, retryUrl, isNeeded }: PendingPageText): Page {
  const closing = isNeeded
    ? 'Keep this window open until it is finished.'
    : 'You can close this window: the result is not lost.'
  const message =
    retryUrl === null
      ? {
          title: 'Almost there',
          text: `${provider} is still setting up the connection to ${targetOf(names)}. ${closing}`,
          status: `Waiting for ${provider} to confirm.`,
        }
      : { title: 'Nothing was connected', text: `${provider} reported no connection.`, status: '' }
  return {
    title: message.title,
    script: 'wait.js',
    main: html`<div class="wait" data-events="events" data-waiting aria-live="polite">
<h1>${message.title}</h1>
<p data-temporary>${message.text}</p>
<p class="status" data-status>${message.status}</p>
${retryUrl && html`<p class="actions" data-temporary><a class="button" href="${retryUrl}">Try again</a></p>`}
</div>
<noscript><p>Reload this page to see the result.</p></noscript>`,
  }
}
