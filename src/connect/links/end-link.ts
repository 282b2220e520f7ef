import { errorCodeOf } from '../../domain/errors.ts'
import { operation } from '../../http/http-types.ts'
import { updateLink } from '../../store/connect-links.ts'
import { deletePendingConnection, showPendingConnection } from '../../store/connections.ts'
import { lockLink } from '../../store/link-history.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { rejectHeldConnection, removeUnconfirmed } from './hold.ts'
import { revokeAtProviderInBackground } from './revoke-at-provider.ts'
import { type TransitionRequest, transitionLockedLink } from './transition-link.ts'

export type EndTransition = Omit<TransitionRequest, 'at' | 'connectionId'>

/**
 * Ends an open link without a connection. Its pending connection becomes visible in the list until it is removed at the
 * provider; a held one is removed too. `false`: the link had ended already, or it is held and only a call or the end of
 * its hold can end it.
 */
export async function endLink(
  context: ConnectContext,
  link: ConnectLinkRow,
  end: EndTransition,
): Promise<boolean> {
  const before = await context.db.transaction().execute(async (transaction) => {
    const at = context.now()
    const locked = await lockLink(transaction, link.id)
    if (locked === undefined || (locked.heldUntil !== null && !endsHold(end))) return undefined
    if (!(await transitionLockedLink(transaction, locked, { ...end, at }))) return undefined
    if (locked.heldUntil !== null) await rejectHeldConnection(transaction, locked, at)
    else if (pendingConnectionId(locked) !== null)
      await showPendingConnection(transaction, locked.accountKey, locked.remoteConnectionId ?? '')
    return locked
  })
  if (before === undefined) return false
  await (before.heldUntil === null ? removePendingConnection : removeUnconfirmed)(context, before)
  return true
}

/** What the provider reports, and `expiresAt`, do not end a held link: its connection exists. */
const endsHold = ({ source, failure }: EndTransition): boolean =>
  source === 'API_CALL' || failure?.code === 'NOT_CONFIRMED'

/** Ends a link whose `expiresAt` has passed, but only after a later check: a completion in the last second counts. */
export async function expireIfDue(
  context: ConnectContext,
  link: ConnectLinkRow,
  end: EndTransition = { toStatus: 'EXPIRED', source: 'TIMEOUT', reason: null },
): Promise<void> {
  const lastCheckedAt = link.checkedAt ?? context.now()
  if (link.expiresAt === null || link.expiresAt > lastCheckedAt) return
  const isUsableAtProvider = link.watchUntil !== null && link.watchUntil > context.now()
  if ((await endLink(context, link, end)) && isUsableAtProvider) revokeAtProviderInBackground(context, [link])
}

/**
 * Retries the clean-up of an ended link that failed because its provider could not be reached: revokes the link there
 * and removes its pending connection.
 */
export async function cleanUpEndedLink(context: ConnectContext, link: ConnectLinkRow): Promise<void> {
  if (link.revokedAtProvider === null) revokeAtProviderInBackground(context, [link])
  await removePendingConnection(context, link)
}

/**
 * Remote id of the connection that the provider created for the link before authorization; `null`: there is none.
 * Always `null` for a reconnect: a connection that is only renewed is never removed.
 */
const pendingConnectionId = ({ purpose, remoteConnectionId: remoteId }: ConnectLinkRow) =>
  purpose === 'CONNECT' ? remoteId : null

/**
 * Removes the pending connection at the provider, after reading that it was never completed: the end user may have
 * completed it after the last check. If this fails, it stays in the list, visible to every caller, and the next check
 * of the link retries.
 */
async function removePendingConnection(context: ConnectContext, link: ConnectLinkRow): Promise<void> {
  const { db, providers, log, now } = context
  const { accountKey, direction, connectorKey } = link
  const remoteId = pendingConnectionId(link)
  const provider = providers.byAccountKey(accountKey)
  if (remoteId === null || provider?.adapter.disconnect === undefined) return
  // Not the caller's signal: the connection would stay if the caller disconnects.
  const call = operation()
  const reference = { remoteId, direction, connectorKey }
  // Caught, because the link has ended whether or not its provider can be reached.
  try {
    const current = await provider.adapter.getConnection(reference, call)
    // Completed in the meantime: the next check records the connection, and the link keeps its status.
    if (current !== null && current.status !== 'PENDING')
      return updateLink(db, link.id, { nextCheckAt: now() })
    if (current !== null) await provider.adapter.disconnect(reference, call)
    await deletePendingConnection(db, accountKey, remoteId)
    await updateLink(db, link.id, { nextCheckAt: null })
  } catch (error) {
    log.warn(
      { provider: provider.key, linkId: link.id, code: errorCodeOf(error) },
      'a pending connection could not be removed',
    )
  }
}
