import type { ConnectContext } from '../../connect/context.ts'
import { lastReason } from '../../connect/links/failure-reason.ts'
import { applicationAddress, type Outcome, outcomeOf } from '../../connect/links/return-url.ts'
import { encodeGlobalId } from '../../graphql/ids.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'

/** Where a returning end user goes, and with which result. */
export interface WayBack {
  readonly outcome: Outcome
  /** Of the application, with the result in its query; `null`: it named none. */
  readonly address: string | null
}

/** A link that failed in the browser's eyes is told to the application's address for failures, even while it may still succeed. */
export async function wayBack(
  connect: ConnectContext,
  link: ConnectLinkRow,
  path: 'success' | 'error',
): Promise<WayBack> {
  const outcome = outcomeOf(link)
  const isBad = outcome === 'failed' || (outcome === 'pending' && path === 'error')
  const address = applicationAddress(link, connect.secrets, isBad)
  if (address === null) return { outcome, address }
  const result = new URLSearchParams({
    connect_link_id: encodeGlobalId('ConnectLink', link.id),
    status: outcome,
  })
  if (outcome === 'failed') result.set('error', (await lastReason(connect, link.id)) ?? link.status)
  return { outcome, address: `${address}${address.includes('?') ? '&' : '?'}${result}` }
}
