import type { LinkStatus } from '../../domain/statuses.ts'
import { type Html, html } from './html.ts'
import type { Page } from './page.ts'

/** What became of a link, or of a visit, in words for the end user. */
export interface PageText {
  readonly title: string
  readonly text: string
}

const unknown: PageText = {
  title: 'This link does not exist',
  text: 'Perhaps a part of it was lost. Open it again from where you got it, or ask for a new one.',
}

export const unknownPage: Page = { ...messagePage(unknown), status: 404 }

/** Said at the moment in which a link comes to its end. */
export function resultText(status: LinkStatus): PageText {
  const connected = 'You can close this window and go back to the application.'
  return status === 'COMPLETED' ? { title: 'Connected', text: connected } : endText(status)
}

/** Said to those who come after the end. */
function endText(status: LinkStatus): PageText {
  switch (status) {
    case 'COMPLETED':
      return { title: 'Already connected', text: 'This link has done its work. You can close this window.' }
    case 'EXPIRED':
      return {
        title: 'This link has expired',
        text: 'It was not used in time. Go back to the application and ask for a new one.',
      }
    case 'REVOKED':
      return {
        title: 'This link was withdrawn',
        text: 'The application took it back. Go back there and ask for a new one if you still need it.',
      }
    case 'SUPERSEDED':
      return {
        title: 'There is a newer link',
        text: 'This one was replaced. Use the link that you got last.',
      }
    default:
      return {
        title: 'This did not connect',
        text: 'Something went wrong on the way. Go back to the application and try again with a new link.',
      }
  }
}

/** A link that leads nowhere any more; `back` is the application's address with the result. */
export const endPage = (status: LinkStatus, back: string | null): Page => ({
  ...messagePage(endText(status), back),
  status: 410,
})

/** The end of the way, where the application named no address of its own. */
export const resultPage = (status: LinkStatus): Page => messagePage(resultText(status))

/** A text and, where there is one, a link back to the application. */
export function messagePage({ title, text }: PageText, back: string | null = null): Page {
  return {
    title,
    main: html`<h1>${title}</h1>
<p>${text}</p>
${back && html`<p class="actions"><a class="button" href="${back}">Back to the application</a></p>`}`,
  }
}

/** Back from the provider, which has not confirmed anything yet: the page waits, and says what comes of it. */
export function pendingPage(provider: string, path: 'success' | 'error'): Page {
  const words =
    path === 'success'
      ? { title: 'Almost there', text: `${provider} is still making the connection.` }
      : { title: 'Not connected yet', text: `${provider} reports no connection so far.` }
  const calm = 'You can close this window: the application hears of it all the same.'
  return {
    title: words.title,
    script: 'wait.js',
    main: html`<div class="wait" data-events="events" data-waiting aria-live="polite">
<h1>${words.title}</h1>
<p data-passing>${words.text} ${calm}</p>
<p class="status" data-status>Waiting for ${provider} to confirm.</p>
</div>
<noscript><p>Reload this page to see how it went.</p></noscript>`,
  }
}

export interface LinkPageText {
  readonly connector: string
  readonly provider: string
  readonly isRenewal: boolean
  /** The provider's words for the end user. */
  readonly instructions: string | null
  readonly requiresProviderLogin: boolean
}

const linkPageTitle = ({ connector, isRenewal }: LinkPageText) =>
  `${isRenewal ? 'Reconnect' : 'Connect'} ${connector}`

const foot = (provider: string) => `You sign in at ${provider}. Connect Gateway never sees your password.`

function linkPageNotes({ provider, instructions, requiresProviderLogin }: LinkPageText): Html | null {
  const login = `Be signed in to ${provider} as a member of the operator’s organisation before you go on.`
  const lines = [...(requiresProviderLogin ? [login] : []), ...(instructions === null ? [] : [instructions])]
  if (lines.length === 0) return null
  return html`<div class="note">${lines.map((line) => html`<p>${line}</p>`)}</div>`
}

/** The way in, for whoever has not shown to be a person on the way there: nothing happens until the button is pressed. */
export function linkPage(texts: LinkPageText): Page {
  const { provider } = texts
  return {
    title: linkPageTitle(texts),
    foot: foot(provider),
    main: html`<h1>${linkPageTitle(texts)}</h1>
<p class="with">with ${provider}</p>
${linkPageNotes(texts)}
<form method="post" class="actions"><button>Continue to ${provider}</button></form>`,
  }
}

/** The way in where the provider never sends anybody back: it opens beside this page, which waits for the outcome. */
export function waitingLinkPage(
  texts: LinkPageText,
  { events, isWaiting }: { readonly events: string; readonly isWaiting: boolean },
): Page {
  const { provider } = texts
  const waiting = `Waiting for you to finish at ${provider}.`
  return {
    title: linkPageTitle(texts),
    foot: foot(provider),
    script: 'wait.js',
    main: html`<div class="wait" data-events="${events}"${isWaiting ? html` data-waiting` : null} aria-live="polite">
<h1>${linkPageTitle(texts)}</h1>
<p class="with" data-passing>with ${provider}</p>
<p class="status" data-status data-words="${waiting}">${isWaiting ? waiting : null}</p>
</div>
<div data-passing>
${linkPageNotes(texts)}
<form method="post" target="_blank" rel="noopener noreferrer" class="actions"><button>Continue to ${provider}</button></form>
<p class="hint">${provider} opens in a second tab. Leave this page open: it goes on by itself when you are done there.</p>
<noscript><p class="hint">When you are done there, come back and <a href="">see how it went</a>.</p></noscript>
</div>`,
  }
}
