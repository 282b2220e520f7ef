import type { AssetName } from '../pages/assets.ts'
import { type Html, html } from '../pages/html.ts'
import { type Page, sendPage } from '../pages/page.ts'
import type { PageView } from '../pages/page-view.ts'
import type { PagesContext } from '../pages/pages-context.ts'
import type { PortalVisit } from './portal-context.ts'

export type Section = 'connect' | 'connections'

export interface PortalPage extends Pick<Page, 'title' | 'status' | 'outcome'> {
  /** In addition to that of all pages of the portal. */
  readonly script?: AssetName
  readonly main: Html
  /** The current entry of the navigation. */
  readonly section?: Section
}

/** Sends a page of the portal, with its navigation. */
export function sendPortalPage(visit: PortalVisit, { main, section, script, ...page }: PortalPage): void {
  sendPage(visit.exchange.response, {
    ...page,
    script: ['portal.js', ...(script === undefined ? [] : [script])],
    ...frame(visit.pages, visit.view),
    navigation: navigation(visit, section),
    main,
  })
}

/** What all pages of the portal have in common. */
export const frame = ({ embedOrigins, sandboxOrigin }: PagesContext, view: PageView) =>
  ({
    view,
    wide: true,
    stylesheet: 'portal.css',
    // Logos are where providers have them.
    images: ['https:', ...(sandboxOrigin === null ? [] : [sandboxOrigin])],
    frameOrigins: embedOrigins,
  }) as const

function navigation(visit: PortalVisit, section: Section | undefined): Html {
  const { texts, rights } = visit
  const entry = (name: Section, href: string, label: string) =>
    html`<a href="${href}"${section === name ? html` aria-current="page"` : null}>${label}</a>`
  return html`<nav class="portal-nav" aria-label="${texts.nav.label}">
${rights.connect ? entry('connect', './', texts.nav.connect) : null}
${rights.read ? entry('connections', 'connections', texts.nav.connections) : null}
${backLink(visit)}
</nav>`
}

/** The way back to the application, which leaves a frame. */
export function backLink({ returnUrl, isFramed, view }: PortalVisit, style = 'back'): Html | null {
  if (returnUrl === null) return null
  return html`<a class="${style}" href="${returnUrl}"${isFramed ? html` target="_top"` : null}>${view.texts.page.back(view.names)}</a>`
}

/** A logo in a square of fixed size, over the initial of the name: that is seen if there is no logo, or if it fails to load. */
export function logo(name: string, url: string | null): Html {
  const initial = [...name.trim()][0]?.toLocaleUpperCase() ?? ''
  return html`<span class="app-logo" aria-hidden="true"><span>${initial}</span>${url === null ? null : html`<img src="${url}" alt="" data-initial="${initial}" width="40" height="40" loading="lazy" decoding="async" referrerpolicy="no-referrer">`}</span>`
}

/** An error or a result at its place. */
export const notice = (text: string, kind: 'error' | 'success'): Html =>
  html`<div class="note" data-kind="${kind}" role="${kind === 'error' ? 'alert' : 'status'}"><p>${text}</p></div>`
