import type { IncomingMessage } from 'node:http'
import { isOverForColleague } from '../../connect/links/hand-over-state.ts'
import type { ConnectLinkRow, LinkHandOverRow } from '../../store/schema.ts'
import { cookieOf } from '../cookies.ts'
import type { HttpExchange, PagesContext } from './pages-context.ts'

/** The visitor number of the end user; a colleague has that of the hand-over, from 1. */
export const endUserNumber = 0

/** Whose browser it is at the return address, which is the same for the end user and all colleagues of a link. */
export type Visitor =
  | { readonly kind: 'END_USER' }
  /** The colleague of the latest hand-over. */
  | { readonly kind: 'COLLEAGUE'; readonly colleague: LinkHandOverRow }
  /** A colleague whose hand-over is over, or a browser that has kept no cookie. */
  | { readonly kind: 'UNKNOWN' }

const dayInSeconds = 86_400

/**
 * Marks the browser as that of the end user or of a colleague before it goes to the provider. Signed: the number of another
 * visitor cannot be set. Lax: it is sent with the redirect from the provider.
 */
export function rememberVisitor(
  { connect: { publicUrl, encryption } }: Pick<PagesContext, 'connect'>,
  { id }: Pick<ConnectLinkRow, 'id'>,
  { number, response }: Pick<HttpExchange, 'response'> & { readonly number: number },
): void {
  const value = `${number}.${encryption.fingerprint(signedText(id, number))}`
  const path = `${publicUrl.pathname.replace(/\/$/, '')}/return/`
  const attributes = [`Path=${path}`, `Max-Age=${dayInSeconds}`, 'HttpOnly', 'SameSite=Lax']
  if (publicUrl.protocol === 'https:') attributes.push('Secure')
  response.appendHeader('set-cookie', [`${cookieName(id)}=${value}`, ...attributes].join('; '))
}

/** Whose browser has sent a request for the return address. Without a hand-over it can only be that of the end user. */
export function visitorOf(
  { connect: { encryption, now } }: PagesContext,
  request: IncomingMessage,
  { link, last }: { readonly link: ConnectLinkRow; readonly last: LinkHandOverRow | null },
): Visitor {
  if (last === null) return { kind: 'END_USER' }
  const [, digits = '', signature = ''] =
    /^(\d)\.([\w-]{43})$/.exec(cookieOf(request, cookieName(link.id)) ?? '') ?? []
  const number = Number(digits)
  if (signature === '' || !encryption.matches(signedText(link.id, number), signature))
    return { kind: 'UNKNOWN' }
  if (number === endUserNumber) return { kind: 'END_USER' }
  return number === last.number && !isOverForColleague(last, link, now())
    ? { kind: 'COLLEAGUE', colleague: last }
    : { kind: 'UNKNOWN' }
}

const signedText = (linkId: string, number: number) => `link-visitor/${linkId}/${number}`

const cookieName = (linkId: string) => `connect-visitor-${linkId.replaceAll('-', '').slice(-12)}`
