import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { cookieOf } from './cookies.ts'

/**
 * Recognizes the browser of the person who started the gateway, and who sees its output: by a cookie, in exchange for
 * a token that is printed. Ends with the process. Nothing else of a request shows where it comes from: behind a proxy
 * or a forwarded port, all of them come from this machine.
 */
export interface StartAccess {
  /** Part of the printed addresses. */
  readonly token: string
  /** Returns a `Set-Cookie` header; `null` if the token is wrong or was exchanged before. */
  exchange(token: string): string | null
  /** Whether the request has the cookie. */
  isGranted(request: IncomingMessage): boolean
}

export function createStartAccess(publicUrl: URL): StartAccess {
  const token = randomToken()
  let unusedToken: Buffer | null = digest(token)
  let cookie: Buffer | null = null
  const name = cookieName(publicUrl)

  return {
    token,
    exchange(candidate) {
      if (unusedToken === null || !timingSafeEqual(digest(candidate), unusedToken)) return null
      unusedToken = null
      const value = randomToken()
      cookie = digest(value)
      return [`${name}=${value}`, ...cookieAttributes(publicUrl)].join('; ')
    },
    isGranted(request) {
      const value = cookieOf(request, name)
      return cookie !== null && value !== null && timingSafeEqual(digest(value), cookie)
    },
  }
}

/** Browsers send a cookie to all ports of a host: the port in its name separates the gateways of one machine. */
function cookieName({ port, protocol }: URL): string {
  const defaultPort = protocol === 'https:' ? '443' : '80'
  return `connect_gateway_${port === '' ? defaultPort : port}`
}

/**
 * `Lax`, not `Strict`: after a click on the address in a mail or a chat, browsers do not send a strict cookie to the
 * page to which the exchange redirects. Only pages use it, which other sites cannot read; GraphQL requests do not.
 */
const cookieAttributes = ({ pathname, protocol }: URL) => [
  `Path=${pathname}`,
  'HttpOnly',
  'SameSite=Lax',
  ...(protocol === 'https:' ? ['Secure'] : []),
]

const randomToken = () => randomBytes(32).toString('base64url')
const digest = (text: string) => createHash('sha256').update(text).digest()
