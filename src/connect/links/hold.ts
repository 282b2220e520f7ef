import { errorCodeOf } from '../../domain/errors.ts'
import type { TransitionSource } from '../../domain/statuses.ts'
import { detached } from '../../http/http-types.ts'
import { updateLink } from '../../store/connect-links.ts'
import { markDisconnected, toReference } from '../../store/connections.ts'
import type { Database } from '../../store/database.ts'
import { recordTransition } from '../../store/link-history.ts'
import { findAnyConnection, markUnconfirmed, setVisible } from '../../store/link-holds.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'

/** How long a held connection can be confirmed. */
const holdMs = 900_000
/** When a removal that failed, or whose process was killed, is tried again. */
export const removalRetryMs = 60_000

/**
 * Holds back the connection of a locked link: it exists at the provider, is visible to no caller, and is given to the end
 * user when it is confirmed. The link is not checked meanwhile.
 */
export async function holdConnection(
  transaction: Database,
  link: ConnectLinkRow,
  hold: { readonly at: Date; readonly source: TransitionSource; readonly connectionId: string },
): Promise<void> {
  const { at, source, connectionId } = hold
  await setVisible(transaction, connectionId, { visible: false, at })
  await recordTransition(
    transaction,
    link,
    { toStatus: 'AUTHORIZING', at, source, reason: 'AWAITING_CONFIRMATION' },
    { connectionId, nextCheckAt: null, heldUntil: new Date(at.getTime() + holdMs) },
  )
}

/** Ends the hold of a locked link without a confirmation: the connection belongs to no end user, and is to be removed. */
export async function rejectHeldConnection(
  transaction: Database,
  { id, connectionId }: ConnectLinkRow,
  at: Date,
): Promise<void> {
  if (connectionId !== null) await markUnconfirmed(transaction, connectionId, at)
  const removalDueAt = connectionId === null ? null : new Date(at.getTime() + removalRetryMs)
  await updateLink(transaction, id, { heldUntil: null, confirmationHash: null, removalDueAt })
}

/**
 * Removes an unconfirmed connection at its provider. If the provider cannot remove connections, the row stays marked as
 * orphaned; if the removal fails, a scheduled job retries.
 */
export async function removeUnconfirmed(
  { db, providers, now, log }: ConnectContext,
  { id, connectionId, accountKey, provider }: ConnectLinkRow,
): Promise<void> {
  const adapter = providers.byAccountKey(accountKey)?.adapter
  const connection = connectionId === null ? undefined : await findAnyConnection(db, connectionId)
  if (adapter === undefined) return
  // Caught: the link has ended whether or not its provider can be reached.
  try {
    if (connection !== undefined && adapter.disconnect !== undefined) {
      await adapter.disconnect(toReference(connection), detached())
      await markDisconnected(db, connection.id, now())
    }
    await updateLink(db, id, { removalDueAt: null })
  } catch (error) {
    log.warn(
      { provider, linkId: id, code: errorCodeOf(error) },
      'an unconfirmed connection could not be removed',
    )
  }
}
