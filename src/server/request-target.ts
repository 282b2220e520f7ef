import type { IncomingMessage } from 'node:http'
import { parseUrl } from '../domain/parse-url.ts'

/**
 * Rewrites `url` and the Host header of a request to the form that routes compare: a path below the public URL, whether
 * a proxy has removed the public URL's own path or not. Returns `false` if the request names no valid host.
 */
export function normalizeTarget(request: IncomingMessage, publicUrl: URL): boolean {
  // The absolute form, whose host replaces that of the header (RFC 9112, section 3.2.2).
  const [, host, target = ''] = /^https?:\/\/([^/?#]*)([^#]*)/i.exec(request.url ?? '') ?? []
  if (host !== undefined) {
    request.headers.host = host
    request.url = target.startsWith('/') ? target : `/${target}`
  }
  // Health checks of load balancers: HTTP/1.0 has no Host header.
  if (request.httpVersion === '1.0') request.headers.host ??= 'localhost'
  request.url = belowPublicUrl(request.url ?? '/', publicUrl)
  return isValidHost(request.headers.host ?? '')
}

/** The host of the last request: behind a proxy it is the same for all. */
let lastHost: { readonly host: string; readonly isValid: boolean } | undefined

function isValidHost(host: string): boolean {
  if (lastHost?.host !== host) lastHost = { host, isValid: parseUrl(`http://${host}`) !== null }
  return lastHost.isValid
}

const route =
  /^\/((graphql|mcp|connect(\.\w+)?(\.js)?|portal|return|webhooks|assets|sandbox|health|ready)([/?]|$)|\?|$)/

/** Removes the path of the public URL only before a route: it may itself be the name of a route. */
function belowPublicUrl(target: string, publicUrl: URL): string {
  const prefix = publicPath(publicUrl)
  const rest = target.startsWith(prefix) ? target.slice(prefix.length) : target
  return route.test(rest) ? rest : target
}

const publicPath = ({ pathname }: URL) => pathname.replace(/\/$/, '')

/**
 * For the path of the public URL without a slash at its end, from which relative URLs of the start page would miss the
 * gateway: the relative URL with the slash. `null` for other requests.
 */
export function withFinalSlash({ url = '/' }: IncomingMessage, publicUrl: URL): string | null {
  const [path = '', ...query] = url.split('?')
  if (path === '' || path !== publicPath(publicUrl) || route.test(path)) return null
  return [`./${path.slice(path.lastIndexOf('/') + 1)}/`, ...query].join('?')
}
