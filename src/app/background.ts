import { ServiceUnavailableError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'

/** Work that outlives the request that started it. */
export interface BackgroundTasks {
  /**
   * Runs work that no caller awaits; a rejection is logged. While the store cannot be used, only the first one is, until
   * work succeeds again.
   */
  run(what: string, work: Promise<unknown>): void
  /**
   * Returns `work` itself, and has `idle` wait for it even if its caller does not. Rejections are left to the caller.
   */
  waitUntil<Result>(work: Promise<Result>): Promise<Result>
  /** Resolves when no task is running. */
  idle(): Promise<void>
}

export function createBackgroundTasks(log: Log): BackgroundTasks {
  const running = new Set<Promise<void>>()
  const outage = createOutage(log)
  const track = (work: Promise<void>) => {
    const done = work.finally(() => running.delete(done))
    running.add(done)
  }
  return {
    run(what, work) {
      const logError = (err: unknown) => {
        if (err instanceof ServiceUnavailableError) outage.onFailure(err)
        else log.error({ err }, `background task failed: ${what}`)
      }
      track(work.then(outage.onSuccess, logError))
    },
    waitUntil(work) {
      track(
        work.then(
          () => undefined,
          () => undefined,
        ),
      )
      return work
    },
    async idle() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

/** Work that succeeds within this time after a failure may not have used what fails. */
const quietMs = 10_000

/** Logs the beginning and the end of an outage, instead of the failures of each second. */
function createOutage(log: Log) {
  let failedAt: number | null = null
  return {
    onFailure(error: ServiceUnavailableError): void {
      if (failedAt === null) log.warn({ cause: error.reason }, 'background work waits for the database')
      failedAt = performance.now()
    },
    onSuccess(): void {
      if (failedAt === null || performance.now() - failedAt < quietMs) return
      failedAt = null
      log.info({}, 'background work continues')
    },
  }
}
