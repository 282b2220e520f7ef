import { errorCodeOf } from '../../domain/errors.ts'
import { detached } from '../../http/http-types.ts'
import { toReference } from '../../store/connections.ts'
import { deleteKeysOfEndUser } from '../../store/idempotency-keys.ts'
import {
  anonymizeConnection,
  connectionsOfEndUser,
  deleteConnection,
  deleteLinksOfEndUser,
  linksOfEndUser,
} from '../../store/retention.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { endLink } from '../links/end-link.ts'
import { revokeAtProviderInBackground } from '../links/revoke-at-provider.ts'

export interface ErasureResult {
  readonly links: number
  readonly connections: number
  /** Connections that are still at their provider: provider and its id of them. */
  readonly left: readonly string[]
}

/**
 * Forgets a person: open links end, connections are removed at their providers, and nothing here names the person any
 * more. A connection that a provider cannot remove stays listed without its owner; one that it could not remove now stays
 * as it is, so that the next attempt finds it.
 */
export async function eraseEndUser(context: ConnectContext, endUserId: string): Promise<ErasureResult> {
  const { db } = context
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
  for (const connection of connections) {
    if (!(await eraseConnection(context, connection)))
      left.push(`${connection.provider} ${connection.remoteId}`)
  }
  await deleteKeysOfEndUser(
    db,
    endUserId,
    links.map(({ id }) => id),
  )
  await deleteLinksOfEndUser(db, endUserId)
  return { links: links.length, connections: connections.length - left.length, left }
}

/** `false`: the provider still has it. */
async function eraseConnection(
  { db, providers, log }: ConnectContext,
  connection: ConnectionRow,
): Promise<boolean> {
  const provider = providers.byAccountKey(connection.accountKey)
  const isGone = connection.status === 'DISCONNECTED'
  // Its provider may be configured again when the command is repeated.
  if (!isGone && provider === undefined) return false
  if (!isGone && provider?.adapter.disconnect === undefined) {
    await anonymizeConnection(db, connection.id)
    return false
  }
  // Caught, because the others are forgotten all the same.
  try {
    const call = detached()
    if (!isGone) await provider?.adapter.disconnect?.(toReference(connection), call)
    await deleteConnection(db, connection.id)
    return true
  } catch (error) {
    log.warn(
      { provider: connection.provider, connectionId: connection.id, code: errorCodeOf(error) },
      'a connection could not be removed',
    )
    return false
  }
}
