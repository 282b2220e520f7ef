/** Results of reads by key, kept for a short time; concurrent readers share one read. */
export interface SharedReads<Result> {
  /** The result of a read that began less than `maxAgeMs` ago, else of `read`. A read that fails is not kept. */
  get(key: string, read: () => Promise<Result>): Promise<Result>
  /** Forgets all results, also those of running reads: what they read is changing. */
  clear(): void
}

interface Entry<Result> {
  /** Monotonic time before the read: what changes during the read may be missing in it. */
  readonly startedAt: number
  readonly result: Promise<Result>
}

/** `isKept`: whether a result is kept; by default each. */
export function createSharedReads<Result>(
  maxAgeMs: number,
  isKept: (result: Result) => boolean = () => true,
): SharedReads<Result> {
  const entries = new Map<string, Entry<Result>>()

  function removeExpired(now: number): void {
    // In order of `startedAt`.
    for (const [key, { startedAt }] of entries) {
      if (now - startedAt < maxAgeMs) return
      entries.delete(key)
    }
  }

  return {
    get(key, read) {
      const startedAt = performance.now()
      removeExpired(startedAt)
      const cached = entries.get(key)
      if (cached !== undefined) return cached.result
      const entry = { startedAt, result: read() }
      entries.set(key, entry)
      const remove = () => {
        if (entries.get(key) === entry) entries.delete(key)
      }
      entry.result.then((result) => isKept(result) || remove(), remove)
      return entry.result
    },
    clear: () => entries.clear(),
  }
}
