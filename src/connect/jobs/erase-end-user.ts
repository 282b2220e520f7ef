import { codeOf } from '../../domain/errors.ts'
import { uncancelled } from '../../http/http-types.ts'
import { referenceTo } from '../../store/connections.ts'
import { forgetKeysOf } from '../../store/idempotency-keys.ts'
import {
  connectionsOfEndUser,
  disownConnection,
  forgetById,
  forgetLinksOf,
  linksOfEndUser,
} from '../../store/retention.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { endLink } from '../links/end-link.ts'
import { takeBackAtProvider } from '../links/revoke-at-provider.ts'

export interface Forgotten {
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
export async function forgetEndUser(context: ConnectContext, endUserId: string): Promise<Forgotten> {
  const { db } = context
  const links = await linksOfEndUser(db, endUserId)
  for (const link of links) {
    const hasEnded = await endLink(context, link, {
      to_status: 'REVOKED',
      source: 'API_CALL',
      reason: 'FORGOTTEN',
    })
    if (hasEnded) takeBackAtProvider(context, [link])
  }
  const connections = await connectionsOfEndUser(db, endUserId)
  const left: string[] = []
  for (const connection of connections) {
    if (!(await forgetConnection(context, connection)))
      left.push(`${connection.provider} ${connection.remote_id}`)
  }
  await forgetKeysOf(
    db,
    endUserId,
    links.map(({ id }) => id),
  )
  await forgetLinksOf(db, endUserId)
  return { links: links.length, connections: connections.length - left.length, left }
}

/** `false`: the provider still has it. */
async function forgetConnection(
  { db, providers, log }: ConnectContext,
  connection: ConnectionRow,
): Promise<boolean> {
  const provider = providers.ofScope(connection.scope)
  const isGone = connection.status === 'DISCONNECTED'
  // Its provider may be configured again when the command is repeated.
  if (!isGone && provider === undefined) return false
  if (!isGone && provider?.adapter.disconnect === undefined) {
    await disownConnection(db, connection.id)
    return false
  }
  // Caught, because the others are forgotten all the same.
  try {
    const call = uncancelled()
    if (!isGone) await provider?.adapter.disconnect?.(referenceTo(connection), call)
    await forgetById(db, connection.id)
    return true
  } catch (error) {
    log.warn(
      { provider: connection.provider, connectionId: connection.id, code: codeOf(error) },
      'a connection could not be removed',
    )
    return false
  }
}
