import type { LinkFailure, OwnerEvidence, TransitionSource } from '../../domain/statuses.ts'
import type { RequestContext } from '../../http/http-types.ts'
import type { LinkProgress, RemoteConnection } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { updateLink } from '../../store/connect-links.ts'
import { claimedConnections, markOrphaned, remoteKey } from '../../store/connections.ts'
import { advisoryLock, type Database } from '../../store/database.ts'
import { endUserOfLink, organizationOf } from '../../store/end-user-columns.ts'
import { lockLink } from '../../store/link-history.ts'
import { markUnconfirmed } from '../../store/link-holds.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { upsertConnections } from '../../store/upsert-connections.ts'
import type { ConnectContext } from '../context.ts'
import { attributeConnection } from './attribute-connection.ts'
import { cleanUpEndedLink, endLink, expireIfDue } from './end-link.ts'
import { holdConnection } from './hold.ts'
import { readOrigin } from './read-origin.ts'
import { isOfLink, otherConnector, rejectConnection } from './reject-connection.ts'
import { removeOrphan } from './remove-orphan.ts'
import { revokeAtProviderInBackground } from './revoke-at-provider.ts'
import { startConnection } from './start-connection.ts'
import { completionEffect, isEnded } from './status.ts'
import { measureCompletion, recordFailedAttempt, transitionLockedLink } from './transition-link.ts'

export interface Reconciliation {
  readonly link: ConnectLinkRow
  /** The provider's current answer about the link. */
  readonly progress: LinkProgress
  /** What triggered the check. */
  readonly source: Extract<TransitionSource, 'PROVIDER_POLL' | 'PROVIDER_WEBHOOK'>
  readonly call: RequestContext
}

/** Applies the provider's answer to a link. Every signal is handled here: polls, webhooks, returns and reads. */
export async function reconcileLink(
  context: ConnectContext,
  provider: ConfiguredProvider,
  reconciliation: Reconciliation,
): Promise<void> {
  const { link, progress, source } = reconciliation
  switch (progress.kind) {
    case 'completed':
      return complete(context, provider, {
        ...reconciliation,
        connection: progress.connection,
        evidence: 'LINK',
      })
    case 'candidates':
      return reconcileCandidates(context, provider, { ...reconciliation, candidates: progress.connections })
    case 'ended': {
      const failure = progress.status === 'FAILED' ? progress.failure : undefined
      await endLink(context, link, { toStatus: progress.status, source, reason: progress.reason, failure })
      return
    }
    case 'open':
      if (progress.failedAttempt !== undefined)
        await saveFailedAttempt(context, link, { source, failure: progress.failedAttempt })
      return isEnded(link.status) ? cleanUpEndedLink(context, link) : expireIfDue(context, link)
  }
}

async function reconcileCandidates(
  context: ConnectContext,
  provider: ConfiguredProvider,
  reconciliation: Reconciliation & { readonly candidates: readonly RemoteConnection[] },
): Promise<void> {
  const { link, source } = reconciliation
  const candidates = reconciliation.candidates.filter((candidate) => isOfLink(context, link, candidate))
  const attribution = await attributeConnection(context, link, candidates)
  if (attribution.kind === 'attributed')
    return complete(context, provider, { ...reconciliation, ...attribution })
  if (attribution.kind === 'ambiguous') await saveFailedAttempt(context, link, { source, failure: ambiguous })
  return expireIfDue(context, link)
}

/** The link stays open: it completes when an API key assigns the connection to its end user. */
const ambiguous: LinkFailure = {
  code: 'AMBIGUOUS',
  message: 'Several new connections may be the one that was made through this link.',
}

async function saveFailedAttempt(
  { db, now }: ConnectContext,
  { id }: ConnectLinkRow,
  { source, failure }: Pick<Reconciliation, 'source'> & { readonly failure: LinkFailure },
): Promise<void> {
  await db
    .transaction()
    .execute((transaction) => recordFailedAttempt(transaction, id, { at: now(), source, failure }))
}

interface Completion extends Reconciliation {
  readonly connection: RemoteConnection
  readonly evidence: OwnerEvidence
}

/** Handles a completed connection, whatever the status of the link is by now. */
async function complete(
  context: ConnectContext,
  provider: ConfiguredProvider,
  completion: Completion,
): Promise<void> {
  const { link, source } = completion
  if (!isOfLink(context, link, completion.connection)) {
    await saveFailedAttempt(context, link, { source, failure: otherConnector })
    return rejectConnection(context, provider, completion)
  }
  const isOrphan = completionEffect(link) === 'REMOVE'
  // A held connection is started when it is released.
  const connection =
    isOrphan || link.guard !== 'NONE'
      ? completion.connection
      : await startConnection(context, provider, completion)
  if (connection === undefined) return
  const orphanId = await context.db
    .transaction()
    .execute((transaction) =>
      recordCompletion(transaction, context, { provider, completion: { ...completion, connection } }),
    )
  context.connectionSyncs.invalidate(provider)
  // A provider's link may be usable again after a success: the connection of another visitor must not be made through it.
  if (!isOrphan) revokeAtProviderInBackground(context, [link])
  if (orphanId !== undefined) await removeOrphan(context, provider, { link, connection, id: orphanId })
}

/**
 * Writes link, history and connection in one transaction, so that their notifications are sent together. Returns the id
 * of a connection that has to be removed.
 */
async function recordCompletion(
  transaction: Database,
  context: ConnectContext,
  { provider, completion }: { readonly provider: ConfiguredProvider; readonly completion: Completion },
): Promise<string | undefined> {
  const { connection, source, evidence } = completion
  await advisoryLock(transaction, `settle ${provider.accountKey}`)
  const link = await lockLink(transaction, completion.link.id)
  if (link === undefined || link.heldUntil !== null) return undefined
  const effect = completionEffect(link)
  const at = context.now()
  const origin = readOrigin(provider, at)
  if (link.purpose === 'RECONNECT') {
    if (effect !== 'COMPLETE') return undefined
    // Dated at the check, so that later reads win: they may have found the connection removed.
    const checkedAt = completion.link.checkedAt ?? at
    // The organization is that of the link too, not that of the account.
    const organization = organizationOf(link)
    const checkOrigin = { ...origin, now: checkedAt, ownerEvidence: evidence, organization }
    await upsertConnections(transaction, checkOrigin, [{ ...connection, endUserId: link.endUserId }])
    if (link.connectionId !== null)
      await completeOrHold(transaction, context, link, { at, source, connectionId: link.connectionId })
    return undefined
  }
  if (effect === 'KNOWN' || (await isClaimedByOtherLink(transaction, link, connection))) return undefined
  const isToBeHeld = effect === 'COMPLETE' && link.guard !== 'NONE'
  const owner = {
    endUser: endUserOfLink(link),
    ownedBy: link.owner,
    evidence,
    tags: link.tags,
    visible: !isToBeHeld,
  }
  const [saved] = await upsertConnections(transaction, origin, [connection], owner)
  if (saved === undefined) throw new Error('an upsert with an owner returns its row')
  const connectionId = saved.id
  if (effect === 'COMPLETE') {
    await completeOrHold(transaction, context, link, { at, source, connectionId })
    return undefined
  }
  await updateLink(transaction, link.id, { connectionId, ...(effect === 'KEEP' && { nextCheckAt: null }) })
  if (effect !== 'REMOVE') return undefined
  // Marked before the removal, which may fail or be unsupported.
  await (link.guard === 'NONE' ? markOrphaned : markUnconfirmed)(transaction, connectionId, at)
  return connectionId
}

/** Every completion gets here: no signal gives a connection to the end user of a link whose guard is not satisfied. */
async function completeOrHold(
  transaction: Database,
  context: ConnectContext,
  link: ConnectLinkRow,
  completion: { readonly at: Date; readonly source: TransitionSource; readonly connectionId: string },
): Promise<void> {
  if (link.guard !== 'NONE') return holdConnection(transaction, link, completion)
  const { connectionId, ...step } = completion
  const completed = { ...step, toStatus: 'COMPLETED', reason: null, connectionId } as const
  if (await transitionLockedLink(transaction, link, completed)) measureCompletion(context, link, step.at)
}

async function isClaimedByOtherLink(
  db: Database,
  link: ConnectLinkRow,
  connection: RemoteConnection,
): Promise<boolean> {
  const claimed = await claimedConnections(db, link.accountKey, [connection], link.id)
  return claimed.has(remoteKey(connection))
}
