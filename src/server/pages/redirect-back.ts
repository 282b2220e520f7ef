import type { ConnectContext } from '../../connect/context.ts'
import { lastTransitionReason } from '../../connect/links/failure-reason.ts'
import { applicationReturnUrl, type ReturnStatus, returnStatusOf } from '../../connect/links/return-url.ts'
import { encodeGlobalId } from '../../graphql/ids.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'

/** Where a returning end user goes, and with which result. */
export interface RedirectBack {
  readonly outcome: ReturnStatus
  /** Of the application, with the result in its query; `null`: it named none. */
  readonly address: string | null
}

/** A link that failed in the browser's eyes is told to the application's address for failures, even while it may still succeed. */
export async function redirectBack(
  connect: ConnectContext,
  link: ConnectLinkRow,
  path: 'success' | 'error',
): Promise<RedirectBack> {
  const outcome = returnStatusOf(link)
  const isBad = outcome === 'failed' || (outcome === 'pending' && path === 'error')
  const address = applicationReturnUrl(link, connect.encryption, isBad)
  if (address === null) return { outcome, address }
  const result = new URLSearchParams({
    connect_link_id: encodeGlobalId('ConnectLink', link.id),
    status: outcome,
  })
  if (outcome === 'failed') result.set('error', (await lastTransitionReason(connect, link.id)) ?? link.status)
  return { outcome, address: `${address}${address.includes('?') ? '&' : '?'}${result}` }
}
