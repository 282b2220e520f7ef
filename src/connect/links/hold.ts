import type { TransitionSource } from '../../domain/statuses.ts'
import { updateLink } from '../../store/connect-links.ts'
import { toReference } from '../../store/connections.ts'
import type { Database } from '../../store/database.ts'
import { recordTransition } from '../../store/link-history.ts'
import { findAnyConnection, markUnconfirmed, setVisible } from '../../store/link-holds.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { removeConnection } from './remove-orphan.ts'

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
export async function removeUnconfirmed(context: ConnectContext, link: ConnectLinkRow): Promise<void> {
  const { db, providers } = context
  const provider = providers.byAccountKey(link.accountKey)
  if (provider === undefined) return
  const row = link.connectionId === null ? undefined : await findAnyConnection(db, link.connectionId)
  const isOver =
    row === undefined ||
    provider.adapter.disconnect === undefined ||
    (await removeConnection(context, provider, { link, connection: toReference(row), id: row.id }))
  if (isOver) await updateLink(db, link.id, { removalDueAt: null })
}
