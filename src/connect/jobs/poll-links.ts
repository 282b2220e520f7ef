import { detached, type ReadCache } from '../../http/http-types.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { lockLinksForPoll, releaseLeases, renewLeases } from '../../store/link-checks.ts'
import type { ConnectContext } from '../context.ts'
import { checkLinks, checkLockMs } from '../links/check-links.ts'
import { expireOverdueLinks } from '../links/refresh-open-link.ts'
import { processWebhooks } from '../webhooks/process-webhooks.ts'

/** Looks after the links that are open, and after deliveries that were not handled at once. */
export interface Poller {
  /** Asks once about everything that is due. */
  runOnce(): Promise<void>
  /** Goes round by itself until `stop`. */
  start(): void
  stop(): void
  /** Leaves its links to other gateways. */
  releaseLeases(): Promise<void>
}

const pauseMs = 1_000
const linksPerRound = 50
const overdueEveryMs = 60_000

export function createPoller(context: ConnectContext): Poller {
  const { db, instanceId, leaseMs, now } = context
  const polls = new Map(
    context.providers.configured.map((provider) => [provider, createPoll(context, provider)]),
  )
  let timer: NodeJS.Timeout | undefined
  let renewedAt = 0
  let overdueAt = 0

  /** A gateway that is alive keeps its links. */
  async function renew(): Promise<void> {
    const at = now().getTime()
    if (at - renewedAt < leaseMs / 3) return
    renewedAt = at
    await renewLeases(db, instanceId, new Date(at + leaseMs))
  }

  async function round(): Promise<void> {
    await renew()
    // Deliveries after the polls, which may have links in hand; those of one provider do not wait for another one.
    await Promise.all(
      [...polls].map(async ([{ accountKey }, poll]) => {
        await poll()
        await processWebhooks(context, [accountKey])
      }),
    )
    await endOverdue()
  }

  async function endOverdue(): Promise<void> {
    if (now().getTime() - overdueAt < overdueEveryMs) return
    overdueAt = now().getTime()
    await expireOverdueLinks(context)
  }

  function goRound(): void {
    // A provider that hangs holds up its own links only: a poll under way is not begun again.
    context.background('looking after the open links', round())
    timer = setTimeout(goRound, pauseMs).unref()
  }

  return {
    runOnce: round,
    start: goRound,
    stop: () => clearTimeout(timer),
    releaseLeases: () => releaseLeases(db, instanceId),
  }
}

/** One provider's polls: at most one at a time, inside its quota, and not while it wants to be left alone. */
function createPoll(context: ConnectContext, provider: ConfiguredProvider): () => Promise<void> {
  const { db, instanceId, now } = context
  const perMinute = provider.capabilities.pollsPerMinute
  let allowance = perMinute
  let refilledAt = now().getTime()
  let quietUntil = 0
  let underWay: Promise<void> | undefined

  async function poll(): Promise<void> {
    const at = now().getTime()
    allowance = Math.min(perMinute, allowance + ((at - refilledAt) * perMinute) / 60_000)
    refilledAt = at
    if (allowance < 1 || at < quietUntil) return
    const links = await lockLinksForPoll(db, {
      accountKeys: [provider.accountKey],
      now: new Date(at),
      lockExpiresAt: new Date(at + checkLockMs),
      instanceId,
      limit: Math.min(linksPerRound, Math.floor(allowance)),
    })
    if (links.length === 0) return
    const reads: ReadCache = new Map()
    const call = detached()
    const { pauseSeconds } = await checkLinks(context, provider, {
      links,
      source: 'PROVIDER_POLL',
      call,
      readCache: reads,
    })
    // What several links ask for alike was one read.
    allowance -= reads.size
    if (pauseSeconds !== undefined) quietUntil = now().getTime() + pauseSeconds * 1_000
  }

  return () => {
    underWay ??= poll().finally(() => {
      underWay = undefined
    })
    return underWay
  }
}
