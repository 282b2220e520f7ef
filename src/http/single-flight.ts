/** Shares the result of a running operation among the callers that need it at the same time. */
export interface SingleFlight<Result> {
  /** Returns the promise of the running operation with this key, or calls `start` if none is running. */
  run(key: string, start: () => Promise<Result>): Promise<Result>
  /** How long ago the running operation with this key was started, in ms; 0 if none is running. */
  ageMs(key: string): number
  /** Resolves when the operations that are running now have settled. */
  idle(): Promise<void>
}

export function createSingleFlight<Result>(): SingleFlight<Result> {
  const running = new Map<string, { readonly result: Promise<Result>; readonly startedAt: number }>()
  return {
    run(key, start) {
      const current = running.get(key)
      if (current !== undefined) return current.result
      const startedAt = performance.now()
      // Removed when it settles: neither results nor errors are cached.
      const result = start().finally(() => running.delete(key))
      running.set(key, { result, startedAt })
      return result
    },
    ageMs(key) {
      const startedAt = running.get(key)?.startedAt
      return startedAt === undefined ? 0 : performance.now() - startedAt
    },
    idle: async () => void (await Promise.allSettled([...running.values()].map(({ result }) => result))),
  }
}
