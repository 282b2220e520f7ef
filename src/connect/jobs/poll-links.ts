import { backgroundWork, type ReadCache } from '../../http/http-types.ts'
import { createSingleFlight } from '../../http/single-flight.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { releaseLeases, renewLeases } from '../../store/link-checks.ts'
import { lockLinksForPoll } from '../../store/poll-rounds.ts'
import type { ConnectContext } from '../context.ts'
import { checkLinks, checkLockMs } from '../links/check-links.ts'
import { expireOverdueLinks } from '../links/refresh-open-link.ts'
import { processWebhooks } from '../webhooks/process-webhooks.ts'
import { endOverdueHolds } from './end-holds.ts'

/** Polls providers about links that are due, and retries webhook deliveries that are not processed yet. */
export interface Poller {
  /** One round over everything that is due. */
  runOnce(): Promise<void>
  /** Starts a round every second until `stop`. */
  start(): void
  stop(): void
  /** Lets other gateway processes poll the links of this one. */
  releaseLeases(): Promise<void>
}

const intervalMs = 1_000
const linksPerRound = 50
const overdueIntervalMs = 60_000
/** Links that their end user opened, or returned from the provider, within this time are checked first ... */
const activeMs = 600_000
/** ... but not in every fourth round: however many there are, the other links are checked, and expire, too. */
const roundsPerCycle = 4

export function createPoller(context: ConnectContext): Poller {
  const { db, instanceId, leaseMs, now, providers } = context
  /** By account key. */
  const polls = new Map<string, Poll>()
  // At most one poll of an account at a time: one that hangs does not pile up.
  const polling = createSingleFlight<void>()
  let timer: NodeJS.Timeout | undefined
  let renewedAt = 0
  let overdueCheckedAt = 0

  /** Heartbeat: keeps the links of this process leased to it. */
  async function renewOwnLeases(): Promise<void> {
    const at = now().getTime()
    if (at - renewedAt < leaseMs / 3) return
    renewedAt = at
    await renewLeases(db, instanceId, new Date(at + leaseMs))
  }

  async function runOnce(): Promise<void> {
    await renewOwnLeases()
    // Deliveries after the poll, which may hold the locks of their links. Providers do not wait for each other.
    await Promise.all(
      providers.accounts.map(async (account) => {
        const { accountKey } = account
        await polling.run(accountKey, () => pollOf(accountKey)(account))
        await processWebhooks(context, [accountKey])
      }),
    )
    await expireOverdue()
  }

  function pollOf(accountKey: string): Poll {
    const poll = polls.get(accountKey) ?? createPoll(context)
    polls.set(accountKey, poll)
    return poll
  }

  async function expireOverdue(): Promise<void> {
    if (now().getTime() - overdueCheckedAt < overdueIntervalMs) return
    overdueCheckedAt = now().getTime()
    await expireOverdueLinks(context)
    await endOverdueHolds(context)
  }

  function start(): void {
    // Not awaited: a provider that hangs delays only its own links, since its poll is not started twice.
    context.background('poll open links', runOnce())
    timer = setTimeout(start, intervalMs).unref()
  }

  return {
    runOnce,
    start,
    stop: () => clearTimeout(timer),
    releaseLeases: () => releaseLeases(db, instanceId),
  }
}

/** One round over the due links of an account. The account's credentials may differ from those of the round before. */
type Poll = (account: ConfiguredProvider) => Promise<void>

/** Polls one account within its quota, and not before its Retry-After. */
function createPoll(context: ConnectContext): Poll {
  const { db, health, instanceId, now } = context
  // Token bucket: refilled at `pollsPerMinute`, at most one minute's quota.
  let tokens = Number.POSITIVE_INFINITY
  let refilledAt = now().getTime()
  let pausedUntil = 0
  let round = 0

  return async (account) => {
    const perMinute = account.capabilities.pollsPerMinute
    const at = now().getTime()
    tokens = Math.min(perMinute, tokens + ((at - refilledAt) * perMinute) / 60_000)
    refilledAt = at
    const circuit = health.circuit(account.accountKey)
    if (tokens < 1 || at < pausedUntil || circuit === 'OPEN') return
    round = (round % roundsPerCycle) + 1
    const links = await lockLinksForPoll(db, {
      accountKeys: [account.accountKey],
      now: new Date(at),
      lockExpiresAt: new Date(at + checkLockMs),
      instanceId,
      activeSince: round === roundsPerCycle ? null : new Date(at - activeMs),
      // A half-open circuit breaker lets one call pass.
      limit: circuit === 'HALF_OPEN' ? 1 : Math.min(linksPerRound, Math.floor(tokens)),
    })
    if (links.length === 0) return
    const readCache: ReadCache = new Map()
    const call = backgroundWork()
    const { pauseSeconds } = await checkLinks(context, account, {
      links,
      source: 'PROVIDER_POLL',
      call,
      readCache,
    })
    // A read that several links share counts once.
    tokens -= readCache.size
    if (pauseSeconds !== undefined) pausedUntil = now().getTime() + pauseSeconds * 1_000
  }
}
