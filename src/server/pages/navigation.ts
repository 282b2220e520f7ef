import type { IncomingMessage } from 'node:http'
import type { ConnectLinkRow } from '../../store/schema.ts'

/**
 * User agents that fetch links to preview or scan them. Some of them send the headers of a navigation. An agent that
 * runs a full browser cannot be distinguished from an end user. Headless browsers are not listed: end users may
 * automate theirs. A false positive costs the end user one click on the page's button.
 */
const agents = [
  /(?<!\bcu)bot\b|crawl|spider|scrap|preview|unfurl|link-?check|embedly|iframely/, // self-declared; CUBOT is a phone brand
  /slack|skype|teams\b|webex|zoom\b|mattermost|rocket\.chat|discord|telegram|whatsapp|viber|line-poker/, // chat
  /facebookexternalhit|facebookcatalog|meta-external|twitter|linkedin|pinterest|snapchat|tumblr|vkshare|xing-/, // networks
  /outlook|ms-?office|microsoft office|yahoomail|google-(read-aloud|pagerenderer|inspectiontool)|googleimageproxy/, // mail
  /proofpoint|mimecast|barracuda|safelinks|urldefense|fireeye|trendmicro|symantec|ironport|forcepoint/, // mail scanners
  /curl|wget|python|okhttp|go-http-client|java\/|axios|node-fetch|undici|libwww|httpclient|guzzle/, // HTTP clients
]

const previewAgent = new RegExp(agents.map(({ source }) => source).join('|'), 'i')

/**
 * Whether an end user's browser navigates to the URL: no preview, scanner or prefetch. `false` without `Sec-Fetch-*`
 * headers.
 */
export function isNavigation(request: IncomingMessage, frames: 'allowed' | 'none'): boolean {
  const { method, headers } = request
  const destinations = frames === 'allowed' ? ['document', 'iframe'] : ['document']
  return (
    method === 'GET' &&
    headers['sec-fetch-mode'] === 'navigate' &&
    destinations.includes(String(headers['sec-fetch-dest'])) &&
    !isPrefetch(request) &&
    !previewAgent.test(headers['user-agent'] ?? '')
  )
}

/** Whether a person visits the link, not a scanner or a preview. */
export const isVisitOf = (link: Pick<ConnectLinkRow, 'embeddable'>, request: IncomingMessage): boolean =>
  request.method === 'POST' || isNavigation(request, link.embeddable ? 'allowed' : 'none')

/** Whether the browser loads the page in advance, before the end user navigates to it. */
export function isPrefetch({ headers }: IncomingMessage): boolean {
  const purposes = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].map((name) => String(headers[name] ?? ''))
  return purposes.some((purpose) => /prefetch|prerender|preview/i.test(purpose))
}

/** Whether a form was submitted by a page of the gateway, not by another site (CSRF). */
export function isOwnForm({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  // Older browsers send only `Origin`; it is "null" for the gateway's own pages because of their referrer policy.
  const { origin = 'null', host } = headers
  return origin === 'null' || origin === `http://${host}` || origin === `https://${host}`
}
