/** Limits retries to a share of the calls, so that retries do not multiply the load of a provider that fails. */
export interface RetryBudget {
  /** Counts a call, which earns a tenth of a retry. */
  recordCall(): void
  /** `false`: the budget is used up. */
  takeRetry(): boolean
}

const retriesPerCall = 0.1
/** A gateway with few calls may still retry: one retry is earned in this time without any call. */
const msPerRetry = 10_000
const maxRetries = 10
const initialRetries = 3

/** A token bucket. `now`: milliseconds. */
export function createRetryBudget(now: () => number): RetryBudget {
  let retries = initialRetries
  let refilledAt = now()
  const earn = (earned: number) => {
    retries = Math.min(maxRetries, retries + earned)
  }
  return {
    recordCall: () => earn(retriesPerCall),
    takeRetry() {
      const at = now()
      earn(Math.max(0, at - refilledAt) / msPerRetry)
      refilledAt = at
      if (retries < 1) return false
      retries -= 1
      return true
    },
  }
}
