import type { Database } from '../store/database.ts'
import type { SyncKind, SyncStateRow } from '../store/schema.ts'
import { findSyncStates, recordSync } from '../store/sync-state.ts'
import { createSharedReads } from './util/shared-reads.ts'

type Outcome = Parameters<typeof recordSync>[2]

/** The states of the syncs of one kind. Without it, every list of a request would read them from the store. */
export interface SyncStates {
  /** By account key, as they were at most 250 ms ago; what this process has recorded is always contained. */
  read(accountKeys: readonly string[]): Promise<ReadonlyMap<string, SyncStateRow>>
  record(accountKey: string, outcome: Outcome): Promise<void>
}

const maxAgeMs = 250

/** Each organization with accounts of its own has an entry while it is fresh. */
export function createSyncStates(db: Database, kind: SyncKind): SyncStates {
  const reads = createSharedReads<ReadonlyMap<string, SyncStateRow>>(maxAgeMs)
  return {
    read: (accountKeys) => reads.get(accountKeys.join('\n'), () => findSyncStates(db, kind, accountKeys)),
    async record(accountKey, outcome) {
      await recordSync(db, { accountKey, kind }, outcome)
      reads.clear()
    },
  }
}
