import type { ConnectContext } from '../../connect/context.ts'
import { lastTransitionReason } from '../../connect/links/failure-reason.ts'
import { applicationReturnUrl, type ReturnStatus, returnStatusOf } from '../../connect/links/return-url.ts'
import { encodeGlobalId } from '../../graphql/ids.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'

/** The redirect of a returning end user to the application. */
export interface RedirectBack {
  readonly outcome: ReturnStatus
  /** Redirect URI of the application, with the result in its query; `null`: the application set none. */
  readonly url: string | null
}

/**
 * Builds the redirect to the application. Uses its error redirect URI if the link failed, and also if the provider
 * returned the browser to the error path while the link is open, although the link may still succeed.
 */
export async function redirectBack(
  connect: ConnectContext,
  link: ConnectLinkRow,
  path: 'success' | 'error',
): Promise<RedirectBack> {
  const outcome = returnStatusOf(link)
  const hasFailed = outcome === 'failed' || (outcome === 'pending' && path === 'error')
  const redirectUri = applicationReturnUrl(link, connect.encryption, hasFailed)
  if (redirectUri === null) return { outcome, url: null }
  const result = new URLSearchParams({
    connect_link_id: encodeGlobalId('ConnectLink', link.id),
    status: outcome,
  })
  if (outcome === 'failed') result.set('error', (await lastTransitionReason(connect, link.id)) ?? link.status)
  return { outcome, url: `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${result}` }
}
