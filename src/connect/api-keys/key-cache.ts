import { findApiKeyByHash } from '../../store/api-keys.ts'
import type { Database } from '../../store/database.ts'
import type { ApiKeyRow } from '../../store/schema.ts'

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

interface Entry {
  /** Monotonic time before the read: what changes during the read may be missing in it. */
  readonly startedAt: number
  readonly key: Promise<CachedApiKey | null>
}

/** Concurrent requests share one read. Unknown keys are not cached: anyone can invent any number of them. */
export function createApiKeyCache(db: Database): ApiKeyCache {
  const entries = new Map<string, Entry>()

  async function read(hash: string): Promise<CachedApiKey | null> {
    const row = await findApiKeyByHash(db, hash)
    return row === undefined ? null : { row, usedAt: row.lastUsedAt }
  }

  function removeExpired(now: number): void {
    // In order of `startedAt`.
    for (const [hash, { startedAt }] of entries) {
      if (now - startedAt < maxAgeMs) return
      entries.delete(hash)
    }
  }

  return {
    find(hash) {
      const startedAt = performance.now()
      removeExpired(startedAt)
      const cached = entries.get(hash)
      if (cached !== undefined) return cached.key
      const entry = { startedAt, key: read(hash) }
      entries.set(hash, entry)
      const remove = () => {
        if (entries.get(hash) === entry) entries.delete(hash)
      }
      entry.key.then((key) => key ?? remove(), remove)
      return entry.key
    },
    clear: () => entries.clear(),
  }
}
