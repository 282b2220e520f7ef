import { parseUrl } from '../../domain/parse-url.ts'

export interface RedirectPolicy {
  /** Empty: any origin. */
  readonly origins: readonly string[]
  /** http is for loopback addresses outside production only. */
  readonly allowLoopbackHttp: boolean
}

const maxLength = 2048

/** Of this machine, as the host of a parsed URL. */
export const isLoopbackHost = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host)

/**
 * What is wrong with an address that end users are to be sent to; `null`: nothing. Parsers disagree about
 * backslashes, blanks, missing slashes and user info, so only an address in its canonical form is taken.
 */
export function redirectProblem(target: string, policy: RedirectPolicy): string | null {
  if (target.length > maxLength) return `must have at most ${maxLength} characters`
  const url = parseUrl(target)
  if (url === null) return 'must be an absolute URL'
  const isLoopbackHttp = url.protocol === 'http:' && policy.allowLoopbackHttp && isLoopbackHost(url.hostname)
  if (url.protocol !== 'https:' && !isLoopbackHttp) return 'must be an https URL'
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or password'
  if (target.includes('#')) return 'must not carry a fragment'
  if (url.href !== target && url.href !== `${target}/`) return 'must be written in its canonical form'
  if (url.hostname.endsWith('.')) return 'must not have a host that ends with a dot'
  if (policy.origins.length > 0 && !policy.origins.includes(url.origin)) return 'is not on an allowed origin'
  return null
}
