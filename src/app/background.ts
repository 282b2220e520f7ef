import type { Log } from '../domain/log.ts'

/** Work that outlives the request that started it. */
export interface BackgroundTasks {
  /** Runs work that no caller awaits; a rejection is logged. */
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
  const track = (work: Promise<void>) => {
    const done = work.finally(() => running.delete(done))
    running.add(done)
  }
  return {
    run(what, work) {
      const logError = (err: unknown) => log.error({ err }, `background task failed: ${what}`)
      track(work.then(() => undefined, logError))
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
