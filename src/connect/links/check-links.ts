import { GatewayError, ProviderError } from '../../domain/errors.ts'
import type { Call, SharedReads } from '../../http/http-types.ts'
import type { LinkProgress, ProviderNews } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { noteChecked, takeLinksToRead } from '../../store/link-checks.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { nextCheckAt } from './poll-interval.ts'
import { type Settlement, settle } from './reconcile-link.ts'
import { isEnded } from './status.ts'
import { toOpenLink } from './to-adapter-link.ts'

export interface Check extends Pick<Settlement, 'source' | 'call'> {
  readonly links: readonly ConnectLinkRow[]
  /** What the provider has just reported about them. */
  readonly news?: ProviderNews
  /** Where the questions of one round are noted. */
  readonly reads?: SharedReads
}

/** Takes one open link, however lately it was asked about; nothing: it is being asked about, or has ended. */
export function takeLinkNow(
  { db, now }: ConnectContext,
  linkId: string,
  scope: string,
): Promise<readonly ConnectLinkRow[]> {
  const at = now()
  return takeLinksToRead(db, {
    scopes: [scope],
    now: at,
    busyUntil: new Date(at.getTime() + busyMs),
    notSince: new Date(at.getTime() + 1),
    limit: 1,
    linkId,
    endUserId: null,
  })
}

/** How long a question to a provider may be under way; then it is taken to have been lost. */
export const busyMs = 30_000

export interface Checked {
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
  { links, source, call, news, reads = new Map() }: Check,
): Promise<Checked> {
  const newestFirst = links.toSorted((a, b) => b.created_at.getTime() - a.created_at.getTime())
  // Only the questions share what they read; what is done afterwards reads anew.
  const shared = { ...call, reads }
  const answers = newestFirst.map((link) =>
    ask(context, provider, { link, call: shared, news: news ?? null }),
  )
  let pauseSeconds: number | undefined
  let isComplete = true
  for (const [index, link] of newestFirst.entries()) {
    const answer = await answers[index]
    const isSettled =
      answer?.progress !== undefined &&
      (await settleOne(context, provider, { link, source, call, progress: answer.progress }))
    isComplete &&= isSettled
    pauseSeconds = answer?.pauseSeconds ?? pauseSeconds
    const isOver = isEnded(link.status) && answer?.progress?.kind === 'ended'
    await noteChecked(context.db, link, isOver ? null : nextCheckAt(link, context.now()))
  }
  return { isComplete, pauseSeconds }
}

/** One link that cannot be settled is a matter for the log; it must not hide the others. */
async function settleOne(
  context: ConnectContext,
  provider: ConfiguredProvider,
  settlement: Settlement,
): Promise<boolean> {
  try {
    await settle(context, provider, settlement)
    return true
  } catch (err) {
    const line = { err, provider: provider.key, linkId: settlement.link.id }
    context.log.error(line, 'a link could not be settled')
    return false
  }
}

interface Answer {
  /** Absent: a provider in trouble leaves the link as it is until it is asked again. */
  readonly progress?: LinkProgress
  readonly pauseSeconds?: number
}

async function ask(
  { log, catalogue }: ConnectContext,
  provider: ConfiguredProvider,
  {
    link,
    call,
    news,
  }: { readonly link: ConnectLinkRow; readonly call: Call; readonly news: ProviderNews | null },
): Promise<Answer> {
  try {
    const connectorName = catalogue.get(provider.key, link.connector_key)?.name ?? null
    return { progress: await provider.adapter.checkLink({ ...toOpenLink(link, connectorName), news }, call) }
  } catch (error) {
    const known = error instanceof GatewayError ? { code: error.code } : { err: error }
    const line = { provider: provider.key, linkId: link.id, ...known }
    if (!call.signal.aborted) log.warn(line, 'a link could not be checked')
    const isLimited = error instanceof ProviderError && error.code === 'PROVIDER_RATE_LIMITED'
    return isLimited ? { pauseSeconds: error.retryAfterSeconds ?? 60 } : {}
  }
}
