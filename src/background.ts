import type { Log } from './log.ts'

/** Work that nobody waits for. */
export interface Background {
  /** What goes wrong with it is logged. */
  add(what: string, work: Promise<unknown>): void
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

export function createBackground(log: Log): Background {
  const underWay = new Set<Promise<void>>()
  return {
    add(what, work) {
      const done = work
        .then(
          () => undefined,
          (err: unknown) => log.error({ err }, `in the background: ${what} failed`),
        )
        .finally(() => underWay.delete(done))
      underWay.add(done)
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
