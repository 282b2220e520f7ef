import type { LinkFailure } from '../../domain/statuses.ts'
import type { RemoteConnection } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { clearOwner, findStoredCandidates, remoteKey, type StoredCandidate } from '../../store/connections.ts'
import { advisoryLock, type Database } from '../../store/database.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { upsertConnections } from '../../store/upsert-connections.ts'
import { isSameConnector } from '../catalogue/same-connector.ts'
import type { ConnectContext } from '../context.ts'
import { readOrigin } from './read-origin.ts'
import { removeConnection } from './remove-orphan.ts'

/**
 * Whether a connection is of the connector and direction of the link. End users can edit the address of a provider's
 * page, and with it what they connect there.
 */
export const isOfLink = (
  { catalogue }: Pick<ConnectContext, 'catalogue'>,
  link: ConnectLinkRow,
  { connectorKey, direction }: RemoteConnection,
): boolean =>
  direction === link.direction && isSameConnector(catalogue, link, [link.connectorKey, connectorKey])

/** The link stays open: its end user can connect the right account. */
export const otherConnector: LinkFailure = {
  code: 'OTHER_CONNECTOR',
  message: 'An account of another connector than that of the link was connected.',
}

/**
 * Takes a connection of another connector that was made through the link from its end user and removes it at the
 * provider; one that cannot be removed is listed without an end user. One that the link cannot have made is not changed.
 */
export async function rejectConnection(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { link, connection }: { readonly link: ConnectLinkRow; readonly connection: RemoteConnection },
): Promise<void> {
  // The connection of a reconnect link existed before.
  if (link.purpose === 'RECONNECT') return
  const id = await context.db
    .transaction()
    .execute((transaction) => saveWithoutOwner(transaction, context, { provider, link, connection }))
  context.connectionSyncs.invalidate(provider)
  if (id !== undefined) await removeConnection(context, provider, { link, connection, id })
}

interface Rejection {
  readonly provider: ConfiguredProvider
  readonly link: ConnectLinkRow
  readonly connection: RemoteConnection
}

/** Returns the ID of the row; `undefined`: the link has not made the connection. */
async function saveWithoutOwner(
  transaction: Database,
  context: ConnectContext,
  { provider, link, connection }: Rejection,
): Promise<string | undefined> {
  await advisoryLock(transaction, `settle ${provider.accountKey}`)
  const stored = (await findStoredCandidates(transaction, link, [connection])).get(remoteKey(connection))
  if (!isMadeByLink(context, link, { connection, stored })) return undefined
  const origin = readOrigin(provider, context.now())
  const [saved] = await upsertConnections(transaction, origin, [{ ...connection, endUserId: null }])
  const id = saved?.id ?? stored?.id
  if (id !== undefined) await clearOwner(transaction, id)
  return id
}

/** The provider reports it for the link, but an end user who edits its page may have it report an older connection. */
function isMadeByLink(
  { clocks, now }: ConnectContext,
  link: ConnectLinkRow,
  {
    connection,
    stored,
  }: { readonly connection: RemoteConnection; readonly stored: StoredCandidate | undefined },
): boolean {
  // Created together with the link, before it was authorized.
  if (link.remoteConnectionId === connection.remoteId) return true
  if (stored?.isClaimed) return false
  const isOwned = stored !== undefined && stored.endUserId !== null
  const isNamedOnly = stored?.ownerEvidence === 'PROVIDER' && stored.endUserId === link.endUserId
  if (isOwned && !isNamedOnly) return false
  const made = connection.createdAt && clocks.toGatewayTime(link.accountKey, connection.createdAt)
  return (made?.latest ?? stored?.createdAt ?? now()) >= link.createdAt
}
