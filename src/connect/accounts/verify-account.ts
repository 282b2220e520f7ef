import { ConflictError } from '../../domain/errors.ts'
import type { RequestContext } from '../../http/http-types.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { newestConnections, toReference } from '../../store/connections.ts'
import type { Database } from '../../store/database.ts'
import type { ConnectionRow } from '../../store/schema.ts'

/** Reads the first page of connections; throws ProviderError if the provider does not accept the credentials. */
export async function verifyCredentials(
  { adapter }: ConfiguredProvider,
  call: RequestContext,
): Promise<void> {
  for await (const _ of adapter.listConnections([], call)) break
}

/** A few: one that was removed at the provider is no evidence of another account. */
const comparedConnections = 5

/**
 * For an account that only its API key identifies: throws ConflictError if another key shows none of the connections that
 * are known. An account without connections can be any.
 */
export async function requireSameAccount(
  db: Database,
  account: ConfiguredProvider,
  call: RequestContext,
): Promise<void> {
  const known = await newestConnections(db, account.accountKey, comparedConnections)
  for (const connection of known) if (await isAt(account, connection, call)) return
  if (known.length > 0)
    throw new ConflictError(
      'INVALID_STATE',
      `The credentials belong to another account at ${account.name}, which has none of the connections of this one.`,
    )
}

/** Different accounts can have connections with the same ID if the provider numbers them. */
async function isAt({ adapter }: ConfiguredProvider, connection: ConnectionRow, call: RequestContext) {
  const found = await adapter.getConnection(toReference(connection), call)
  if (found === null || found.connectorKey !== connection.connectorKey) return false
  return found.createdAt === null || found.createdAt.getTime() === connection.createdAt.getTime()
}
