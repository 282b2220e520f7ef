import { updateLink } from '../../store/connect-links.ts'
import type { Encryption } from '../../store/encryption.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { encryptionContext } from './link-url.ts'
import { isEnded } from './status.ts'

/** Result of a link, as passed to the application in the query of its return URL. */
export type ReturnStatus = 'success' | 'failed' | 'pending'

/** `path`: which of the two return URLs the provider redirected to. */
export function returnStatusOf(
  { status, heldUntil }: Pick<ConnectLinkRow, 'status' | 'heldUntil'>,
  path: 'success' | 'error',
): ReturnStatus {
  if (status === 'COMPLETED') return 'success'
  if (heldUntil !== null) return 'pending'
  return isEnded(status) || path === 'error' ? 'failed' : 'pending'
}

/** The application's return URL for success or failure; `null`: it gave none. */
export function applicationReturnUrl(
  link: ConnectLinkRow,
  encryption: Encryption,
  hasFailed: boolean,
): string | null {
  const column = hasFailed ? 'error-redirect' : 'redirect'
  const encrypted = hasFailed ? link.errorRedirectUriEncrypted : link.redirectUriEncrypted
  return encrypted && encryption.decrypt(encrypted, encryptionContext(link.id, column))
}

/** Makes a link return to another address of the application, for success and failure. */
export async function returnTo(
  { db, encryption }: Pick<ConnectContext, 'db' | 'encryption'>,
  linkId: string,
  redirectUri: string,
): Promise<void> {
  const encrypt = (column: 'redirect' | 'error-redirect') =>
    encryption.encrypt(redirectUri, encryptionContext(linkId, column))
  await updateLink(db, linkId, {
    redirectUriEncrypted: encrypt('redirect'),
    errorRedirectUriEncrypted: encrypt('error-redirect'),
  })
}

/** What the gateway says in the query of a return URL. */
const resultNames: readonly string[] = ['connect_link_id', 'status', 'error']

/**
 * A return URL with `result` in its query, before a fragment. Parameters of these names that the URL had are removed, so
 * that no other result can be read from it; the rest is passed on byte for byte.
 */
export function withResult(redirectUri: string, result: URLSearchParams): string {
  const [, base = '', query = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(redirectUri) ?? []
  const others = query.split('&').filter((pair) => pair !== '' && !resultNames.includes(nameOf(pair)))
  return `${base}?${[...others, result].join('&')}${fragment}`
}

const nameOf = (pair: string) => [...new URLSearchParams(pair).keys()][0] ?? ''
