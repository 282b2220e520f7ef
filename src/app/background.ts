import type { Log } from '../domain/log.ts'

/** Work that nobody waits for. */
export interface BackgroundTasks {
  /** What goes wrong with it is logged. */
  run(what: string, work: Promise<unknown>): void
  /** Work that somebody waits for and that has to be finished even if they do not; what goes wrong with it is theirs. */
  waitUntil<Result>(work: Promise<Result>): Promise<Result>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

export function createBackgroundTasks(log: Log): BackgroundTasks {
  const underWay = new Set<Promise<void>>()
  const keep = (work: Promise<void>) => {
    const done = work.finally(() => underWay.delete(done))
    underWay.add(done)
  }
  return {
    run(what, work) {
      const failed = (err: unknown) => log.error({ err }, `in the background: ${what} failed`)
      keep(work.then(() => undefined, failed))
    },
    waitUntil(work) {
      keep(
        work.then(
          () => undefined,
          () => undefined,
        ),
      )
      return work
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
