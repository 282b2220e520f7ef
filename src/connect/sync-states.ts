import type { Database } from '../store/database.ts'
import type { SyncKind, SyncStateRow } from '../store/schema.ts'
import { findSyncStates, recordSync } from '../store/sync-state.ts'

type Outcome = Parameters<typeof recordSync>[2]

/** The states of the syncs of one kind. Without it, every list of a request would read them from the store. */
export interface SyncStates {
  /** By account key, as they were at most 250 ms ago; what this process has recorded is always contained. */
  read(accountKeys: readonly string[]): Promise<ReadonlyMap<string, SyncStateRow>>
  record(accountKey: string, outcome: Outcome): Promise<void>
}

const maxAgeMs = 250

interface Entry {
  /** Monotonic time before the read: what changes during the read may be missing in it. */
  readonly startedAt: number
  readonly states: Promise<ReadonlyMap<string, SyncStateRow>>
}

/** Concurrent readers share one read. Each organization with accounts of its own has an entry while it is fresh. */
export function createSyncStates(db: Database, kind: SyncKind): SyncStates {
  const entries = new Map<string, Entry>()

  function removeExpired(now: number): void {
    // In order of `startedAt`.
    for (const [key, { startedAt }] of entries) {
      if (now - startedAt < maxAgeMs) return
      entries.delete(key)
    }
  }

  return {
    read(accountKeys) {
      const startedAt = performance.now()
      removeExpired(startedAt)
      const key = accountKeys.join('\n')
      const cached = entries.get(key)
      if (cached !== undefined) return cached.states
      const entry = { startedAt, states: findSyncStates(db, kind, accountKeys) }
      entries.set(key, entry)
      entry.states.catch(() => {
        if (entries.get(key) === entry) entries.delete(key)
      })
      return entry.states
    },
    async record(accountKey, outcome) {
      await recordSync(db, { accountKey, kind }, outcome)
      entries.clear()
    },
  }
}
