import type { ServerResponse } from 'node:http'
import type { LinkStatus } from '../../domain/statuses.ts'
import { type AssetName, assetPath, brandStylePath } from './assets.ts'
import { type Html, html } from './html.ts'
import type { PageView } from './page-view.ts'
import { directionOf } from './texts/languages.ts'

/** What has happened, shown as an icon above the heading. `link`: nothing yet; `notice`: none of the others. */
export type Outcome = 'link' | 'success' | 'waiting' | 'failed' | 'expired' | 'notice'

/** The state of a link, which a page posts to the page that opened or frames it. */
export interface LinkNotice {
  /** Opaque global ID. */
  readonly linkId: string
  readonly status: LinkStatus | 'CANCELLED'
  /** The only origins whose pages receive it. */
  readonly origins: readonly string[]
  /** URL to go to once the notice is posted. */
  readonly goTo?: string
  /** Whether a popup closes itself. */
  readonly closes?: boolean
}

/** A page of the gateway. */
export interface Page {
  /** 200 by default. */
  readonly status?: number
  /** Language and branding; absent: a page for developers, in English. */
  readonly view?: PageView
  /** Title of the document; the heading is part of `main`. */
  readonly title: string
  readonly main: Html
  /** Above `main`. */
  readonly navigation?: Html
  /** By default there is no icon. */
  readonly outcome?: Outcome
  readonly script?: AssetName | readonly AssetName[]
  /** What is posted to the page that opened this one. */
  readonly notice?: LinkNotice
  /** Origins whose pages may frame it; none by default. */
  readonly frameOrigins?: readonly string[]
  /** Last line of the page; by default it states what the pages are for. */
  readonly footer?: string
  readonly wide?: boolean
  /** In addition to that of all pages. */
  readonly stylesheet?: AssetName
  /** Sources of images in addition to the gateway itself and the origin of the application's logo. */
  readonly images?: readonly string[]
  /** Navigates after that time; a URL, absolute or relative to the page, "" for the page itself. */
  readonly refresh?: { readonly seconds: number; readonly url: string }
}

/**
 * Sends a page with a Content Security Policy that allows no inline scripts or styles, and from other origins only the
 * logo.
 */
export function sendPage(response: ServerResponse, page: Page): void {
  response.writeHead(page.status ?? 200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policyOf(page),
    'content-language': page.view?.language ?? 'en',
    ...(page.view?.isNegotiated && { vary: 'Accept-Language' }),
    ...privateHeaders,
  })
  response.end(document(page, relativeRoot(response.req.url ?? '/')).html)
}

/** For responses whose content or URL contains a link: not cached, and not sent as a referrer. */
export const privateHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

function policyOf({ view, script, notice, images: shown = [], frameOrigins = [] }: Page): string {
  const logoUrl = view?.branding.logoUrl ?? null
  const images = [
    "'self'",
    ...shown,
    ...(logoUrl === null ? [] : [new URL(logoUrl).origin].filter(isPlainOrigin)),
  ]
  const directives = [
    "default-src 'none'",
    "style-src 'self'",
    `img-src ${images.join(' ')}`,
    ...(script === undefined && notice === undefined ? [] : ["script-src 'self'", "connect-src 'self'"]),
    "form-action 'self'",
    "base-uri 'none'",
    frameAncestors(frameOrigins),
  ]
  return directives.join('; ')
}

/** The directive for the origins whose pages may frame a page, also for a redirect to it. */
export function frameAncestors(origins: readonly string[]): string {
  const frames = origins.filter(isPlainOrigin)
  return `frame-ancestors ${frames.length === 0 ? "'none'" : frames.join(' ')}`
}

/** Excludes hosts with characters that have a meaning in a policy. */
const isPlainOrigin = (origin: string) => /^https?:\/\/([\w.-]+|\[[\da-f:]+\])(:\d+)?$/.test(origin)

/**
 * The relative path from a page to the gateway's root. Relative, because a proxy may serve the gateway below a path.
 */
function relativeRoot(pathAndQuery: string): string {
  const [path = '/'] = pathAndQuery.split('?')
  return '../'.repeat(Math.max(0, path.split('/').length - 2))
}

const scriptTag = (name: AssetName, root: string) =>
  html`<script src="${root}${assetPath(name)}" type="module"></script>`

const refreshTag = ({ seconds, url }: NonNullable<Page['refresh']>) =>
  html`<meta http-equiv="refresh" content="${seconds}${url && `; url=${url}`}">`

/** Before the script of the page, whose events it receives. */
const noticeTags = (notice: LinkNotice, root: string) =>
  html`<meta name="connect-link" content="${JSON.stringify(notice)}">
${scriptTag('notify.js', root)}`

const colorSchemes = { AUTO: 'light dark', LIGHT: 'light', DARK: 'dark' } as const

function document(page: Page, root: string): Html {
  const { view, title, main, script, notice, stylesheet, wide, refresh } = page
  const language = view?.language ?? 'en'
  const theme = view?.branding.theme ?? 'AUTO'
  const { color = null, logoUrl = null } = view?.branding ?? {}
  return html`<!doctype html>
<html lang="${language}" dir="${directionOf(language)}"${theme === 'AUTO' ? null : html` data-theme="${theme.toLowerCase()}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="${colorSchemes[theme]}">
${refresh && refreshTag(refresh)}
<title>${title}</title>
<link rel="icon" href="${logoUrl ?? `${root}${assetPath('icon.svg')}`}">
<link rel="stylesheet" href="${root}${assetPath('page.css')}">
${notice && noticeTags(notice, root)}
${stylesheet && html`<link rel="stylesheet" href="${root}${assetPath(stylesheet)}">`}
${color && html`<link rel="stylesheet" href="${root}${brandStylePath(color)}">`}
${[script ?? []].flat().map((name) => scriptTag(name, root))}
</head>
<body${wide ? html` class="wide"` : null}>
${view ? header(view) : developerHeader(root)}
${page.navigation}
<main${page.outcome && html` data-outcome="${page.outcome}"`}>
${main}
</main>
${view ? footer(view, page.footer) : html`<footer>${page.footer ?? developerFooter}</footer>`}
</body>
</html>
`
}

const developerHeader = (root: string) =>
  html`<header><img src="${root}${assetPath('icon.svg')}" alt="" width="20" height="20">Connect Gateway</header>`

const developerFooter = 'Connect Gateway connects your accounts with other services to an application.'

/** Logo and name of the application; nothing if neither is known. */
function header({ branding: { logoUrl }, names: { application } }: PageView): Html | null {
  if (logoUrl === null && application === null) return null
  const logo = logoUrl && html`<img class="logo" src="${logoUrl}" alt="" width="32" height="32">`
  return html`<header>${logo}${application && html`<span>${application}</span>`}</header>`
}

/** A text of the page itself is about what comes next: it goes when the page shows a result. */
function footer({ texts, names, branding }: PageView, text: string | undefined): Html {
  const links = [
    { label: texts.page.support, url: branding.supportUrl },
    { label: texts.page.privacy, url: branding.privacyUrl },
  ].flatMap(({ label, url }) => (url === null ? [] : [helpLink(label, url)]))
  const footnote = text === undefined ? texts.page.footer(names) : html`<span data-temporary>${text}</span>`
  return html`<footer><p class="footnote">${footnote}</p>${links.length > 0 ? html`<ul class="links">${links}</ul>` : null}</footer>`
}

/** In a new tab: the page may be waiting. */
const helpLink = (label: string, url: string) =>
  html`<li><a href="${url}" target="_blank" rel="noopener noreferrer">${label}</a></li>`
