import { createSingleFlight } from '../../http/single-flight.ts'
import { releaseLeases, renewLeases } from '../../store/link-checks.ts'
import type { ConnectContext } from '../context.ts'
import { expireOverdueLinks } from '../links/refresh-open-link.ts'
import { processWebhooks } from '../webhooks/process-webhooks.ts'
import { endOverdueHolds } from './end-holds.ts'
import { type AccountPoll, createAccountPoll } from './poll-account.ts'

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
const overdueIntervalMs = 60_000

export function createPoller(context: ConnectContext): Poller {
  const { db, instanceId, leaseMs, now, providers } = context
  /** By account key. */
  const polls = new Map<string, AccountPoll>()
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

  function pollOf(accountKey: string): AccountPoll {
    const poll = polls.get(accountKey) ?? createAccountPoll(context)
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
