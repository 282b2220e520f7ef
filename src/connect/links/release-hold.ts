import { ProviderError } from '../../domain/provider-error.ts'
import { operation } from '../../http/http-types.ts'
import type { RemoteConnection } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { toReference } from '../../store/connections.ts'
import { advisoryLock, type Database } from '../../store/database.ts'
import { lockLink, type Transition } from '../../store/link-history.ts'
import { findAnyConnection, setVisible } from '../../store/link-holds.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { upsertConnections } from '../../store/upsert-connections.ts'
import type { ConnectContext } from '../context.ts'
import { readOrigin } from './read-origin.ts'
import { startConnection } from './start-connection.ts'
import { isHeld } from './status.ts'
import { measureCompletion, transitionLockedLink } from './transition-link.ts'

export interface Release extends Pick<Transition, 'source' | 'reason'> {
  /** Checked again while the link is locked. */
  readonly isAllowed?: (transaction: Database) => Promise<boolean>
}

/**
 * Gives the held connection to the end user of the link, which completes. `false`: it is not held any more, or it is not
 * allowed. Throws ProviderError if the connection has to be started at the provider and that may succeed later; it then
 * stays held.
 */
export async function releaseHeldConnection(
  context: ConnectContext,
  link: ConnectLinkRow,
  { isAllowed, ...step }: Release,
): Promise<boolean> {
  const { db, providers, connectionSyncs, now } = context
  const provider = providers.byAccountKey(link.accountKey)
  const startedAt = now()
  const started = provider && (await startHeld(context, provider, link))
  const isReleased = await db.transaction().execute(async (transaction) => {
    await advisoryLock(transaction, `settle ${link.accountKey}`)
    const locked = await lockLink(transaction, link.id)
    const at = now()
    if (locked === undefined || !isHeld(locked, at) || locked.connectionId === null) return false
    if (isAllowed !== undefined && !(await isAllowed(transaction))) return false
    if (provider && started) await upsertConnections(transaction, readOrigin(provider, startedAt), [started])
    await setVisible(transaction, locked.connectionId, { visible: true, at })
    const isCompleted = await transitionLockedLink(transaction, locked, {
      ...step,
      toStatus: 'COMPLETED',
      at,
    })
    if (isCompleted) measureCompletion(context, locked, at)
    return isCompleted
  })
  if (provider) connectionSyncs.invalidate(provider)
  return isReleased
}

/** Reads and starts the connection, if its provider does not start it by itself; `undefined`: nothing was started. */
async function startHeld(
  context: ConnectContext,
  provider: ConfiguredProvider,
  link: ConnectLinkRow,
): Promise<RemoteConnection | undefined> {
  const { adapter, key } = provider
  if (adapter.startConnection === undefined || link.purpose === 'RECONNECT' || link.connectionId === null)
    return undefined
  const row = await findAnyConnection(context.db, link.connectionId)
  const call = operation()
  const connection = row && (await adapter.getConnection(toReference(row), call))
  // One that was removed at the provider is found by the next sync.
  if (connection == null) return undefined
  const started = await startConnection(context, provider, { link, connection, call })
  if (started !== undefined) return started
  throw new ProviderError(key, 'PROVIDER_UNAVAILABLE', 'The connection could not be started. Try again.')
}
