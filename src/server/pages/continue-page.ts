import { html } from './html.ts'
import type { Page } from './page.ts'
import type { PageView } from './page-view.ts'

/**
 * The answer to a form submission that leads to another address: it navigates there, without JavaScript too. A navigation by a
 * page is not subject to the `form-action` of the page that submitted the form, unlike a redirect.
 */
export const continuePage = (view: PageView, url: string): Page => ({
  view,
  outcome: 'waiting',
  title: view.texts.page.moment,
  main: html`<h1>${view.texts.page.moment}</h1>
<p class="actions"><a class="button" href="${url}">${view.texts.page.continue}</a></p>`,
  refresh: { seconds: 0, url },
})
