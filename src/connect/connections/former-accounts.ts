import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { findAccountKeys } from '../../store/connection-groups.ts'
import type { Database } from '../../store/database.ts'
import { findSyncStates } from '../../store/sync-state.ts'

/**
 * The account keys that the provider's account may have had with another API key. Before the first sync of the account
 * these are all candidates. Later ones come from a gateway that still uses the former key, or from the time before the
 * account had this key again; such a key is skipped while a gateway syncs it, or two gateways would take the rows from
 * each other.
 */
export async function findFormerAccounts(
  db: Database,
  { key, accountKey, isFormerAccount }: ConfiguredProvider,
  now: Date,
): Promise<readonly string[]> {
  const former = (await findAccountKeys(db, key)).filter(isFormerAccount)
  if (former.length === 0) return []
  const syncs = await findSyncStates(db, 'CONNECTIONS', [accountKey, ...former])
  if (syncs.get(accountKey)?.syncedAt == null) return former
  return former.filter((other) => (syncs.get(other)?.syncedAt?.getTime() ?? 0) < now.getTime() - inUseMs)
}

/** A gateway syncs its accounts at least every six minutes. */
const inUseMs = 600_000
