import type { Viewer } from '../../domain/viewer.ts'
import { findLinks } from '../../store/connect-links.ts'
import type { Database } from '../../store/database.ts'
import { findTransitions } from '../../store/link-history.ts'
import type { ConnectLinkRow, LinkTransitionRow } from '../../store/schema.ts'
import { accessKey, canReadLink, isEndUser, readAs } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'
import type { LinkTransitionEvent } from '../events.ts'
import { oncePerEvent } from '../util/once-per-event.ts'
import { unlessAborted, whenAvailable } from '../util/when-available.ts'
import { isEnded } from './status.ts'

/** A link as it was after one entry of its history. Only an AUTHORIZING one is held. */
export interface LinkSnapshot extends ConnectLinkRow {
  /** Number of that entry, from 1. */
  readonly historyNumber: number
  /** The whole history, which can be longer. */
  readonly history: readonly LinkTransitionRow[]
}

/**
 * Yields the current state first, then every transition once and in order; ends after the final one. Yields nothing if
 * there is no such link. All watchers of a transition with the same access get the same object.
 */
export async function* watchLink(
  context: ConnectContext,
  viewer: Viewer,
  { linkId, signal }: { readonly linkId: string; readonly signal: AbortSignal },
): AsyncGenerator<LinkSnapshot> {
  // Subscribed before the current state is read, so that a transition in between is not missed.
  const events = context.events.linkTransitions(linkId, signal)
  try {
    let last = (await unlessAborted(readRestricted({ context, viewer }, { linkId }), signal))?.at(-1)
    if (last) yield last
    while (last && !isEnded(last.status)) {
      const { done, value: event } = await events.next()
      if (done === true) return
      const sent = last.historyNumber
      if (event.number <= sent) continue
      const snapshots = await unlessAborted(readAccessible(context, viewer, event), signal)
      if (snapshots === undefined || snapshots.length === 0) return
      for (const snapshot of snapshots.filter(({ historyNumber }) => historyNumber > sent)) {
        last = snapshot
        yield snapshot
      }
    }
  } finally {
    await events.return?.()
  }
}

/** Yields every transition of every link that the viewer may read, from now on. */
export async function* watchLinks(
  context: ConnectContext,
  viewer: Viewer,
  signal: AbortSignal,
): AsyncGenerator<LinkSnapshot> {
  const sent = new Map<string, number>()
  const startedAt = context.now()
  for await (const event of context.events.linkTransitions(null, signal)) {
    const last = sent.get(event.linkId)
    if (last !== undefined && event.number <= last) continue
    const snapshots = (await unlessAborted(readAccessible(context, viewer, event), signal)) ?? []
    for (const snapshot of snapshots) {
      if (snapshot.historyNumber <= (last ?? event.number - 1)) continue
      if (event.isReplayed && last === undefined && snapshot.statusChangedAt < startedAt) continue
      remember(sent, snapshot)
      yield snapshot
    }
  }
}

/** Bounds the memory for deduplication: the links that were sent most recently. */
const rememberedLinks = 10_000

function remember(sent: Map<string, number>, { id, historyNumber: step }: LinkSnapshot): void {
  sent.delete(id)
  sent.set(id, step)
  const [oldest] = sent.keys()
  if (sent.size > rememberedLinks && oldest !== undefined) sent.delete(oldest)
}

/** The link as of each entry of its history, in order; empty if there is no such link. */
async function readSnapshots(
  db: Database,
  { linkId }: Pick<LinkTransitionEvent, 'linkId'>,
): Promise<readonly LinkSnapshot[]> {
  // The history is read first: then the link is at least as new as its last entry.
  const history = await findTransitions(db, [linkId])
  const [link] = await findLinks(db, [linkId])
  return link === undefined ? [] : history.map((transition) => snapshotAt(link, history, transition))
}

const readSnapshotsOnce = oncePerEvent(({ db, shutdownSignal }: ConnectContext, event: LinkTransitionEvent) =>
  whenAvailable(() => readSnapshots(db, event), shutdownSignal),
)

interface RestrictedRead {
  readonly context: ConnectContext
  readonly viewer: Viewer
}

/** The same under the restrictions of the database; empty if the caller may not read the link. */
async function readRestricted(
  { context, viewer }: RestrictedRead,
  link: Pick<LinkTransitionEvent, 'linkId'>,
): Promise<readonly LinkSnapshot[]> {
  const snapshots = await whenAvailable(
    () => readAs(context.db, viewer, (db) => readSnapshots(db, link)),
    context.shutdownSignal,
  )
  return snapshots.filter((snapshot) => canReadLink(viewer, snapshot))
}

const readRestrictedOnce = oncePerEvent(readRestricted, ({ viewer }: RestrictedRead) => accessKey(viewer))

/** Read once for all subscribers, and if it is accessible once more for the sessions with this access. */
async function readAccessible(
  context: ConnectContext,
  viewer: Viewer,
  event: LinkTransitionEvent,
): Promise<readonly LinkSnapshot[]> {
  const snapshots = (await readSnapshotsOnce(context, event)).filter((one) => canReadLink(viewer, one))
  return snapshots.length === 0 || !isEndUser(viewer)
    ? snapshots
    : readRestrictedOnce({ context, viewer }, event)
}

/** For a CONNECT link, `connectionId` is `null` before the transition that ended it. */
function snapshotAt(
  link: ConnectLinkRow,
  history: readonly LinkTransitionRow[],
  { number, toStatus, at }: LinkTransitionRow,
): LinkSnapshot {
  const isBefore = link.purpose === 'CONNECT' && !isEnded(toStatus)
  return {
    ...link,
    history,
    historyNumber: number,
    status: toStatus,
    statusChangedAt: at,
    heldUntil: toStatus === 'AUTHORIZING' ? link.heldUntil : null,
    connectionId: isBefore ? null : link.connectionId,
  }
}
