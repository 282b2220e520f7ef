import { setTimeout as sleep } from 'node:timers/promises'
import { operation, type RequestContext } from '../../http/http-types.ts'
import { findLinkByToken, findLinks, recordReturn } from '../../store/connect-links.ts'
import { hashToken } from '../../store/encryption.ts'
import { recordBrowser } from '../../store/link-browsers.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { checkLinks, lockLinkForCheck } from './check-links.ts'
import { isEnded } from './status.ts'
import { recordFailedAttempt, transitionLink } from './transition-link.ts'

export interface ProviderReturn {
  readonly token: string
  /** Which of the two return URLs the provider redirected to; untrusted, like everything that a browser sends. */
  readonly path: 'success' | 'error'
  /** The browser's cookie for a link with the guard SAME_BROWSER; `null` for other links. */
  readonly browserToken: string | null
}

/** Pauses before each check: the provider's API may lag behind its page. */
const pausesMs = { success: [0, 500, 1_000, 1_500], error: [0, 500] } as const

/**
 * Handles the return of the end user's browser from the provider. The return alone neither completes nor fails the
 * link: the provider is polled for at most a few seconds. Returns the link as it is then; `undefined`: there is no such
 * link.
 */
export async function handleReturn(
  context: ConnectContext,
  { token, path, browserToken }: ProviderReturn,
  signal: AbortSignal,
): Promise<ConnectLinkRow | undefined> {
  const { db, maxWaitMs } = context
  const link = await findLinkByToken(db, 'returnTokenHash', hashToken(token))
  if (link === undefined) return undefined
  await saveReturn(context, link, { path, browserToken })
  if (isEnded(link.status) || link.heldUntil !== null) return link
  const timeout = AbortSignal.timeout(maxWaitMs)
  const pollSignal = AbortSignal.any([signal, timeout])
  let current: ConnectLinkRow = link
  for (const pauseMs of pausesMs[path]) {
    await sleep(Math.min(pauseMs, maxWaitMs))
    await checkUnlessLocked(context, current, operation(pollSignal))
    current = (await findLinks(db, [link.id]))[0] ?? current
    if (isEnded(current.status) || current.heldUntil !== null || timeout.aborted) break
  }
  if (path === 'success' || isEnded(current.status) || current.heldUntil !== null) return current
  await recordFailure(context, link)
  return (await findLinks(db, [link.id]))[0] ?? current
}

/** Also of an ended link, whose provider link was used after its end. */
async function saveReturn(
  { db, now }: ConnectContext,
  { id }: ConnectLinkRow,
  { path, browserToken }: Pick<ProviderReturn, 'path' | 'browserToken'>,
): Promise<void> {
  const at = now()
  const isSuccess = path === 'success'
  await db.transaction().execute(async (transaction) => {
    if (isSuccess)
      await transitionLink(transaction, id, { toStatus: 'AUTHORIZING', at, source, reason: null })
    await recordReturn(transaction, id, { at, isSuccess })
    if (browserToken !== null)
      await recordBrowser(transaction, { linkId: id, browserHash: hashToken(browserToken), returnedAt: at })
  })
}

const source = 'BROWSER_RETURN'

/** Last, because the provider may have reported the reason meanwhile; the return itself has none. */
async function recordFailure({ db, now }: ConnectContext, { id }: ConnectLinkRow): Promise<void> {
  const failure = { code: 'UNKNOWN', message: null } as const
  await db
    .transaction()
    .execute((transaction) => recordFailedAttempt(transaction, id, { at: now(), source, failure }))
}

/** Does nothing while another check holds the lock: its result is in the store a moment later. */
async function checkUnlessLocked(
  context: ConnectContext,
  { id, accountKey }: ConnectLinkRow,
  call: RequestContext,
): Promise<void> {
  const provider = context.providers.byAccountKey(accountKey)
  if (provider === undefined) return
  const links = await lockLinkForCheck(context, id, accountKey)
  await checkLinks(context, provider, { links, source: 'PROVIDER_POLL', call })
}
