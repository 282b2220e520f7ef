import { setTimeout as sleep } from 'node:timers/promises'
import type { Call } from '../../http/http-types.ts'
import { findLinkByToken, findLinks, updateLink } from '../../store/connect-links.ts'
import { hashToken } from '../../store/encryption.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { checkLinks, takeLinkNow } from './check-links.ts'
import { isEnded } from './status.ts'
import { moveLink } from './transition-link.ts'

export interface Return {
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
export async function returnFromProvider(
  context: ConnectContext,
  { token, path }: Return,
  call: Call,
): Promise<ConnectLinkRow | undefined> {
  const { db, now, patienceMs } = context
  const link = await findLinkByToken(db, 'return_token_hash', hashToken(token))
  if (link === undefined) return undefined
  if (isEnded(link.status)) return noteLateReturn(context, link)
  const step = { to_status: 'AUTHORIZING', at: now(), source: 'BROWSER_RETURN', reason: null } as const
  await db.transaction().execute((transaction) => moveLink(transaction, link.id, step))
  const giveUp = AbortSignal.timeout(patienceMs)
  const reading = { signal: AbortSignal.any([call.signal, giveUp]) }
  let present: ConnectLinkRow = link
  for (const pauseMs of pausesMs[path]) {
    await sleep(Math.min(pauseMs, patienceMs))
    await ask(context, present, reading)
    present = (await findLinks(db, [link.id]))[0] ?? present
    if (isEnded(present.status) || giveUp.aborted) break
  }
  return present
}

/** Somebody went through the provider's link although ours had ended: what came of it is looked at next. */
async function noteLateReturn({ db, now }: ConnectContext, link: ConnectLinkRow): Promise<ConnectLinkRow> {
  if (link.next_check_at !== null) await updateLink(db, link.id, { next_check_at: now() })
  return link
}

/** Somebody else may be asking at the moment; what they hear is in the store a moment later. */
async function ask(context: ConnectContext, { id, scope }: ConnectLinkRow, call: Call): Promise<void> {
  const provider = context.providers.ofScope(scope)
  if (provider === undefined) return
  const links = await takeLinkNow(context, id, scope)
  await checkLinks(context, provider, { links, source: 'PROVIDER_POLL', call })
}
