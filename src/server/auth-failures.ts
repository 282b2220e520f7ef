import type { Log } from '../domain/log.ts'

/** Counts failed authentication by address, so that guessing is slow and visible. Valid credentials are not affected. */
export interface AuthFailures {
  /** Returns how long to delay the response, in milliseconds. */
  record(address: string): number
}

const windowMs = 60_000
/** Failures of an address within a minute that are not delayed. */
const freeFailures = 5
const delayPerFailureMs = 100
const maxDelayMs = 5_000
const maxAddresses = 10_000

interface Window {
  readonly startedAt: number
  failures: number
}

/** Logs the sixth failure of an address within a minute, and every hundredth. */
export function createAuthFailures(log: Log, now: () => Date): AuthFailures {
  const windows = new Map<string, Window>()

  function windowOf(address: string): Window {
    const at = now().getTime()
    const known = windows.get(address)
    if (known && at - known.startedAt < windowMs) return known
    const started = { startedAt: at, failures: 0 }
    windows.delete(address)
    windows.set(address, started)
    const [oldest] = windows.keys()
    if (windows.size > maxAddresses && oldest !== undefined) windows.delete(oldest)
    return started
  }

  return {
    record(address) {
      const window = windowOf(address)
      window.failures += 1
      const { failures } = window
      if (failures === freeFailures + 1 || failures % 100 === 0)
        log.warn({ address, failures }, 'authentication fails repeatedly')
      return Math.min(Math.max(0, failures - freeFailures) * delayPerFailureMs, maxDelayMs)
    },
  }
}
