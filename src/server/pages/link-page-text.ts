import { type Html, html } from './html.ts'
import { type Names, targetOf } from './names.ts'
import type { Page } from './page.ts'

export interface LinkPageText {
  readonly connector: string
  readonly names: Names
  readonly provider: string
  readonly isReconnect: boolean
  /** Instructions of the provider for the end user. */
  readonly instructions: string | null
  readonly requiresProviderLogin: boolean
}

const linkPageTitle = ({ connector, isReconnect, names }: LinkPageText) =>
  `${isReconnect ? 'Reconnect' : 'Connect'} ${connector} to ${targetOf(names)}`

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
