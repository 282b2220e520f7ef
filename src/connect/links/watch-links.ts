import type { Viewer } from '../../domain/viewer.ts'
import { findLinks } from '../../store/connect-links.ts'
import { findTransitionsAfter } from '../../store/link-history.ts'
import type { ConnectLinkRow, LinkTransitionRow } from '../../store/schema.ts'
import { canAccess } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'
import { isEnded } from './status.ts'

/** A link as it was after one entry of its history. */
export interface LinkSnapshot extends ConnectLinkRow {
  /** Number of that entry, from 1. */
  readonly historyNumber: number
}

/**
 * Yields the current state first, then every transition once and in order; ends after the final one. Yields nothing if
 * there is no such link.
 */
export async function* watchLink(
  context: ConnectContext,
  viewer: Viewer,
  { linkId, signal }: { readonly linkId: string; readonly signal: AbortSignal },
): AsyncGenerator<LinkSnapshot> {
  // Subscribed before the current state is read, so that a transition in between is not missed.
  const events = context.events.linkTransitions(linkId, signal)
  try {
    const latest = (await findTransitionsAfter(context.db, linkId, 0)).at(-1)
    let last = latest && (await snapshotAt(context, viewer, latest))
    if (last) yield last
    while (last && !isEnded(last.status)) {
      if ((await events.next()).done === true) return
      for (const transition of await findTransitionsAfter(context.db, linkId, last.historyNumber)) {
        last = await snapshotAt(context, viewer, transition)
        if (last === undefined) return
        yield last
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
  for await (const { linkId, number, isReplayed } of context.events.linkTransitions(null, signal)) {
    const last = sent.get(linkId)
    for (const transition of await findTransitionsAfter(context.db, linkId, last ?? number - 1)) {
      if (isReplayed && last === undefined && transition.at < startedAt) continue
      const link = await snapshotAt(context, viewer, transition)
      if (link === undefined) break
      remember(sent, link)
      yield link
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

/**
 * The link as of that transition; `undefined`: the viewer may not read it. For a CONNECT link, `connectionId` is
 * `null` before the transition that ended it.
 */
async function snapshotAt(
  { db }: ConnectContext,
  viewer: Viewer,
  { linkId, number, toStatus }: LinkTransitionRow,
): Promise<LinkSnapshot | undefined> {
  const [link] = await findLinks(db, [linkId])
  if (link === undefined || !canAccess(viewer, link.endUserId)) return undefined
  const isBefore = link.purpose === 'CONNECT' && !isEnded(toStatus)
  return {
    ...link,
    historyNumber: number,
    status: toStatus,
    connectionId: isBefore ? null : link.connectionId,
  }
}
