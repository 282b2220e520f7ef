import type { InputIssue } from '../../domain/errors.ts'
import { isLoopbackHost } from '../../domain/loopback.ts'
import { parseUrl } from '../../domain/parse-url.ts'
import { privateScheme } from '../../domain/private-scheme.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { isEndUser } from '../authorization.ts'

export interface RedirectPolicy {
  /** Allowed origins, and schemes of applications such as "myapp:"; empty: any origin, and no such scheme. */
  readonly origins: readonly string[]
  /** Whether http is allowed on loopback addresses; only outside production. */
  readonly allowLoopbackHttp: boolean
}

const maxLength = 2048

/**
 * What is wrong with a redirect URI; `null`: nothing. URL parsers disagree about backslashes, blanks, missing slashes and user
 * info, so only a URI in canonical form is accepted.
 */
export function redirectUriProblem(target: string, policy: RedirectPolicy): string | null {
  if (target.length > maxLength) return `must have at most ${maxLength} characters`
  const url = parseUrl(target)
  if (url === null) return 'must be an absolute URL'
  const isPrivate = policy.origins.includes(url.protocol) && privateScheme(url.protocol) !== null
  const isLoopbackHttp = url.protocol === 'http:' && policy.allowLoopbackHttp && isLoopbackHost(url.hostname)
  if (url.protocol !== 'https:' && !isLoopbackHttp && !isPrivate) return 'must be an https URL'
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or password'
  if (url.href !== target && url.href !== `${target}/`) return 'must be written in its canonical form'
  // The parser leaves such characters as they are in URLs of other schemes.
  if (isPrivate) return /^[a-z0-9+.-]+:\/[^\s"<>\\^`{|}]*$/.test(target) ? null : 'must start like myapp://'
  if (url.hostname.endsWith('.')) return 'must not have a host that ends with a dot'
  if (policy.origins.length > 0 && !policy.origins.includes(url.origin)) return 'is not on an allowed origin'
  return null
}

type RedirectField = 'redirectUri' | 'errorRedirectUri'

/** The issues of the redirect URIs of an input. */
export const redirectIssues = (
  input: { readonly [Field in RedirectField]?: string | null | undefined },
  policy: RedirectPolicy,
  viewer: Viewer,
): readonly InputIssue[] =>
  (['redirectUri', 'errorRedirectUri'] as const).flatMap((field) => {
    const target = input[field]
    // The portal's own page has the session's token in its path, which may be longer than other addresses.
    if (target == null || target === viewer.portalReturnUrl) return []
    const problem = redirectUriProblem(target, policy) ?? sessionRedirectProblem(target, policy, viewer)
    return problem === null ? [] : [{ path: ['input', field], message: problem }]
  })

/**
 * Why the caller may not use a redirect URI that the policy allows; `null`: it may. A session uses those of its list,
 * otherwise those of the policy's origins; with neither, any outside production and none in production.
 */
function sessionRedirectProblem(
  target: string,
  { origins, allowLoopbackHttp }: RedirectPolicy,
  viewer: Viewer,
): string | null {
  if (!isEndUser(viewer)) return null
  const allowed = viewer.limits?.redirectUris ?? null
  if (allowed === null)
    return origins.length > 0 || allowLoopbackHttp
      ? null
      : 'is not allowed: neither the session nor REDIRECT_ORIGINS names one'
  const url = parseUrl(target)
  return url !== null && allowed.some((entry) => allows(entry, url)) ? null : 'is not allowed in this session'
}

/** `entry`: an origin, a scheme of an application, or one exact URL. */
const allows = (entry: string, url: URL): boolean =>
  entry === url.origin || privateScheme(entry) === url.protocol || parseUrl(entry)?.href === url.href

/**
 * What is wrong with an entry of a session's list: a redirect URI, or the origin or scheme of any; `null`: nothing.
 */
export function allowedUriProblem(entry: string, policy: RedirectPolicy): string | null {
  if (entry.includes('*')) return 'must not contain a wildcard'
  const scheme = privateScheme(entry)
  return scheme !== null && policy.origins.includes(scheme) ? null : redirectUriProblem(entry, policy)
}
