import type { Viewer } from '../../domain/viewer.ts'
import { findLinks } from '../../store/connect-links.ts'
import { historyAfter } from '../../store/link-history.ts'
import type { ConnectLinkRow, LinkTransitionRow } from '../../store/schema.ts'
import { canAccess } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'
import { isEnded } from './status.ts'

/** A link as it was after one step of its history. */
export interface LinkSnapshot extends ConnectLinkRow {
  readonly step: number
}

/** The present state first, then every step once and in order; ends after the last one. Nothing at all: no such link. */
export async function* watchLink(
  context: ConnectContext,
  viewer: Viewer,
  { linkId, signal }: { readonly linkId: string; readonly signal: AbortSignal },
): AsyncGenerator<LinkSnapshot> {
  // Heard from here on, so that a step taken while the present is read is not missed.
  const steps = context.events.linkSteps(linkId, signal)
  try {
    const known = (await historyAfter(context.db, linkId, 0)).at(-1)
    let last = known && (await snapshotAt(context, viewer, known))
    if (last) yield last
    while (last && !isEnded(last.status)) {
      if ((await steps.next()).done === true) return
      for (const step of await historyAfter(context.db, linkId, last.step)) {
        last = await snapshotAt(context, viewer, step)
        if (last === undefined) return
        yield last
      }
    }
  } finally {
    await steps.return?.()
  }
}

/** Every step of every link that the caller may see, from now on. */
export async function* watchLinks(
  context: ConnectContext,
  viewer: Viewer,
  signal: AbortSignal,
): AsyncGenerator<LinkSnapshot> {
  const sent = new Map<string, number>()
  const startedAt = context.now()
  for await (const { linkId, number, isReplayed } of context.events.linkSteps(null, signal)) {
    const last = sent.get(linkId)
    for (const step of await historyAfter(context.db, linkId, last ?? number - 1)) {
      if (isReplayed && last === undefined && step.at < startedAt) continue
      const link = await snapshotAt(context, viewer, step)
      if (link === undefined) break
      remember(sent, link)
      yield link
    }
  }
}

/** Enough to tell repetitions apart without keeping every link for ever. */
const rememberedLinks = 10_000

function remember(sent: Map<string, number>, { id, step }: LinkSnapshot): void {
  sent.delete(id)
  sent.set(id, step)
  const [oldest] = sent.keys()
  if (sent.size > rememberedLinks && oldest !== undefined) sent.delete(oldest)
}

/** The link as of that step, for a caller who may see it. Its connection shows only with the step that brought it. */
async function snapshotAt(
  { db }: ConnectContext,
  viewer: Viewer,
  { linkId, number, toStatus }: LinkTransitionRow,
): Promise<LinkSnapshot | undefined> {
  const [link] = await findLinks(db, [linkId])
  if (link === undefined || !canAccess(viewer, link.endUserId)) return undefined
  const isBefore = link.purpose === 'CONNECT' && !isEnded(toStatus)
  return { ...link, step: number, status: toStatus, connectionId: isBefore ? null : link.connectionId }
}
