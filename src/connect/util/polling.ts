import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../domain/log.ts'

/** Reads changes every 2 s while the database's notifications do not arrive. */
export interface Polling {
  isListening(): boolean
  setListening(isListening: boolean): void
  /** Resolves when no reads are pending. */
  finished(): Promise<void>
  stop(): void
}

const intervalMs = 2_000

/** `read` is called until it has succeeded once after notifications arrive again. */
export function createPolling({ read, log }: { readonly log: Log; read(): Promise<void> }): Polling {
  let isListening = true
  let running: Promise<void> | null = null
  const stopped = new AbortController()
  let wake = new AbortController()

  async function poll(): Promise<void> {
    while (!stopped.signal.aborted) {
      const isLast = isListening
      wake = new AbortController()
      const isRead = await read().then(
        () => true,
        () => false, // the database cannot be read either: retried
      )
      if (isLast && isListening && isRead) return
      const signal = AbortSignal.any([wake.signal, stopped.signal])
      await sleep(intervalMs, undefined, { signal }).catch(() => undefined)
    }
  }

  return {
    isListening: () => isListening,
    setListening(value) {
      if (value === isListening) return
      isListening = value
      if (value) log.info({}, 'database notifications arrive again')
      else log.warn({}, 'database notifications do not arrive: changes are read every 2 s instead')
      if (value) wake.abort()
      running ??= poll().finally(() => {
        running = null
      })
    },
    finished: () => running ?? Promise.resolve(),
    stop: () => stopped.abort(),
  }
}
