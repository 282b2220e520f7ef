import { z } from 'zod'
import type { RequestContext } from '../../http/http-types.ts'
import type { AdapterLink, LinkProgress } from '../adapter.ts'
import { connectionDeleted, failureFromText, linkDeleted } from '../link-failure.ts'
import { parseDate } from '../parse-date.ts'
import { type AccountResponse, toConnection } from './account.ts'
import { type Api, findAccount } from './api.ts'

/** The `providerState` of a connect link: the account that was created with it. */
export const connectState = z.object({ accountId: z.string() })

/** The `providerState` of a reconnect link. */
export const reconnectState = connectState.extend({
  /** Whether the account was still ACTIVE after the link was created, so that its status shows no new authorization. */
  staysActive: z.boolean(),
  /** `updated_at` of the account before. */
  updatedAt: z.string().nullable(),
})

/** The progress of a link, from the status of its account. What the browser brings back from Composio is not read. */
export async function checkLink(api: Api, link: AdapterLink, call: RequestContext): Promise<LinkProgress> {
  const { accountId } = connectState.parse(link.providerState)
  const account = await findAccount(api, accountId, call)
  if (link.purpose === 'CONNECT') return account === null ? linkDeleted : connectProgress(account)
  if (account === null) return connectionDeleted
  return isRenewed(account, link)
    ? { kind: 'completed', connection: toConnection(account) }
    : { kind: 'open' }
}

function connectProgress(account: AccountResponse): LinkProgress {
  switch (account.status) {
    case 'ACTIVE':
      return { kind: 'completed', connection: toConnection(account) }
    case 'FAILED':
      // INFERRED: the link can be opened again until it expires.
      return { kind: 'open', failedAttempt: failureFromText(account.status_reason ?? null) }
    case 'EXPIRED':
      return { kind: 'ended', status: 'EXPIRED', reason: 'EXPIRED_AT_PROVIDER' }
    case 'REVOKED':
      return { kind: 'ended', status: 'REVOKED', reason: 'REVOKED_AT_PROVIDER' }
    default:
      return { kind: 'open' }
  }
}

/** A failed attempt is not reported: an earlier status may be of any age. */
function isRenewed({ status, updated_at }: AccountResponse, link: AdapterLink): boolean {
  if (status !== 'ACTIVE') return false
  const { staysActive, updatedAt } = reconnectState.parse(link.providerState)
  if (!staysActive) return true
  // Both, because Composio also updates the account when it renews a token, and redirects after a failure too.
  const [now, before] = [parseDate(updated_at), parseDate(updatedAt)]
  return link.returnedAt !== null && now !== null && before !== null && now > before
}
