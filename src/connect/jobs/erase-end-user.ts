import { errorCodeOf } from '../../domain/errors.ts'
import { operation } from '../../http/http-types.ts'
import { eraseEndUserFromAudit } from '../../store/audit-chain.ts'
import { auditConnections } from '../../store/audit-changes.ts'
import { withAuditOrigin } from '../../store/audit-origin.ts'
import { findOpenReconnects } from '../../store/connect-links.ts'
import { toReference } from '../../store/connections.ts'
import type { Database } from '../../store/database.ts'
import { deleteKeysOfEndUser } from '../../store/idempotency-keys.ts'
import { deleteReservationsOfEndUser } from '../../store/link-reservations.ts'
import {
  anonymizeConnection,
  clearAssignmentsOfEndUser,
  connectionsOfEndUser,
  deleteConnection,
  deleteLinksOfEndUser,
  linksOfEndUser,
  releaseFromEndUser,
} from '../../store/retention.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import { eraseEndUserFromMessages } from '../../store/webhook-messages.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { ConnectContext } from '../context.ts'
import { endLink } from '../links/end-link.ts'
import { revokeAtProviderInBackground } from '../links/revoke-at-provider.ts'

export interface ErasureResult {
  readonly links: number
  readonly connections: number
  /** How many connections stay with the organization that owns them, without the end user. */
  readonly kept: number
  /** Connections that still exist at their provider, as "PROVIDER remote-id". */
  readonly remaining: readonly string[]
}

/** Erases an end user, and records that in the audit log, without the ID of the end user. */
export function eraseEndUser(context: ConnectContext, endUserId: string): Promise<ErasureResult> {
  const actor = { kind: 'COMMAND_LINE', id: 'purge', name: null } as const
  return withAuditOrigin({ actor }, async () => {
    const result = await erase(context, endUserId)
    const hasFailed = result.remaining.length > 0
    await recordAudit(context, {
      operation: 'purge end-user',
      outcome: hasFailed ? 'FAILED' : 'SUCCESS',
      errorCode: hasFailed ? 'CONNECTIONS_REMAIN' : null,
    })
    return result
  })
}

/**
 * Revokes sessions and open links, removes connections at their providers, and deletes every row that names the end user.
 * A connection that an organization owns is kept without the end user; its name and its account at the application stay,
 * because its provider reports them again. A connection that its provider cannot remove is kept and anonymized; one whose
 * removal failed is kept unchanged, so that a repeated call finds it.
 */
async function erase(context: ConnectContext, endUserId: string): Promise<ErasureResult> {
  const { db, sessions } = context
  // First: a session could create more of what is erased.
  await sessions.revokeAll(endUserId)
  const links = await linksOfEndUser(db, endUserId)
  for (const link of links) {
    const hasEnded = await endLink(context, link, {
      toStatus: 'REVOKED',
      source: 'API_CALL',
      reason: 'FORGOTTEN',
    })
    if (hasEnded) revokeAtProviderInBackground(context, [link])
  }
  const connections = await connectionsOfEndUser(db, endUserId)
  const left: string[] = []
  const failedIds: string[] = []
  let kept = 0
  for (const connection of connections) {
    if (await isKept(db, connection)) {
      await recordErased(context, connection, (transaction, id) =>
        releaseFromEndUser(transaction, id, context.now()),
      )
      kept += 1
      continue
    }
    const outcome = await eraseConnection(context, connection)
    if (outcome !== 'ERASED') left.push(`${connection.provider} ${connection.remoteId}`)
    if (outcome === 'FAILED') failedIds.push(connection.id)
  }
  await deleteKeysOfEndUser(
    db,
    endUserId,
    links.map(({ id }) => id),
  )
  await clearAssignmentsOfEndUser(db, endUserId)
  await deleteReservationsOfEndUser(db, endUserId)
  // An unconfirmed connection no longer names the end user: only its link does.
  await deleteLinksOfEndUser(db, endUserId, failedIds)
  await eraseEndUserFromMessages(db, endUserId)
  await eraseEndUserFromAudit(db, endUserId)
  return {
    links: links.length,
    connections: connections.length - kept - left.length,
    kept,
    remaining: left,
  }
}

/**
 * Whether its organization keeps the connection: not if it was never completed or confirmed. One that is hidden because
 * another end user has reconnected it was completed before.
 */
async function isKept(db: Database, { id, owner, visible, status }: ConnectionRow): Promise<boolean> {
  if (owner !== 'ORGANIZATION' || status === 'PENDING') return false
  return visible || (await findOpenReconnects(db, id)).some(({ heldUntil }) => heldUntil !== null)
}

/** FAILED: it is kept unchanged. ANONYMIZED: kept too, because the provider cannot remove it. */
async function eraseConnection(
  context: ConnectContext,
  connection: ConnectionRow,
): Promise<'ERASED' | 'ANONYMIZED' | 'FAILED'> {
  const { providers, log } = context
  const provider = providers.byAccountKey(connection.accountKey)
  const isGone = connection.status === 'DISCONNECTED'
  // Kept: its provider may be configured again when the command is repeated.
  if (!isGone && provider === undefined) return 'FAILED'
  if (!isGone && provider?.adapter.disconnect === undefined) {
    await recordErased(context, connection, anonymizeConnection)
    return 'ANONYMIZED'
  }
  // Caught, so that the other connections are still erased.
  try {
    const call = operation()
    if (!isGone) await provider?.adapter.disconnect?.(toReference(connection), call)
    await recordErased(context, connection, deleteConnection)
    return 'ERASED'
  } catch (error) {
    log.warn(
      { provider: connection.provider, connectionId: connection.id, code: errorCodeOf(error) },
      'a connection could not be removed',
    )
    return 'FAILED'
  }
}

const recordErased = (
  { db, now }: ConnectContext,
  { id, organizationId }: ConnectionRow,
  remove: (transaction: Database, id: string) => Promise<void>,
): Promise<void> =>
  db.transaction().execute(async (transaction) => {
    await remove(transaction, id)
    const erased = { id, endUserId: null, organizationId }
    await auditConnections(transaction, [erased], { name: 'erased', at: now() })
  })
