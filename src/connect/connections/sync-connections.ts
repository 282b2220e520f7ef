import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { adoptConnections } from '../../store/adopt-connections.ts'
import { findRemoteGroups } from '../../store/connect-links.ts'
import { remoteKey } from '../../store/connections.ts'
import type { Database } from '../../store/database.ts'
import { markMissing } from '../../store/mark-missing.ts'
import { upsertChanged } from '../../store/upsert-connections.ts'
import { findFormerAccounts } from './former-accounts.ts'

/**
 * Reads a provider's whole list of connections into the store. A row that one pass misses may only have moved to
 * another page while rows were added or removed, so the list is read again before a row is marked as disconnected. Of
 * unchanged rows only the keys are kept in memory, and nothing is written.
 */
export async function syncConnections(
  { db, now }: { readonly db: Database; readonly now: () => Date },
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<void> {
  const missed = await readAllPages()
  if (missed > 0) await readAllPages()

  /** Returns how many rows were missing for the first time. */
  async function readAllPages(): Promise<number> {
    const startedAt = now()
    const seen = new Set<string>()
    const groups = await findRemoteGroups(db, provider.accountKey)
    const formerAccounts = await findFormerAccounts(db, provider, startedAt)
    let requestedAt = startedAt
    for await (const page of provider.adapter.listConnections(groups, { signal })) {
      await adoptConnections(db, { accountKey: provider.accountKey, formerAccounts }, page)
      // Dated at the request: rows written since then are newer than the page.
      await upsertChanged(
        db,
        { provider: provider.key, accountKey: provider.accountKey, now: requestedAt },
        page,
      )
      for (const connection of page) seen.add(remoteKey(connection))
      requestedAt = now()
    }
    return markMissing(
      db,
      { provider: provider.key, accountKey: provider.accountKey, now: now() },
      { startedAt, seen },
    )
  }
}
