import type { IncomingMessage } from 'node:http'

/**
 * Agents that fetch links which people send each other, to show or to scan them. Some of them pretend to navigate. One that
 * runs a full browser cannot be told from a person, and a person who drives a browser by program is one: headless ones are
 * not on the list. Whoever is on it by mistake has one button more to press.
 */
const agents = [
  /(?<!\bcu)bot\b|crawl|spider|scrap|preview|unfurl|link-?check|embedly|iframely/, // by their own word; CUBOT makes phones
  /slack|skype|teams\b|webex|zoom\b|mattermost|rocket\.chat|discord|telegram|whatsapp|viber|line-poker/, // chat
  /facebookexternalhit|facebookcatalog|meta-external|twitter|linkedin|pinterest|snapchat|tumblr|vkshare|xing-/, // networks
  /outlook|ms-?office|microsoft office|yahoomail|google-(read-aloud|pagerenderer|inspectiontool)|googleimageproxy/, // mail
  /proofpoint|mimecast|barracuda|safelinks|urldefense|fireeye|trendmicro|symantec|ironport|forcepoint/, // its scanners
  /curl|wget|python|okhttp|go-http-client|java\/|axios|node-fetch|undici|libwww|httpclient|guzzle/, // programs
]

const previewAgent = new RegExp(agents.map(({ source }) => source).join('|'), 'i')

/** Whether a person's browser goes there now: not a preview, not a scanner, not a prefetch. Whoever does not say so is not believed. */
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

/** Whether the browser only wants the page in case somebody goes there. */
export function isPrefetch({ headers }: IncomingMessage): boolean {
  const purposes = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].map((name) => String(headers[name] ?? ''))
  return purposes.some((purpose) => /prefetch|prerender|preview/i.test(purpose))
}

/** Whether a form was sent by a page of our own: another site's page cannot press our buttons. */
export function isOwnForm({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  // Older browsers say only where they come from, and our own pages have them say "null".
  const { origin = 'null', host } = headers
  return origin === 'null' || origin === `http://${host}` || origin === `https://${host}`
}
