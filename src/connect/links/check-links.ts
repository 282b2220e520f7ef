import { GatewayError, ProviderError } from '../../domain/errors.ts'
import type { ReadCache, RequestContext } from '../../http/http-types.ts'
import type { LinkProgress, ProviderEvent } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { lockLinksForRead, recordChecked } from '../../store/link-checks.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { nextCheckAt } from './poll-interval.ts'
import { type Reconciliation, reconcileLink } from './reconcile-link.ts'
import { isEnded } from './status.ts'
import { toAdapterLink } from './to-adapter-link.ts'

export interface CheckRequest extends Pick<Reconciliation, 'source' | 'call'> {
  readonly links: readonly ConnectLinkRow[]
  /** What the provider has just reported about them. */
  readonly event?: ProviderEvent
  /** Where the questions of one round are noted. */
  readonly readCache?: ReadCache
}

/** Takes one open link, however lately it was asked about; nothing: it is being asked about, or has ended. */
export function lockLinkForCheck(
  { db, now }: ConnectContext,
  linkId: string,
  accountKey: string,
): Promise<readonly ConnectLinkRow[]> {
  const at = now()
  return lockLinksForRead(db, {
    accountKeys: [accountKey],
    now: at,
    lockExpiresAt: new Date(at.getTime() + checkLockMs),
    checkedBefore: new Date(at.getTime() + 1),
    limit: 1,
    linkId,
    endUserId: null,
  })
}

/** How long a question to a provider may be under way; then it is taken to have been lost. */
export const checkLockMs = 30_000

export interface CheckResult {
  /** Every link was answered, and settled accordingly. */
  readonly isComplete: boolean
  /** How long the provider wants to be left alone. */
  readonly pauseSeconds: number | undefined
}

/**
 * Asks a provider about links that this process has taken, all at once and each thing once, and settles them one after the
 * other, the newest first.
 */
export async function checkLinks(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { links, source, call, event, readCache = new Map() }: CheckRequest,
): Promise<CheckResult> {
  const newestFirst = links.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
  // Only the questions share what they read; what is done afterwards reads anew.
  const shared = { ...call, readCache }
  const answers = newestFirst.map((link) =>
    fetchProgress(context, provider, { link, call: shared, news: event ?? null }),
  )
  let pauseSeconds: number | undefined
  let isComplete = true
  for (const [index, link] of newestFirst.entries()) {
    const answer = await answers[index]
    const isSettled =
      answer?.progress !== undefined &&
      (await reconcileOne(context, provider, { link, source, call, progress: answer.progress }))
    isComplete &&= isSettled
    pauseSeconds = answer?.pauseSeconds ?? pauseSeconds
    const isOver = isEnded(link.status) && answer?.progress?.kind === 'ended'
    await recordChecked(context.db, link, isOver ? null : nextCheckAt(link, context.now()))
  }
  return { isComplete, pauseSeconds }
}

/** One link that cannot be settled is a matter for the log; it must not hide the others. */
async function reconcileOne(
  context: ConnectContext,
  provider: ConfiguredProvider,
  settlement: Reconciliation,
): Promise<boolean> {
  try {
    await reconcileLink(context, provider, settlement)
    return true
  } catch (err) {
    const line = { err, provider: provider.key, linkId: settlement.link.id }
    context.log.error(line, 'a link could not be settled')
    return false
  }
}

interface ProviderAnswer {
  /** Absent: a provider in trouble leaves the link as it is until it is asked again. */
  readonly progress?: LinkProgress
  readonly pauseSeconds?: number
}

async function fetchProgress(
  { log, catalogue }: ConnectContext,
  provider: ConfiguredProvider,
  {
    link,
    call,
    news,
  }: { readonly link: ConnectLinkRow; readonly call: RequestContext; readonly news: ProviderEvent | null },
): Promise<ProviderAnswer> {
  try {
    const connectorName = catalogue.get(provider.key, link.connectorKey)?.name ?? null
    return {
      progress: await provider.adapter.checkLink(
        { ...toAdapterLink(link, connectorName), event: news },
        call,
      ),
    }
  } catch (error) {
    const known = error instanceof GatewayError ? { code: error.code } : { err: error }
    const line = { provider: provider.key, linkId: link.id, ...known }
    if (!call.signal.aborted) log.warn(line, 'a link could not be checked')
    const isLimited = error instanceof ProviderError && error.code === 'PROVIDER_RATE_LIMITED'
    return isLimited ? { pauseSeconds: error.retryAfterSeconds ?? 60 } : {}
  }
}
