import type { LinkStatus } from '../../domain/statuses.ts'
import { type Html, html } from './html.ts'
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

/** The text that is shown when a link ends. */
export function resultText(status: LinkStatus): PageText {
  const connected = 'You can close this window and go back to the application.'
  return status === 'COMPLETED' ? { title: 'Connected', text: connected } : endText(status)
}

/** The text for a link that had ended before it was opened. */
function endText(status: LinkStatus): PageText {
  switch (status) {
    case 'COMPLETED':
      return {
        title: 'Already connected',
        text: 'This link has already been used. You can close this window.',
      }
    case 'EXPIRED':
      return {
        title: 'This link has expired',
        text: 'Go back to the application and request a new one.',
      }
    case 'REVOKED':
      return {
        title: 'This link was canceled',
        text: 'The application canceled it. If you still need it, go back to the application and request a new one.',
      }
    case 'SUPERSEDED':
      return {
        title: 'There is a newer link',
        text: 'This link has been replaced. Use the most recent link that you received.',
      }
    default:
      return {
        title: 'Connection failed',
        text: 'Something went wrong. Go back to the application and try again with a new link.',
      }
  }
}

/** The page of a link that has ended. `returnUrl`: of the application, with the result in its query. */
export const endPage = (status: LinkStatus, returnUrl: string | null): Page => ({
  ...messagePage(endText(status), returnUrl),
  status: 410,
})

/** The page after the return from the provider if the application set no redirect URI. */
export const resultPage = (status: LinkStatus): Page => messagePage(resultText(status))

/** A page with a text and, if `returnUrl` is set, a link back to the application. */
export function messagePage({ title, text }: PageText, returnUrl: string | null = null): Page {
  return {
    title,
    main: html`<h1>${title}</h1>
<p>${text}</p>
${returnUrl && html`<p class="actions"><a class="button" href="${returnUrl}">Back to the application</a></p>`}`,
  }
}

/**
 * The page after the return from the provider while the link is still open: it waits for the result and shows it.
 * `retryUrl`: the URL of the link, if the provider reported that the attempt failed.
 */
export function pendingPage(provider: string, retryUrl: string | null): Page {
  const message =
    retryUrl === null
      ? {
          title: 'Almost there',
          text: `${provider} is still setting up the connection. You can close this window. The application will still get the result.`,
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

export interface LinkPageText {
  readonly connector: string
  readonly provider: string
  readonly isReconnect: boolean
  /** Instructions of the provider for the end user. */
  readonly instructions: string | null
  readonly requiresProviderLogin: boolean
}

const linkPageTitle = ({ connector, isReconnect }: LinkPageText) =>
  `${isReconnect ? 'Reconnect' : 'Connect'} ${connector}`

const footer = (provider: string) => `You sign in at ${provider}. Connect Gateway never sees your password.`

function linkPageNotes({ provider, instructions, requiresProviderLogin }: LinkPageText): Html | null {
  const login = `Before you continue, make sure you are signed in to ${provider} as a member of the operator’s organization.`
  const lines = [...(requiresProviderLogin ? [login] : []), ...(instructions === null ? [] : [instructions])]
  if (lines.length === 0) return null
  return html`<div class="note">${lines.map((line) => html`<p>${line}</p>`)}</div>`
}

/**
 * The page for a request that is not clearly a navigation of an end user: nothing happens until the button is pressed.
 */
export function linkPage(texts: LinkPageText): Page {
  const { provider } = texts
  return {
    title: linkPageTitle(texts),
    footer: footer(provider),
    main: html`<h1>${linkPageTitle(texts)}</h1>
<p class="with">with ${provider}</p>
${linkPageNotes(texts)}
<form method="post" class="actions"><button>Continue to ${provider}</button></form>`,
  }
}

/**
 * The page for a provider without a redirect: its button opens the provider in a second tab, and this page waits for
 * the result.
 */
export function waitingLinkPage(
  texts: LinkPageText,
  { events, isWaiting }: { readonly events: string; readonly isWaiting: boolean },
): Page {
  const { provider } = texts
  const waiting = `Waiting for you to finish at ${provider}.`
  return {
    title: linkPageTitle(texts),
    footer: footer(provider),
    script: 'wait.js',
    main: html`<div class="wait" data-events="${events}"${isWaiting ? html` data-waiting` : null} aria-live="polite">
<h1>${linkPageTitle(texts)}</h1>
<p class="with" data-temporary>with ${provider}</p>
<p class="status" data-status data-text-while-waiting="${waiting}">${isWaiting ? waiting : null}</p>
</div>
<div data-temporary>
${linkPageNotes(texts)}
<form method="post" target="_blank" rel="noopener noreferrer" class="actions"><button>Continue to ${provider}</button></form>
<p class="hint">${provider} opens in a new tab. Keep this page open: it continues automatically when you are done.</p>
<noscript><p class="hint">When you are done, come back and <a href="">check the result</a>.</p></noscript>
</div>`,
  }
}
