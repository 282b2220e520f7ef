import { z } from 'zod'
import type { RequestContext } from '../../http/http-types.ts'
import {
  type AdapterLink,
  type LinkProgress,
  type RemoteConnection,
  unknownConnectorKey,
} from '../adapter.ts'
import { connectionDeleted, failureFromText } from '../link-failure.ts'
import { parseDate } from '../parse-date.ts'
import { toConnection } from './account.ts'
import { connectionOf, findAccount, listEndUserAccounts, type Project } from './api.ts'

/** The `providerState` of a connect link. */
export const connectState = z.object({
  /** IDs of the accounts that the end user had for the app before. */
  baseline: z.array(z.string()),
  /** Whether Pipedream sends a webhook with the account that the link has created. */
  hasWebhook: z.boolean().default(false),
})

/** The `providerState` of a reconnect link. `updatedAt`: of the account, before the link was created. */
export const reconnectState = z.object({ remoteId: z.string(), updatedAt: z.string().nullable() })

/** The progress of a link. Webhook events are hints: the result is based on accounts read afterwards. */
export function checkLink(project: Project, link: AdapterLink, call: RequestContext): Promise<LinkProgress> {
  return link.purpose === 'RECONNECT'
    ? checkReconnect(project, link, call)
    : checkConnect(project, link, call)
}

async function checkConnect(
  project: Project,
  link: AdapterLink,
  call: RequestContext,
): Promise<LinkProgress> {
  const reported = await reportedAccount(project, link, call)
  if (reported) return { kind: 'completed', connection: reported }
  const { baseline, hasWebhook } = connectState.parse(link.providerState)
  const current = await listEndUserAccounts(project, link, call)
  const connections = current.items.filter(({ remoteId }) => !baseline.includes(remoteId))
  if (connections.length === 0) return progressFromFailure(link) ?? { kind: 'open' }
  // With several candidates, the webhook event will identify the link's account.
  return connections.length > 1 && hasWebhook ? { kind: 'open' } : { kind: 'candidates', connections }
}

/**
 * The account in the event, if it exists, belongs to the link's end user and has a known app: another one than that of
 * the link, if the end user has edited the address of the page.
 */
async function reportedAccount(
  project: Project,
  { event, endUserId }: AdapterLink,
  call: RequestContext,
): Promise<RemoteConnection | null> {
  if (event?.kind !== 'CONNECTED' || event.remoteId === null) return null
  const account = await findAccount(project, event.remoteId, call)
  if (account?.external_id !== endUserId) return null
  const connection = await connectionOf(project, account, call)
  return connection.connectorKey === unknownConnectorKey ? null : connection
}

async function checkReconnect(
  project: Project,
  link: AdapterLink,
  call: RequestContext,
): Promise<LinkProgress> {
  const { remoteId, updatedAt } = reconnectState.parse(link.providerState)
  const account = await findAccount(project, remoteId, call)
  if (account === null) return connectionDeleted
  const connection = toConnection(account, link.connectorKey)
  // INFERRED without a source: a reconnect keeps the account and moves its `updated_at`.
  const isReported = link.event?.kind === 'CONNECTED' && link.event.remoteId === remoteId
  const isNew = isReported || isAfter(account.updated_at, updatedAt)
  if (isNew && connection.status === 'ACTIVE') return { kind: 'completed', connection }
  return progressFromFailure(link) ?? { kind: 'open' }
}

/** `false` if one of the times is unknown: that is no evidence. */
function isAfter(later: string | null | undefined, earlier: string | null): boolean {
  const [laterDate, earlierDate] = [parseDate(later), parseDate(earlier)]
  return laterDate !== null && earlierDate !== null && laterDate > earlierDate
}

// An error is one attempt: the page invites another one, and `success` may follow (SDK 3.1.6, issue 280 of the SDK).
const progressFromFailure = ({ event }: AdapterLink): LinkProgress | null =>
  event?.kind === 'FAILED' ? { kind: 'open', failedAttempt: event.failure ?? failureFromText(null) } : null
