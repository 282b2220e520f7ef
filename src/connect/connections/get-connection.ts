import { ConflictError, NotFoundError, UnsupportedError } from '../../domain/errors.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { findConnections } from '../../store/connection-list.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import { canReadConnection, isEndUser, readAs, requireChangeAccess } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'

/**
 * Throws ConflictError if the caller is a session and nothing shows that the connection belongs to its end user: a change
 * could affect the connection of another end user.
 */
export function requireOwnership(viewer: Viewer, { ownerEvidence }: ConnectionRow): void {
  if (isEndUser(viewer) && ownerEvidence === 'INFERRED')
    throw new ConflictError(
      'INVALID_STATE',
      'It is not certain that the connection belongs to this end user: an API key has to confirm it with assignConnection.',
    )
}

/**
 * A connection that the caller is about to change, with its provider. Throws NotFoundError if it does not exist or the
 * caller may not read it, ForbiddenError if the caller may only read it, UnsupportedError if its provider or account is not configured.
 */
export async function getConnectionOrThrow(
  { db, providers }: ConnectContext,
  viewer: Viewer,
  connectionId: string,
): Promise<{ readonly connection: ConnectionRow; readonly provider: ConfiguredProvider }> {
  const { accountKeys } = providers
  const [connection] = await readAs(db, viewer, (reader) =>
    findConnections(reader, accountKeys, [connectionId]),
  )
  if (connection === undefined || !canReadConnection(viewer, connection)) {
    throw new NotFoundError('There is no such connection.')
  }
  requireChangeAccess(viewer, connection)
  const provider = providers.byAccountKey(connection.accountKey)
  if (provider !== undefined) return { connection, provider }
  const { key } = providers.getConfigured(connection.provider)
  throw new UnsupportedError(
    key,
    'The connection belongs to an account that is no longer configured.',
    'PROVIDER_NOT_CONFIGURED',
  )
}
