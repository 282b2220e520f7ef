import type { ConnectContext } from '../../connect/context.ts'
import { lastFailureCode } from '../../connect/links/last-failure.ts'
import {
  applicationReturnUrl,
  type ReturnStatus,
  returnStatusOf,
  withResult,
} from '../../connect/links/return-url.ts'
import { isEnded } from '../../connect/links/status.ts'
import { encodeGlobalId } from '../../graphql/ids.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'

/** The redirect of a returning end user to the application. */
export interface RedirectBack {
  readonly outcome: ReturnStatus
  /** Redirect URI of the application, with the result in its query; `null`: the application set none. */
  readonly url: string | null
}

/**
 * Builds the redirect to the application. A link that is still open has failed for this redirect if the provider returned
 * the browser to the error path: the attempt has failed, and the end user can try again with the same link.
 */
export async function redirectBack(
  connect: ConnectContext,
  link: ConnectLinkRow,
  path: 'success' | 'error',
): Promise<RedirectBack> {
  const outcome = returnStatusOf(link, path)
  const redirectUri = applicationReturnUrl(link, connect.encryption, outcome === 'failed')
  if (redirectUri === null) return { outcome, url: null }
  const result = new URLSearchParams({
    connect_link_id: encodeGlobalId('ConnectLink', link.id),
    status: outcome,
  })
  if (outcome === 'failed') result.set('error', await errorOf(connect, link))
  return { outcome, url: withResult(redirectUri, result) }
}

/** The `FailureCode` of the last attempt, or the status of a link that ended for another reason. */
async function errorOf(connect: ConnectContext, { id, status }: ConnectLinkRow): Promise<string> {
  if (isEnded(status) && status !== 'FAILED') return status
  return (await lastFailureCode(connect, id)) ?? 'UNKNOWN'
}
