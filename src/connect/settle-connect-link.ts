import { GatewayError } from '../errors.ts'
import type { Call } from '../http/client.ts'
import type { LinkProgress, RemoteConnection } from '../providers/provider.ts'
import type { ConfiguredProvider } from '../providers/provider-set.ts'
import { moveLink, openRivals } from '../store/connect-links.ts'
import {
  findConnectionId,
  forgetConnection,
  listHalfMade,
  remoteKey,
  saveConnections,
  takenConnections,
} from '../store/connections.ts'
import { takeTurns } from '../store/database.ts'
import type { ConnectLinkRow, TransitionSource } from '../store/schema.ts'
import type { ConnectContext } from './context.ts'

export interface Settlement {
  readonly link: ConnectLinkRow
  readonly progress: LinkProgress
  readonly call: Call
}

/** Brings a link to where its provider says it is. */
export async function settle(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { link, progress, call }: Settlement,
): Promise<void> {
  switch (progress.kind) {
    case 'completed':
      return complete(context, provider, { link, connection: progress.connection, call })
    case 'candidates':
      return settleCandidates(context, provider, { link, candidates: progress.connections, call })
    case 'ended':
      return end(context, link, {
        to_status: progress.status,
        source: 'PROVIDER_POLL',
        reason: progress.reason,
      })
    case 'open':
      return expireIfDue(context, link)
  }
}

/** Nothing is guessed: a connection goes to a link only when no other person's link could have made it. */
async function settleCandidates(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { link, candidates, call }: { link: ConnectLinkRow; candidates: readonly RemoteConnection[]; call: Call },
): Promise<void> {
  const taken = await takenConnections(context.db, link.scope, candidates)
  const [connection, ...others] = candidates.filter((candidate) => !taken.has(remoteKey(candidate)))
  if (connection === undefined) return expireIfDue(context, link)
  if (others.length > 0) {
    return end(context, link, { to_status: 'FAILED', source: 'PROVIDER_POLL', reason: 'AMBIGUOUS' })
  }
  const isNamed = connection.endUserId === link.end_user_id
  const rivals = isNamed ? [] : await openRivals(context.db, link)
  const isContested = rivals.some(
    (rival) => rival.end_user_id !== link.end_user_id && couldHaveMade(rival, connection),
  )
  if (isContested) return expireIfDue(context, link)
  return complete(context, provider, { link, connection, call })
}

/** Clocks of two houses differ; a link made well after a connection had no part in it. */
const skewMs = 60_000

const couldHaveMade = (link: ConnectLinkRow, { createdAt }: RemoteConnection) =>
  createdAt === null || link.created_at.getTime() <= createdAt.getTime() + skewMs

async function complete(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { link, connection, call }: { link: ConnectLinkRow; connection: RemoteConnection; call: Call },
): Promise<void> {
  const started = await start(context, provider, { link, connection, call })
  if (started === undefined) return
  const now = context.now()
  const origin = { provider: provider.key, scope: provider.scope, now }
  const endUser = { id: link.end_user_id, name: link.end_user_name, email: link.end_user_email }
  await context.db.transaction().execute(async (transaction) => {
    await takeTurns(transaction, `settle ${provider.scope}`)
    const taken = await takenConnections(transaction, link.scope, [started])
    if (taken.has(remoteKey(started))) return
    await saveConnections(transaction, origin, [started], { endUser, tags: link.tags, listed: true })
    const connectionId = await findConnectionId(transaction, provider.scope, started)
    await moveLink(transaction, link.id, {
      to_status: 'COMPLETED',
      at: now,
      source: 'PROVIDER_POLL',
      reason: null,
      connection_id: connectionId,
    })
  })
  context.connectionSyncs.expire(provider)
}

/** The connection at work; as it is when the provider refuses to start it; nothing when another try may help. */
async function start(
  { log }: ConnectContext,
  { adapter, key }: ConfiguredProvider,
  { link, connection, call }: { link: ConnectLinkRow; connection: RemoteConnection; call: Call },
): Promise<RemoteConnection | undefined> {
  try {
    return (await adapter.startConnection?.(connection, link.memo, call)) ?? connection
  } catch (error) {
    const code = error instanceof GatewayError ? error.code : undefined
    log.warn({ provider: key, linkId: link.id, code }, 'a finished connection could not be started')
    return code === 'PROVIDER_REJECTED' || code === 'PROVIDER_UNAUTHORIZED' ? connection : undefined
  }
}

interface End {
  readonly to_status: 'FAILED' | 'EXPIRED' | 'REVOKED'
  readonly source: TransitionSource
  readonly reason: string | null
}

/** Ends a link without a connection; what was half made for it must not stay behind unseen. */
async function end(context: ConnectContext, link: ConnectLinkRow, how: End): Promise<void> {
  const hasEnded = await context.db.transaction().execute(async (transaction) => {
    const moved = await moveLink(transaction, link.id, { ...how, at: context.now() })
    if (moved && link.remote_connection_id !== null) {
      await listHalfMade(transaction, link.scope, link.remote_connection_id)
    }
    return moved
  })
  if (hasEnded) await removeHalfMade(context, link)
}

/**
 * Removes it at the provider, after seeing that it was never finished: the end user may have come later than anybody
 * read the link. Where that fails it stays in the list, for everybody to see.
 */
async function removeHalfMade(
  { db, providers, log }: ConnectContext,
  { scope, remote_connection_id: remoteId, direction, connector_key: connectorKey, id }: ConnectLinkRow,
): Promise<void> {
  const provider = providers.configured.find((configured) => configured.scope === scope)
  if (remoteId === null || provider?.adapter.disconnect === undefined) return
  try {
    // Not the reader's signal: it may leave, and the connection would stay.
    const call = { signal: new AbortController().signal }
    const reference = { remoteId, direction, connectorKey }
    const present = await provider.adapter.getConnection(reference, call)
    if (present !== null && present.status !== 'PENDING') return
    if (present !== null) await provider.adapter.disconnect(reference, call)
    await forgetConnection(db, scope, remoteId)
  } catch (error) {
    const code = error instanceof GatewayError ? error.code : undefined
    log.warn({ provider: provider.key, linkId: id, code }, 'a half-made connection could not be removed')
  }
}

/** Only after the provider was asked once more: what was finished in the last second counts. */
export async function expireIfDue(context: ConnectContext, link: ConnectLinkRow): Promise<void> {
  if (link.expires_at === null || link.expires_at > context.now()) return
  await end(context, link, { to_status: 'EXPIRED', source: 'GATEWAY_CLOCK', reason: null })
}
