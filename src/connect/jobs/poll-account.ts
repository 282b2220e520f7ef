import { backgroundWork, type ReadCache } from '../../http/http-types.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { lockDueLinks, lockLinksForPoll, type PollLockRequest } from '../../store/poll-rounds.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { checkLinks, checkLockMs } from '../links/check-links.ts'
import { createListReads } from './list-reads.ts'
import { createPollBudget } from './poll-budget.ts'

/** One round over the due links of an account. The account's credentials may differ from those of the round before. */
export type AccountPoll = (account: ConfiguredProvider) => Promise<void>

interface LockedLinks {
  readonly active: readonly ConnectLinkRow[]
  readonly other: readonly ConnectLinkRow[]
}

/** Of each kind, active ones and others. */
const linksPerRound = 50
/** Links that their end user opened, or returned from the provider, within this time have a quota of their own. */
const activeMs = 600_000
/** With more other links due than the quota allows, they are looked for less often than every second. */
const backlogIntervalMs = 5_000

/** Polls one account within its quota, and not before its Retry-After. */
export function createAccountPoll(context: ConnectContext): AccountPoll {
  const { db, health, instanceId, now, tracing } = context
  const budget = createPollBudget(now())
  const listReads = createListReads(context, { budget, check: checkIds })
  let pausedUntil = 0
  let othersAt = 0

  /** Checks locked links. Reads that several links share count once. */
  async function check(account: ConfiguredProvider, links: LockedLinks): Promise<void> {
    const count = links.active.length + links.other.length
    if (count === 0) return
    const attributes = { 'connect.provider': account.key, 'connect.links': count }
    await tracing.run('poll links', { isRoot: true, attributes }, () => checkLocked(account, links))
  }

  async function checkLocked(account: ConfiguredProvider, { active, other }: LockedLinks): Promise<void> {
    const readCache: ReadCache = new Map()
    const { pauseSeconds } = await checkLinks(context, account, {
      links: [...active, ...other],
      source: 'PROVIDER_POLL',
      call: backgroundWork(),
      readCache,
    })
    const ofActive = Math.min(readCache.size, active.length)
    budget.spend({ active: ofActive, other: readCache.size - ofActive })
    if (pauseSeconds !== undefined) pausedUntil = now().getTime() + pauseSeconds * 1_000
  }

  /** What a round locks. */
  const lockRequest = ({ accountKey }: ConfiguredProvider, at: Date) => ({
    accountKeys: [accountKey],
    now: at,
    lockExpiresAt: new Date(at.getTime() + checkLockMs),
    instanceId,
  })

  /** Checks as many of the links as the quota allows as if they were active: their connections may have been made. */
  async function checkIds(account: ConfiguredProvider, ids: readonly string[]): Promise<void> {
    const limit = Math.min(linksPerRound, budget.active(0))
    if (limit < 1 || ids.length === 0 || health.circuit(account.accountKey) !== 'CLOSED') return
    const active = await lockDueLinks(db, { ...lockRequest(account, now()), ids: ids.slice(0, limit) })
    await check(account, { active, other: [] })
  }

  /** Locks the links of one round. A half-open circuit breaker lets one call pass. */
  async function lockRound(account: ConfiguredProvider, at: Date, isHalfOpen: boolean) {
    const activeSince = new Date(at.getTime() - activeMs)
    const lock = async (of: Pick<PollLockRequest, 'activity' | 'limit'>) =>
      of.limit < 1 ? [] : lockLinksForPoll(db, { ...lockRequest(account, at), activeSince, ...of })
    const most = isHalfOpen ? 1 : linksPerRound
    const otherLimit = at.getTime() < othersAt ? 0 : Math.min(most, budget.other)
    const other = await lock({ activity: 'OTHER', limit: otherLimit })
    const activeLimit = Math.min(isHalfOpen ? 1 - other.length : most, budget.active(other.length))
    const active = await lock({ activity: 'ACTIVE', limit: activeLimit })
    const isOtherBehind = other.length === otherLimit
    if (isOtherBehind && otherLimit > 0 && otherLimit < most) othersAt = at.getTime() + backlogIntervalMs
    return { active, other, isBehind: isOtherBehind || active.length === activeLimit }
  }

  return async (account) => {
    const at = now()
    budget.refill(at, account.capabilities.pollsPerMinute)
    const circuit = health.circuit(account.accountKey)
    if (at.getTime() < pausedUntil || circuit === 'OPEN') return
    const { isBehind, ...links } = await lockRound(account, at, circuit === 'HALF_OPEN')
    if (isBehind && circuit === 'CLOSED') await listReads.startIfCheaper(account)
    await check(account, links)
  }
}
