import { findApiKeyByHash } from '../../store/api-keys.ts'
import type { Database } from '../../store/database.ts'
import type { ApiKeyRow } from '../../store/schema.ts'
import { createSharedReads } from '../util/shared-reads.ts'

/** An API key as it was read less than a second ago. */
export interface CachedApiKey {
  readonly row: ApiKeyRow
  /** When its use was last recorded; changed before it is written, so that other requests do not record it too. */
  usedAt: Date | null
}

/** API keys by hash. Without it, every request would read the store. */
export interface ApiKeyCache {
  /** Returns `null` if there is no such key. Rejects if the store cannot be read: an older entry is not used then. */
  find(hash: string): Promise<CachedApiKey | null>
  /** Forgets all entries: this process has changed a key. Others find out when their entries expire. */
  clear(): void
}

/** A key that was revoked by another process is accepted for this time at most. */
const maxAgeMs = 1_000

/** Unknown keys are not kept: anyone can invent any number of them. */
export function createApiKeyCache(db: Database): ApiKeyCache {
  const reads = createSharedReads<CachedApiKey | null>(maxAgeMs, (key) => key !== null)

  async function read(hash: string): Promise<CachedApiKey | null> {
    const row = await findApiKeyByHash(db, hash)
    return row === undefined ? null : { row, usedAt: row.lastUsedAt }
  }

  return { find: (hash) => reads.get(hash, () => read(hash)), clear: reads.clear }
}
