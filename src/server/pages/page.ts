import type { ServerResponse } from 'node:http'
import { type AssetName, assetPath } from './assets.ts'
import { type Html, html } from './html.ts'

/** A page of the gateway's own. */
export interface Page {
  /** 200 when it is not said. */
  readonly status?: number
  /** Of the window; the heading is part of `main`. */
  readonly title: string
  readonly main: Html
  readonly script?: AssetName
  /** Where its forms may lead beside the gateway, redirects included. */
  readonly formOrigins?: readonly string[]
  /** Whose pages may show it in a frame; nobody's when it is not said. */
  readonly frameOrigins?: readonly string[]
  /** The last line, for those who wonder whose page this is. */
  readonly foot?: string
  readonly wide?: boolean
}

/** Sends a page on which nothing from elsewhere runs, nor anything inline. */
export function sendPage(response: ServerResponse, page: Page): void {
  response.writeHead(page.status ?? 200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policyOf(page),
    ...privateHeaders,
  })
  response.end(document(page, wayUp(response.req.url ?? '/')).html)
}

/** For answers that carry or follow a link: kept nowhere, told to nobody. */
export const privateHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

function policyOf({ script, formOrigins = [], frameOrigins = [] }: Page): string {
  const frames = frameOrigins.filter(isPlainOrigin)
  const directives = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    ...(script === undefined ? [] : ["script-src 'self'", "connect-src 'self'"]),
    ["form-action 'self'", ...formOrigins.filter(isPlainOrigin).flatMap(withNeighbours)].join(' '),
    "base-uri 'none'",
    `frame-ancestors ${frames.length === 0 ? "'none'" : frames.join(' ')}`,
  ]
  return directives.join('; ')
}

/** Hosts may hold signs that mean something in a policy. */
const isPlainOrigin = (origin: string) => /^https?:\/\/([\w.-]+|\[[\da-f:]+\])(:\d+)?$/.test(origin)

/** A provider that wants its visitors signed in sends them on to a neighbour of its own, which browsers count as the form's redirect, too. */
function withNeighbours(origin: string): readonly string[] {
  const domain = /^https:.*?([\w-]+\.[a-z]{2,})(:\d+)?$/i.exec(origin)?.[1]
  return domain === undefined ? [origin] : [origin, `https://*.${domain}`]
}

/** The way from a page to the gateway's root. Relative, because a proxy may have put the gateway below a path. */
function wayUp(pathAndQuery: string): string {
  const [path = '/'] = pathAndQuery.split('?')
  return '../'.repeat(Math.max(0, path.split('/').length - 2))
}

const standardFoot =
  'Connect Gateway opens the way between an application and the services that you connect to it.'

const scriptTag = (name: AssetName, up: string) =>
  html`<script src="${up}${assetPath(name)}" type="module"></script>`

const document = ({ title, main, script, foot, wide }: Page, up: string) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" type="image/svg+xml" href="${up}${assetPath('icon.svg')}">
<link rel="stylesheet" href="${up}${assetPath('page.css')}">
${script && scriptTag(script, up)}
</head>
<body${wide ? html` class="wide"` : null}>
<header><img src="${up}${assetPath('icon.svg')}" alt="" width="20" height="20">Connect Gateway</header>
<main>
${main}
</main>
<footer>${foot ?? standardFoot}</footer>
</body>
</html>
`
