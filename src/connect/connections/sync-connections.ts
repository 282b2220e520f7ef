import { backgroundWork } from '../../http/http-types.ts'
import type { RemoteConnection } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import type { Page } from '../../providers/rows.ts'
import { adoptConnections } from '../../store/adopt-connections.ts'
import { findRemoteGroups } from '../../store/connect-links.ts'
import { remoteKey } from '../../store/connections.ts'
import { type ListedRow, markMissing } from '../../store/mark-missing.ts'
import { upsertChanged } from '../../store/upsert-connections.ts'
import { readOrigin } from '../links/read-origin.ts'
import type { ConnectionList } from '../sync-scheduler.ts'
import { finishedConnections } from './finished-connections.ts'
import { findFormerAccounts } from './former-accounts.ts'
import { findFormerLinks } from './former-links.ts'
import { type OwnerContext, withTrustedOwners } from './trusted-owners.ts'

/**
 * Reads a provider's whole list of connections into the store. A row that one pass misses may only have moved to
 * another page while rows were added or removed, so the list is read again before a row is marked as disconnected. Of
 * unchanged rows only the keys are kept in memory, and nothing is written.
 */
export async function syncConnections(
  context: OwnerContext,
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<ConnectionList> {
  const { db, now } = context
  const first = await readAllPages()
  if (first.missed === 0) return first
  const second = await readAllPages()
  return { ...second, pages: first.pages + second.pages }

  /** `missed`: how many rows were missing for the first time. */
  async function readAllPages(): Promise<ConnectionList & { readonly missed: number }> {
    const startedAt = now()
    const seen = createSeen()
    let skipped = 0
    let pages = 0
    const groups = await findRemoteGroups(db, provider.accountKey)
    const formerAccounts = await findFormerAccounts(db, provider, startedAt)
    const formerLinks = await findFormerLinks(db, provider)
    let requestedAt = startedAt
    for await (const page of provider.adapter.listConnections(groups, backgroundWork(signal))) {
      await adoptConnections(db, { accountKey: provider.accountKey, formerAccounts }, page.items)
      // Dated at the request: rows written since then are newer than the page.
      const finished = await finishedConnections(db, provider.accountKey, page.items)
      const connections = await withTrustedOwners(context, provider, finished)
      await upsertChanged(db, readOrigin(provider, requestedAt), connections)
      seen.add(page)
      formerLinks.add(page.items)
      skipped += page.skipped.length
      pages += 1
      requestedAt = now()
    }
    await formerLinks.adopt(backgroundWork(signal))
    const missed = await markMissing(db, readOrigin(provider, now()), {
      startedAt,
      mayContain: seen.mayContain,
    })
    return { missed, skipped, pages, mayContain: seen.mayContain }
  }
}

/**
 * Collects the connections that a list contains. An unreadable row still shows that its connection exists. If its ID is
 * unreadable too, it may be any connection of its group: none of them can be said to be missing.
 */
function createSeen() {
  const keys = new Set<string>()
  const skippedIds = new Set<string>()
  /** Groups with rows without a readable ID; `null`: such a row may belong to any group. */
  const unknownIn = new Set<string | null>()

  return {
    add({ items, skipped }: Page<RemoteConnection>) {
      for (const connection of items) keys.add(remoteKey(connection))
      for (const { id, group } of skipped) {
        if (id === null) unknownIn.add(group)
        else skippedIds.add(id)
      }
    },
    mayContain(row: ListedRow): boolean {
      if (keys.has(remoteKey(row)) || skippedIds.has(row.remoteId)) return true
      if (unknownIn.has(null) || unknownIn.has(row.remoteGroup)) return true
      return row.remoteGroup === null && unknownIn.size > 0
    },
  }
}
