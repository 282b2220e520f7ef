import { codeOf } from '../../domain/errors.ts'
import type { TransitionSource } from '../../domain/statuses.ts'
import type { Call } from '../../http/http-types.ts'
import type { LinkProgress, RemoteConnection } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { updateLink } from '../../store/connect-links.ts'
import { findConnectionId, markUnwanted, remoteKey, takenConnections } from '../../store/connections.ts'
import { type Database, takeTurns } from '../../store/database.ts'
import { lockLink } from '../../store/link-history.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { saveConnections } from '../../store/upsert-connections.ts'
import type { ConnectContext } from '../context.ts'
import { chooseCandidate } from './attribute-connection.ts'
import { clearAway, endLink, expireIfDue } from './end-link.ts'
import { removeUnwanted } from './remove-orphan.ts'
import { fateOfConnection, isEnded } from './status.ts'
import { moveLink } from './transition-link.ts'

export interface Settlement {
  readonly link: ConnectLinkRow
  /** What the provider says of it now. */
  readonly progress: LinkProgress
  /** What made us ask. */
  readonly source: Extract<TransitionSource, 'PROVIDER_POLL' | 'PROVIDER_WEBHOOK'>
  readonly call: Call
}

/** Brings a link to where its provider says it is. Every signal ends here: polls, webhooks, returns and reads. */
export async function settle(
  context: ConnectContext,
  provider: ConfiguredProvider,
  settlement: Settlement,
): Promise<void> {
  const { link, progress, source } = settlement
  switch (progress.kind) {
    case 'completed':
      return arrive(context, provider, { ...settlement, connection: progress.connection })
    case 'candidates':
      return settleCandidates(context, provider, { ...settlement, candidates: progress.connections })
    case 'ended':
      await endLink(context, link, { to_status: progress.status, source, reason: progress.reason })
      return
    case 'open':
      if (progress.setback !== undefined)
        await noteSetback(context, link, { source, reason: progress.setback })
      return isEnded(link.status) ? clearAway(context, link) : expireIfDue(context, link)
  }
}

async function settleCandidates(
  context: ConnectContext,
  provider: ConfiguredProvider,
  settlement: Settlement & { readonly candidates: readonly RemoteConnection[] },
): Promise<void> {
  const { link, candidates, source } = settlement
  const choice = await chooseCandidate(context.db, link, candidates)
  switch (choice.kind) {
    case 'ours':
      return arrive(context, provider, { ...settlement, connection: choice.connection })
    case 'ambiguous':
      await endLink(context, link, { to_status: 'FAILED', source, reason: 'AMBIGUOUS' })
      return
    case 'contested':
      return expireIfDue(context, link, { to_status: 'FAILED', source, reason: 'AMBIGUOUS' })
    case 'none':
      return expireIfDue(context, link)
  }
}

/** The end user got as far as trying. */
async function noteSetback(
  { db, now }: ConnectContext,
  link: ConnectLinkRow,
  { source, reason }: Pick<Settlement, 'source'> & { readonly reason: string },
): Promise<void> {
  await db
    .transaction()
    .execute((transaction) =>
      moveLink(transaction, link.id, { to_status: 'AUTHORIZING', at: now(), source, reason }),
    )
}

interface Arrival extends Settlement {
  readonly connection: RemoteConnection
}

/** The connection is there, whatever has become of the link meanwhile. */
async function arrive(
  context: ConnectContext,
  provider: ConfiguredProvider,
  arrival: Arrival,
): Promise<void> {
  const { link } = arrival
  const isUnwanted = fateOfConnection(link.status) === 'REMOVE'
  const connection = isUnwanted ? arrival.connection : await start(context, provider, arrival)
  if (connection === undefined) return
  const unwanted = await context.db
    .transaction()
    .execute((transaction) => record(transaction, context, { provider, arrival: { ...arrival, connection } }))
  context.connectionSyncs.expire(provider)
  if (unwanted !== undefined) await removeUnwanted(context, provider, { link, connection, id: unwanted })
}

/** Link, history, connection and their announcements at once. Answers the id of a connection that has to go. */
async function record(
  transaction: Database,
  { now }: ConnectContext,
  { provider, arrival }: { readonly provider: ConfiguredProvider; readonly arrival: Arrival },
): Promise<string | undefined> {
  const { connection, source } = arrival
  await takeTurns(transaction, `settle ${provider.scope}`)
  const link = await lockLink(transaction, arrival.link.id)
  if (link === undefined) return undefined
  const fate = fateOfConnection(link.status)
  const at = now()
  const origin = { provider: provider.key, scope: provider.scope, now: at }
  if (link.purpose === 'RECONNECT') {
    if (fate !== 'COMPLETE') return undefined
    // What has been learned of it since the provider was asked is newer: it may have been removed.
    const asked = { ...origin, now: arrival.link.checked_at ?? at }
    await saveConnections(transaction, asked, [{ ...connection, endUserId: link.end_user_id }])
    await moveLink(transaction, link.id, { to_status: 'COMPLETED', at, source, reason: null })
    return undefined
  }
  if (fate === 'KNOWN' || (await isTaken(transaction, link, connection))) return undefined
  const endUser = { id: link.end_user_id, name: link.end_user_name, email: link.end_user_email }
  await saveConnections(transaction, origin, [connection], { endUser, tags: link.tags, listed: true })
  const connection_id = await findConnectionId(transaction, provider.scope, connection)
  if (fate === 'COMPLETE') {
    await moveLink(transaction, link.id, { to_status: 'COMPLETED', at, source, reason: null, connection_id })
    return undefined
  }
  await updateLink(transaction, link.id, { connection_id, ...(fate === 'KEEP' && { next_check_at: null }) })
  if (fate !== 'REMOVE') return undefined
  // Until it is removed, or if it cannot be.
  await markUnwanted(transaction, connection_id, at)
  return connection_id
}

/** Another link stands for it already. */
async function isTaken(db: Database, link: ConnectLinkRow, connection: RemoteConnection): Promise<boolean> {
  const taken = await takenConnections(db, link.scope, [connection], link.id)
  return taken.has(remoteKey(connection))
}

/** The connection at work; as it is when the provider refuses to start it; nothing when another try may help. */
async function start(
  { log }: ConnectContext,
  { adapter, key }: ConfiguredProvider,
  { link, connection, call }: Arrival,
): Promise<RemoteConnection | undefined> {
  if (link.purpose === 'RECONNECT') return connection
  // Caught, because a connection that does not start is one all the same.
  try {
    return (await adapter.startConnection?.(connection, link.memo, call)) ?? connection
  } catch (error) {
    const code = codeOf(error)
    log.warn({ provider: key, linkId: link.id, code }, 'a finished connection could not be started')
    return code === 'PROVIDER_REJECTED' || code === 'PROVIDER_UNAUTHORIZED' ? connection : undefined
  }
}
