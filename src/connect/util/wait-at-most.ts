import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves when `work` does, or after `maxWaitMs`; `work` goes on then. Rejects if `work` rejects before that. */
export async function waitAtMost(maxWaitMs: number, work: Promise<unknown>): Promise<void> {
  const settled = new AbortController()
  const timeout = sleep(maxWaitMs, undefined, { signal: settled.signal, ref: false }).catch(() => undefined)
  await Promise.race([work, timeout])
  settled.abort()
}
