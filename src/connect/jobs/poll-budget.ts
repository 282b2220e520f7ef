/**
 * The poll quota of one account as two token buckets, so that neither kind of link keeps the other from being checked.
 * Each is refilled at half of the quota, and with what the other one does not use. Both together hold one minute's quota.
 */
export interface PollBudget {
  /** `perMinute`: calls. The quota may differ from that of the last time. */
  refill(at: Date, perMinute: number): void
  /** Whether a list may be read: the calls of the last one are within the quota by now. */
  readonly allowsList: boolean
  /** Links other than active ones that may be checked. */
  readonly other: number
  /** Active links that may be checked if `others` of the other links are checked too. */
  active(others: number): number
  /** Takes the calls of a round; those of active links from their own half first. */
  spend(calls: { readonly active: number; readonly other: number }): void
}

export function createPollBudget(startedAt: Date): PollBudget {
  let refilledAt = startedAt.getTime()
  let active = Number.POSITIVE_INFINITY
  let other = Number.POSITIVE_INFINITY

  return {
    refill(at, perMinute) {
      const half = perMinute / 2
      const share = (Math.max(0, at.getTime() - refilledAt) * half) / 60_000
      refilledAt = at.getTime()
      const [ofActive, ofOther] = [active + share, other + share]
      active = Math.min(half, ofActive + surplus(ofOther, half))
      other = Math.min(half, ofOther + surplus(ofActive, half))
    },
    get allowsList() {
      return other >= 0
    },
    get other() {
      return Math.max(0, Math.floor(other))
    },
    active: (others) => Math.max(0, Math.floor(active + Math.max(0, other - others))),
    spend(calls) {
      const own = Math.min(calls.active, Math.max(0, active))
      active -= own
      other -= calls.active - own + calls.other
    },
  }
}

const surplus = (tokens: number, limit: number) => (Number.isFinite(tokens) ? Math.max(0, tokens - limit) : 0)
