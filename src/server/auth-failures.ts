import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../domain/log.ts'
import { type Client, networkOf } from './client-address.ts'

/** Counts failed authentication by address, so that guessing is slow and visible. Valid credentials are not affected. */
export interface AuthFailures {
  /**
   * Counts a failure, and waits until its response may be sent: after five failures of an address within a minute 100 ms
   * longer each time, for at most 5 s. Returns `false` at once if too many responses are delayed already: each holds a
   * socket.
   */
  delay(client: Client): Promise<boolean>
}

export interface AuthFailuresOptions {
  readonly log: Log
  readonly now: () => Date
  /** Called for the sixth failure of an address within a minute, and every hundredth. */
  onRepeated(client: Client): void
  /** Waits some milliseconds. */
  readonly sleep?: (delayMs: number) => Promise<unknown>
}

const windowMs = 60_000
/** Failures of an address within a minute that are not delayed. */
const freeFailures = 5
const delayPerFailureMs = 100
const maxDelayMs = 5_000
const maxAddresses = 10_000
const maxDelayed = { perAddress: 20, total: 1_000 } as const

interface Window {
  startedAt: number
  failures: number
  /** Responses that are delayed at present. */
  delayed: number
}

/** Logs the sixth failure of an address within a minute, and every hundredth. */
export function createAuthFailures({
  log,
  now,
  onRepeated,
  sleep: wait = sleep,
}: AuthFailuresOptions): AuthFailures {
  const windows = new Map<string, Window>()
  let delayed = 0

  function windowOf(address: string): Window {
    const network = networkOf(address)
    const at = now().getTime()
    const known = windows.get(network)
    if (known && at - known.startedAt < windowMs) return known
    const started = Object.assign(known ?? { delayed: 0 }, { startedAt: at, failures: 0 })
    windows.delete(network)
    windows.set(network, started)
    const [oldest] = windows.keys()
    if (windows.size > maxAddresses && oldest !== undefined) windows.delete(oldest)
    return started
  }

  return {
    async delay(client) {
      const { address } = client
      const window = windowOf(address)
      window.failures += 1
      const { failures } = window
      if (failures === freeFailures + 1 || failures % 100 === 0) {
        log.warn({ address, failures }, 'authentication fails repeatedly')
        onRepeated(client)
      }
      const delayMs = Math.min((failures - freeFailures) * delayPerFailureMs, maxDelayMs)
      if (delayMs <= 0) return true
      if (window.delayed >= maxDelayed.perAddress || delayed >= maxDelayed.total) return false
      window.delayed += 1
      delayed += 1
      await wait(delayMs)
      window.delayed -= 1
      delayed -= 1
      return true
    },
  }
}
