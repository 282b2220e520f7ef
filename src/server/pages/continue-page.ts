import { html } from './html.ts'
import type { Page } from './page.ts'

/**
 * The answer to a form submission that leads to another address: it navigates there, without JavaScript too. A navigation by a
 * page is not subject to the `form-action` of the page that submitted the form, unlike a redirect.
 */
export const continuePage = (url: string): Page => ({
  title: 'One moment',
  main: html`<h1>One moment</h1>
<p class="actions"><a class="button" href="${url}">Continue</a></p>`,
  refresh: { seconds: 0, url },
})
