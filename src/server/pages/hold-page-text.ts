import { html } from './html.ts'
import type { Page } from './page.ts'
import { back, messagePage } from './page-text.ts'
import type { LinkView } from './page-view.ts'

/** The page with the code that the end user enters in the application. It waits for the confirmation. */
export function codePage(
  view: LinkView,
  { code, events }: { readonly code: string; readonly events: string },
): Page {
  const { names, texts } = view
  const { title, heading, text, status, warning } = texts.held.code
  return {
    view,
    outcome: 'waiting',
    title,
    script: 'wait.js',
    main: html`<div class="wait" data-events="${events}" data-waiting data-held aria-live="polite">
<h1>${heading(names)}</h1>
<p class="code" data-temporary>${code}</p>
<p data-temporary>${text(names)}</p>
<p class="status" data-status>${status}</p>
</div>
<div class="note" data-temporary><p>${warning(names)}</p></div>
<noscript><p class="hint">${texts.page.reload}</p></noscript>`,
  }
}

/** The page of a browser that may not have been the one that completed the link. */
export function refusedPage(view: LinkView): Page {
  const { title, text } = view.texts.held.refused
  return messagePage({ view, outcome: 'failed', title, text: text(view.names) })
}

/** The page of a held link for every other browser. `returnUrl`: of the application; `null`: it is not shown. */
export function heldPage(view: LinkView, isCodeShown: boolean, returnUrl: string | null): Page {
  const { title, enterCode, goBack } = view.texts.held.elsewhere
  const text = (isCodeShown ? enterCode : goBack)(view.names)
  return messagePage({ view, outcome: 'waiting', title, text, link: back(view, returnUrl) })
}

/** The page while the provider cannot be reached: it reloads itself. */
export function retryPage(view: LinkView): Page {
  const { page, held } = view.texts
  return {
    ...messagePage({ view, outcome: 'waiting', title: page.moment, text: held.retry(view.names) }),
    refresh: { seconds: 5, url: '' },
  }
}
