import { setTimeout as sleep } from 'node:timers/promises'
import type { RequestContext } from '../../http/http-types.ts'
import { findLinkByToken, findLinks, updateLink } from '../../store/connect-links.ts'
import { hashToken } from '../../store/encryption.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { checkLinks, lockLinkForCheck } from './check-links.ts'
import { isEnded } from './status.ts'
import { transitionLink } from './transition-link.ts'

export interface ProviderReturn {
  readonly token: string
  /** Which of the two addresses the provider chose; it is believed as little as the rest of a browser's words. */
  readonly path: 'success' | 'error'
}

/** After which pauses the provider is asked again, while its answer lags behind its page. */
const pausesMs = { success: [0, 500, 1_000, 1_500], error: [0, 500] } as const

/**
 * The end user's browser is back from the provider. That alone ends a link neither way: the provider is asked, for at most
 * a few seconds, and the link is answered as it stands then. `undefined`: there is no such link.
 */
export async function handleReturn(
  context: ConnectContext,
  { token, path }: ProviderReturn,
  call: RequestContext,
): Promise<ConnectLinkRow | undefined> {
  const { db, now, maxWaitMs } = context
  const link = await findLinkByToken(db, 'returnTokenHash', hashToken(token))
  if (link === undefined) return undefined
  if (isEnded(link.status)) return recordLateReturn(context, link)
  const step = { toStatus: 'AUTHORIZING', at: now(), source: 'BROWSER_RETURN', reason: null } as const
  await db.transaction().execute((transaction) => transitionLink(transaction, link.id, step))
  const giveUp = AbortSignal.timeout(maxWaitMs)
  const reading = { signal: AbortSignal.any([call.signal, giveUp]) }
  let present: ConnectLinkRow = link
  for (const pauseMs of pausesMs[path]) {
    await sleep(Math.min(pauseMs, maxWaitMs))
    await ask(context, present, reading)
    present = (await findLinks(db, [link.id]))[0] ?? present
    if (isEnded(present.status) || giveUp.aborted) break
  }
  return present
}

/** Somebody went through the provider's link although ours had ended: what came of it is looked at next. */
async function recordLateReturn({ db, now }: ConnectContext, link: ConnectLinkRow): Promise<ConnectLinkRow> {
  if (link.nextCheckAt !== null) await updateLink(db, link.id, { nextCheckAt: now() })
  return link
}

/** Somebody else may be asking at the moment; what they hear is in the store a moment later. */
async function ask(
  context: ConnectContext,
  { id, accountKey }: ConnectLinkRow,
  call: RequestContext,
): Promise<void> {
  const provider = context.providers.byAccountKey(accountKey)
  if (provider === undefined) return
  const links = await lockLinkForCheck(context, id, accountKey)
  await checkLinks(context, provider, { links, source: 'PROVIDER_POLL', call })
}
