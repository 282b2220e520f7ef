import { type Api, ConnectError } from './api.ts'
import { sleep } from './sleep.ts'
import type { ConnectLink } from './types.ts'

const pollMs = 2_500
/** Reads between two attempts to open a stream: one after the first failure, then one more after each. */
const maxReads = 8

/** Waiting or asking again does not help; everything else is tried again. */
const isFinal = (error: unknown) =>
  error instanceof ConnectError && /^(UNAUTHENTICATED|FORBIDDEN|NOT_FOUND)$/.test(error.code)

/**
 * Calls `onLink` with the link and every change of it, by the subscription; while streams fail, by reading the link every
 * 2.5 s. Runs until the signal aborts; throws if the session is not accepted any more or the link is gone.
 */
export async function followLink(
  api: Api,
  id: string,
  { signal, onLink }: { readonly signal: AbortSignal; readonly onLink: (link: ConnectLink) => void },
): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    try {
      for await (const link of api.updates(id)) {
        failures = 0
        onLink(link)
        if (signal.aborted) return
      }
    } catch {
      // The read that follows shows whether the link can still be read, with a new session if it has to be.
    }
    failures += 1
    for (let reads = 0; reads < Math.min(failures, maxReads); reads += 1) {
      await sleep(pollMs, signal)
      if (signal.aborted) return
      try {
        onLink(await api.read(id))
      } catch (error) {
        if (signal.aborted) return
        if (isFinal(error)) throw error
      }
      if (signal.aborted) return
    }
  }
}
