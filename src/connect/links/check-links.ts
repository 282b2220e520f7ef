import { GatewayError } from '../../domain/errors.ts'
import { ProviderError } from '../../domain/provider-error.ts'
import type { ReadCache, RequestContext } from '../../http/http-types.ts'
import type { LinkProgress, ProviderEvent } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { type CheckedLink, lockLinksForRead, recordChecked } from '../../store/link-checks.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { linkAttributes } from './link-attributes.ts'
import { nextCheckAt } from './poll-interval.ts'
import { type Reconciliation, reconcileLink } from './reconcile-link.ts'
import { isEnded } from './status.ts'
import { toAdapterLink } from './to-adapter-link.ts'

export interface CheckRequest extends Pick<Reconciliation, 'source' | 'call'> {
  readonly links: readonly ConnectLinkRow[]
  /** The webhook event that triggered the check. */
  readonly event?: ProviderEvent
  /** Shared by the reads of one round: its size is the number of different reads. Default: a new one. */
  readonly readCache?: ReadCache
}

/**
 * Locks one open link for a check, however recently it was checked. Returns no link if another check holds the lock or
 * the link has ended.
 */
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
  })
}

/** Lifetime of a check lock; a check that takes longer is considered lost. */
export const checkLockMs = 30_000

export interface CheckResult {
  /** The provider answered for every link, and every link was reconciled. */
  readonly isComplete: boolean
  /** How long the provider must not be called because of its rate limit; `undefined`: it is not limited. */
  readonly pauseSeconds: number | undefined
}

/**
 * Checks links that this process has locked: reads them at the provider concurrently, each resource once, and
 * reconciles them one after the other, newest first. The locks of those that are done are released together, before
 * the answer of a slower one is waited for.
 */
export async function checkLinks(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { links, source, call, event, readCache = new Map() }: CheckRequest,
): Promise<CheckResult> {
  const newestFirst = links.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
  // Only the checks share the cache: the reconciliation gets `call` without it, because its reads must not be stale.
  const cachedCall = { ...call, readCache }
  const answered = new Set<ConnectLinkRow>()
  const answers = newestFirst.map((link) =>
    context.tracing
      .run('check a connect link', { attributes: linkAttributes(link) }, () =>
        fetchProgress(context, provider, { link, call: cachedCall, event: event ?? null }),
      )
      .finally(() => answered.add(link)),
  )
  let pauseSeconds: number | undefined
  let isComplete = true
  let checked: CheckedLink[] = []
  for (const [index, link] of newestFirst.entries()) {
    if (!answered.has(link)) {
      await recordChecked(context.db, checked)
      checked = []
    }
    const answer = await answers[index]
    if (source === 'PROVIDER_POLL') context.metrics.poll(provider.key, pollOutcome(answer))
    const isReconciled =
      answer?.progress !== undefined &&
      (await reconcileOrLog(context, provider, { link, source, call, progress: answer.progress }))
    isComplete &&= isReconciled
    pauseSeconds = answer?.pauseSeconds ?? pauseSeconds
    checked.push({ link, nextCheckAt: answer === undefined ? link.nextCheckAt : next(context, link, answer) })
  }
  await recordChecked(context.db, checked)
  return { isComplete, pauseSeconds }
}

const pollOutcome = (answer: ProviderAnswer | undefined): string =>
  answer?.progress?.kind ?? (answer?.isUnsent ? 'not_sent' : 'failed')

/** The time of the next check. A link that was not checked stays due. */
function next({ now }: ConnectContext, link: ConnectLinkRow, answer: ProviderAnswer): Date | null {
  if (answer.isUnsent) return link.nextCheckAt
  const isFinal = isEnded(link.status) && answer.progress?.kind === 'ended'
  return isFinal ? null : nextCheckAt(link, now())
}

/**
 * `false`: the reconciliation failed. The error is logged, not thrown, so that the other links are still reconciled.
 */
async function reconcileOrLog(
  context: ConnectContext,
  provider: ConfiguredProvider,
  reconciliation: Reconciliation,
): Promise<boolean> {
  try {
    await reconcileLink(context, provider, reconciliation)
    return true
  } catch (err) {
    const fields = { err, provider: provider.key, linkId: reconciliation.link.id }
    context.log.error(fields, 'a link could not be reconciled')
    return false
  }
}

interface ProviderAnswer {
  /** Absent: the provider could not be read, and the link stays as it is until the next check. */
  readonly progress?: LinkProgress
  readonly pauseSeconds?: number
  /** The circuit breaker of the account is open. */
  readonly isUnsent?: true
}

async function fetchProgress(
  { log, catalogue }: ConnectContext,
  provider: ConfiguredProvider,
  {
    link,
    call,
    event,
  }: { readonly link: ConnectLinkRow; readonly call: RequestContext; readonly event: ProviderEvent | null },
): Promise<ProviderAnswer> {
  try {
    const connectorName = catalogue.connectorOf(link)?.name ?? null
    return {
      progress: await provider.adapter.checkLink({ ...toAdapterLink(link, connectorName), event }, call),
    }
  } catch (error) {
    if (error instanceof ProviderError && error.notSent) return { isUnsent: true }
    const cause = error instanceof GatewayError ? { code: error.code } : { err: error }
    const fields = { provider: provider.key, linkId: link.id, ...cause }
    if (!call.signal.aborted) log.warn(fields, 'a link could not be checked')
    const isLimited = error instanceof ProviderError && error.code === 'PROVIDER_RATE_LIMITED'
    return isLimited ? { pauseSeconds: error.retryAfterSeconds ?? 60 } : {}
  }
}
