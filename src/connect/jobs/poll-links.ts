import { type SharedReads, uncancelled } from '../../http/http-types.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { releaseLeases, renewLeases, takeLinksToPoll } from '../../store/link-checks.ts'
import type { ConnectContext } from '../context.ts'
import { busyMs, checkLinks } from '../links/check-links.ts'
import { expireOverdue } from '../links/refresh-open-link.ts'
import { handleDeliveries } from '../webhooks/process-webhooks.ts'

/** Looks after the links that are open, and after deliveries that were not handled at once. */
export interface Poller {
  /** Asks once about everything that is due. */
  round(): Promise<void>
  /** Goes round by itself until `stop`. */
  start(): void
  stop(): void
  /** Leaves its links to other gateways. */
  leave(): Promise<void>
}

const pauseMs = 1_000
const linksPerRound = 50
const overdueEveryMs = 60_000

export function createPoller(context: ConnectContext): Poller {
  const { db, gatewayId, leaseMs, now } = context
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
    await renewLeases(db, gatewayId, new Date(at + leaseMs))
  }

  async function round(): Promise<void> {
    await renew()
    // Deliveries after the polls, which may have links in hand; those of one provider do not wait for another one.
    await Promise.all(
      [...polls].map(async ([{ scope }, poll]) => {
        await poll()
        await handleDeliveries(context, [scope])
      }),
    )
    await endOverdue()
  }

  async function endOverdue(): Promise<void> {
    if (now().getTime() - overdueAt < overdueEveryMs) return
    overdueAt = now().getTime()
    await expireOverdue(context)
  }

  function goRound(): void {
    // A provider that hangs holds up its own links only: a poll under way is not begun again.
    context.inBackground('looking after the open links', round())
    timer = setTimeout(goRound, pauseMs).unref()
  }

  return {
    round,
    start: goRound,
    stop: () => clearTimeout(timer),
    leave: () => releaseLeases(db, gatewayId),
  }
}

/** One provider's polls: at most one at a time, inside its quota, and not while it wants to be left alone. */
function createPoll(context: ConnectContext, provider: ConfiguredProvider): () => Promise<void> {
  const { db, gatewayId, now } = context
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
    const links = await takeLinksToPoll(db, {
      scopes: [provider.scope],
      now: new Date(at),
      busyUntil: new Date(at + busyMs),
      gateway: gatewayId,
      limit: Math.min(linksPerRound, Math.floor(allowance)),
    })
    if (links.length === 0) return
    const reads: SharedReads = new Map()
    const call = uncancelled()
    const { pauseSeconds } = await checkLinks(context, provider, {
      links,
      source: 'PROVIDER_POLL',
      call,
      reads,
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
