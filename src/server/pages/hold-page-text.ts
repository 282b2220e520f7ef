import { html } from './html.ts'
import { type Names, targetOf } from './names.ts'
import type { Page } from './page.ts'
import { back, messagePage } from './page-text.ts'

/** The page with the code that the end user enters in the application. It waits for the confirmation. */
export function codePage(
  names: Names,
  { code, events }: { readonly code: string; readonly events: string },
): Page {
  const { application, endUser } = names
  const person = endUser === null ? '' : ` as ${endUser}`
  return {
    title: 'Enter this code',
    script: 'wait.js',
    main: html`<div class="wait" data-events="${events}" data-waiting data-held aria-live="polite">
<h1>Enter this code in ${application}</h1>
<p class="code" data-temporary>${code}</p>
<p data-temporary>Your account is not connected to ${targetOf(names)} yet. Go back to ${application} and enter the code there within 15 minutes.</p>
<p class="status" data-status>Waiting for the code.</p>
</div>
<div class="note" data-temporary><p>Enter the code only if you use ${application}${person} yourself. Never give it to another person: that person would get access to your account.</p></div>
<noscript><p class="hint">Reload this page to see the result.</p></noscript>`,
  }
}

/** The page of a browser that may not have been the one that completed the link. */
export const refusedPage = ({ application }: Names): Page =>
  messagePage({
    title: 'This could not be confirmed',
    text: `The link was used in more than one browser, so it is not certain whose account it is. It was not connected to ${application}. Go back to ${application}, request a new link and open it in one browser only.`,
  })

/** The page of a held link for every other browser. `returnUrl`: of the application; `null`: it is not shown. */
export const heldPage = (names: Names, isCodeShown: boolean, returnUrl: string | null): Page => {
  const { application } = names
  const text = isCodeShown
    ? `Enter the code in ${application} that is shown in the browser in which you finished.`
    : `Go back to ${application} to finish.`
  return messagePage({ title: 'Almost done', text }, back(names, returnUrl))
}

/** The page while the provider cannot be reached: it reloads itself. */
export const retryPage = (provider: string): Page => ({
  ...messagePage({ title: 'One moment', text: `${provider} does not answer yet. This page tries again.` }),
  refresh: { seconds: 5, url: '' },
})
