import type { ServerResponse } from 'node:http'
import { type AssetName, assetPath } from './assets.ts'
import { type Html, html } from './html.ts'
import type { PageView } from './page-view.ts'
import { directionOf } from './texts/languages.ts'

/** What has happened, shown as an icon above the heading. `notice`: none of the others. */
export type Outcome = 'success' | 'waiting' | 'failed' | 'expired' | 'notice'

/** A page of the gateway. */
export interface Page {
  /** 200 by default. */
  readonly status?: number
  /** Language and branding; absent: a page for developers, in English. */
  readonly view?: PageView
  /** Title of the document; the heading is part of `main`. */
  readonly title: string
  readonly main: Html
  /** By default there is no icon. */
  readonly outcome?: Outcome
  readonly script?: AssetName
  /** Origins whose pages may frame it; none by default. */
  readonly frameOrigins?: readonly string[]
  /** Last line of the page; by default it states what the pages are for. */
  readonly footer?: string
  readonly wide?: boolean
  /** In addition to that of all pages. */
  readonly stylesheet?: AssetName
  /** Whether it shows images of any https origin; by default only the gateway's own. */
  readonly images?: 'any'
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

function policyOf({ script, images, frameOrigins = [] }: Page): string {
  const directives = [
    "default-src 'none'",
    "style-src 'self'",
    images === 'any' ? "img-src 'self' https:" : "img-src 'self'",
    ...(script === undefined ? [] : ["script-src 'self'", "connect-src 'self'"]),
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

function document(page: Page, root: string): Html {
  const { view, title, main, script, stylesheet, wide, refresh } = page
  const language = view?.language ?? 'en'
  return html`<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
${refresh && refreshTag(refresh)}
<title>${title}</title>
<link rel="icon" type="image/svg+xml" href="${root}${assetPath('icon.svg')}">
<link rel="stylesheet" href="${root}${assetPath('page.css')}">
${stylesheet && html`<link rel="stylesheet" href="${root}${assetPath(stylesheet)}">`}
${script && scriptTag(script, root)}
</head>
<body${wide ? html` class="wide"` : null}>
${view ? header(view) : developerHeader(root)}
<main${page.outcome && html` data-outcome="${page.outcome}"`}>
${main}
</main>
${footer(page)}
</body>
</html>
`
}

const developerHeader = (root: string) =>
  html`<header><img src="${root}${assetPath('icon.svg')}" alt="" width="20" height="20">Connect Gateway</header>`

const header = ({ names }: PageView) =>
  names.application === null ? null : html`<header>${names.application}</header>`

const developerFooter = 'Connect Gateway connects your accounts with other services to an application.'

const footer = ({ view, footer: text }: Page) =>
  html`<footer>${text ?? view?.texts.page.footer(view.names) ?? developerFooter}</footer>`
