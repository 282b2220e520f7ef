import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { usedGroups } from '../../store/connect-links.ts'
import { remoteKey } from '../../store/connections.ts'
import type { Database } from '../../store/database.ts'
import { markMissing } from '../../store/mark-missing.ts'
import { upsertChanged } from '../../store/upsert-connections.ts'

/**
 * Reads a provider's whole list of connections into the store. A row that one walk misses may only have slipped from
 * one page to the other while rows were added or removed, so the list is walked once more before anything is
 * declared disconnected. Of what is known already only the keys are kept meanwhile, and nothing is written.
 */
export async function syncConnections(
  { db, now }: { readonly db: Database; readonly now: () => Date },
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<void> {
  const missed = await walk()
  if (missed > 0) await walk()

  async function walk(): Promise<number> {
    const since = now()
    const met = new Set<string>()
    const groups = await usedGroups(db, provider.accountKey)
    let askedAt = since
    for await (const page of provider.adapter.listConnections(groups, { signal })) {
      // What was learned while the page was on its way is newer than the page.
      await upsertChanged(db, { provider: provider.key, accountKey: provider.accountKey, now: askedAt }, page)
      for (const connection of page) met.add(remoteKey(connection))
      askedAt = now()
    }
    return markMissing(
      db,
      { provider: provider.key, accountKey: provider.accountKey, now: now() },
      { startedAt: since, seen: met },
    )
  }
}
