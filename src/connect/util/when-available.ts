import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceUnavailableError } from '../../domain/errors.ts'

const retryMs = 1_000

/**
 * Repeats a read every second while the store cannot be used, so that event streams survive an outage. Rejects with other
 * errors at once, and with the last error when the signal aborts.
 */
export async function whenAvailable<Result>(
  read: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  for (;;) {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof ServiceUnavailableError) || signal.aborted) throw error
      await sleep(retryMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** As `work`, or `undefined` when the signal aborts before: a subscriber that leaves does not wait for the store. */
export function unlessAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result | undefined> {
  if (signal.aborted) return Promise.resolve(undefined)
  const { promise: aborted, detach } = abortOf(signal)
  return Promise.race([work, aborted]).finally(detach)
}

function abortOf(signal: AbortSignal) {
  const listening = new AbortController()
  const promise = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: listening.signal })
  })
  return { promise, detach: () => listening.abort() }
}
