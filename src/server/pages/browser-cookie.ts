import type { IncomingMessage } from 'node:http'
import { newToken } from '../../store/encryption.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { cookieOf } from '../cookies.ts'
import type { HttpExchange, PagesContext } from './pages-context.ts'

const dayInSeconds = 86_400

/**
 * The token by which a browser is recognized when it returns from the provider. One cookie for each link: tokens of two links
 * cannot be compared. Lax: it is sent with the redirect from the provider, not with requests of other sites' pages.
 */
export function browserTokenOf(
  pages: PagesContext,
  { id }: ConnectLinkRow,
  { request, response }: HttpExchange,
): string {
  const known = knownBrowserToken(pages, id, request)
  if (known !== null) return known
  const token = newToken()
  const isSecure = isHttps(pages)
  const attributes = ['Path=/', `Max-Age=${dayInSeconds}`, 'HttpOnly', 'SameSite=Lax']
  if (isSecure) attributes.push('Secure')
  response.appendHeader('set-cookie', [`${cookieName(id, isSecure)}=${token}`, ...attributes].join('; '))
  return token
}

/** The token of a browser that has one for the link; `null`: it has none. */
export function knownBrowserToken(
  pages: PagesContext,
  linkId: string,
  request: IncomingMessage,
): string | null {
  const name = cookieName(linkId, isHttps(pages))
  const value = cookieOf(request, name) ?? ''
  return /^[\w-]{43}$/.test(value) ? value : null
}

const isHttps = ({ connect }: PagesContext) => connect.publicUrl.protocol === 'https:'

/** With the prefix, browsers accept the cookie from this host only, not from one of its sibling domains. */
const cookieName = (linkId: string, isSecure: boolean) =>
  `${isSecure ? '__Host-' : ''}connect-link-${linkId.replaceAll('-', '').slice(0, 12)}`
