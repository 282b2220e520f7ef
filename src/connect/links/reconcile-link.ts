import { errorCodeOf } from '../../domain/errors.ts'
import type { TransitionSource } from '../../domain/statuses.ts'
import type { RequestContext } from '../../http/http-types.ts'
import type { LinkProgress, RemoteConnection } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { updateLink } from '../../store/connect-links.ts'
import { claimedConnections, findConnectionId, markOrphaned, remoteKey } from '../../store/connections.ts'
import { advisoryLock, type Database } from '../../store/database.ts'
import { lockLink } from '../../store/link-history.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { upsertConnections } from '../../store/upsert-connections.ts'
import type { ConnectContext } from '../context.ts'
import { attributeConnection } from './attribute-connection.ts'
import { cleanUpEndedLink, endLink, expireIfDue } from './end-link.ts'
import { removeOrphan } from './remove-orphan.ts'
import { completionEffect, isEnded } from './status.ts'
import { transitionLink } from './transition-link.ts'

export interface Reconciliation {
  readonly link: ConnectLinkRow
  /** What the provider says of it now. */
  readonly progress: LinkProgress
  /** What made us ask. */
  readonly source: Extract<TransitionSource, 'PROVIDER_POLL' | 'PROVIDER_WEBHOOK'>
  readonly call: RequestContext
}

/** Brings a link to where its provider says it is. Every signal ends here: polls, webhooks, returns and reads. */
export async function reconcileLink(
  context: ConnectContext,
  provider: ConfiguredProvider,
  settlement: Reconciliation,
): Promise<void> {
  const { link, progress, source } = settlement
  switch (progress.kind) {
    case 'completed':
      return complete(context, provider, { ...settlement, connection: progress.connection })
    case 'candidates':
      return reconcileCandidates(context, provider, { ...settlement, candidates: progress.connections })
    case 'ended':
      await endLink(context, link, { toStatus: progress.status, source, reason: progress.reason })
      return
    case 'open':
      if (progress.setback !== undefined)
        await recordFailedAttempt(context, link, { source, reason: progress.setback })
      return isEnded(link.status) ? cleanUpEndedLink(context, link) : expireIfDue(context, link)
  }
}

async function reconcileCandidates(
  context: ConnectContext,
  provider: ConfiguredProvider,
  settlement: Reconciliation & { readonly candidates: readonly RemoteConnection[] },
): Promise<void> {
  const { link, candidates, source } = settlement
  const choice = await attributeConnection(context.db, link, candidates)
  switch (choice.kind) {
    case 'ours':
      return complete(context, provider, { ...settlement, connection: choice.connection })
    case 'ambiguous':
      await endLink(context, link, { toStatus: 'FAILED', source, reason: 'AMBIGUOUS' })
      return
    case 'contested':
      return expireIfDue(context, link, { toStatus: 'FAILED', source, reason: 'AMBIGUOUS' })
    case 'none':
      return expireIfDue(context, link)
  }
}

/** The end user got as far as trying. */
async function recordFailedAttempt(
  { db, now }: ConnectContext,
  link: ConnectLinkRow,
  { source, reason }: Pick<Reconciliation, 'source'> & { readonly reason: string },
): Promise<void> {
  await db
    .transaction()
    .execute((transaction) =>
      transitionLink(transaction, link.id, { toStatus: 'AUTHORIZING', at: now(), source, reason }),
    )
}

interface Completion extends Reconciliation {
  readonly connection: RemoteConnection
}

/** The connection is there, whatever has become of the link meanwhile. */
async function complete(
  context: ConnectContext,
  provider: ConfiguredProvider,
  arrival: Completion,
): Promise<void> {
  const { link } = arrival
  const isUnwanted = completionEffect(link.status) === 'REMOVE'
  const connection = isUnwanted ? arrival.connection : await startConnection(context, provider, arrival)
  if (connection === undefined) return
  const unwanted = await context.db
    .transaction()
    .execute((transaction) =>
      recordCompletion(transaction, context, { provider, arrival: { ...arrival, connection } }),
    )
  context.connectionSyncs.invalidate(provider)
  if (unwanted !== undefined) await removeOrphan(context, provider, { link, connection, id: unwanted })
}

/** Link, history, connection and their announcements at once. Answers the id of a connection that has to go. */
async function recordCompletion(
  transaction: Database,
  { now }: ConnectContext,
  { provider, arrival }: { readonly provider: ConfiguredProvider; readonly arrival: Completion },
): Promise<string | undefined> {
  const { connection, source } = arrival
  await advisoryLock(transaction, `settle ${provider.accountKey}`)
  const link = await lockLink(transaction, arrival.link.id)
  if (link === undefined) return undefined
  const fate = completionEffect(link.status)
  const at = now()
  const origin = { provider: provider.key, accountKey: provider.accountKey, now: at }
  if (link.purpose === 'RECONNECT') {
    if (fate !== 'COMPLETE') return undefined
    // What has been learned of it since the provider was asked is newer: it may have been removed.
    const asked = { ...origin, now: arrival.link.checkedAt ?? at }
    await upsertConnections(transaction, asked, [{ ...connection, endUserId: link.endUserId }])
    await transitionLink(transaction, link.id, { toStatus: 'COMPLETED', at, source, reason: null })
    return undefined
  }
  if (fate === 'KNOWN' || (await isClaimedByOtherLink(transaction, link, connection))) return undefined
  const endUser = { id: link.endUserId, name: link.endUserName, email: link.endUserEmail }
  await upsertConnections(transaction, origin, [connection], { endUser, tags: link.tags, visible: true })
  const connectionId = await findConnectionId(transaction, provider.accountKey, connection)
  if (fate === 'COMPLETE') {
    await transitionLink(transaction, link.id, {
      toStatus: 'COMPLETED',
      at,
      source,
      reason: null,
      connectionId,
    })
    return undefined
  }
  await updateLink(transaction, link.id, { connectionId, ...(fate === 'KEEP' && { nextCheckAt: null }) })
  if (fate !== 'REMOVE') return undefined
  // Until it is removed, or if it cannot be.
  await markOrphaned(transaction, connectionId, at)
  return connectionId
}

/** Another link stands for it already. */
async function isClaimedByOtherLink(
  db: Database,
  link: ConnectLinkRow,
  connection: RemoteConnection,
): Promise<boolean> {
  const taken = await claimedConnections(db, link.accountKey, [connection], link.id)
  return taken.has(remoteKey(connection))
}

/** The connection at work; as it is when the provider refuses to start it; nothing when another try may help. */
async function startConnection(
  { log }: ConnectContext,
  { adapter, key }: ConfiguredProvider,
  { link, connection, call }: Completion,
): Promise<RemoteConnection | undefined> {
  if (link.purpose === 'RECONNECT') return connection
  // Caught, because a connection that does not start is one all the same.
  try {
    return (await adapter.startConnection?.(connection, link.providerState, call)) ?? connection
  } catch (error) {
    const code = errorCodeOf(error)
    log.warn({ provider: key, linkId: link.id, code }, 'a finished connection could not be started')
    return code === 'PROVIDER_REJECTED' || code === 'PROVIDER_UNAUTHORIZED' ? connection : undefined
  }
}
