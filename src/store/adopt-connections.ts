import { sql } from 'kysely'
import type { RemoteConnection } from '../providers/adapter.ts'
import { type Adoption, isOneOf, lockAccounts, moveLinks } from './adopt-links.ts'
import { remoteKey } from './connections.ts'
import type { Database } from './database.ts'
import type { ConnectionRow } from './schema.ts'

interface StoredConnection
  extends Pick<
    ConnectionRow,
    'id' | 'accountKey' | 'direction' | 'remoteId' | 'createdAt' | 'lastCheckedAt'
  > {
  /** It has an end user, a link or a recorded assignment: its ID must not change. */
  readonly isUsed: boolean
}

/**
 * Moves the rows of these connections from former accounts to the account, with everything that belongs to them: their
 * ID, end user, evidence, assignments and tags stay. If such a connection is stored for several accounts, unused rows
 * are deleted. Open links of a former account are moved once one of its connections was found.
 */
export async function adoptConnections(
  db: Database,
  adoption: Adoption,
  connections: readonly RemoteConnection[],
): Promise<void> {
  if (adoption.formerAccounts.length === 0 || connections.length === 0) return
  await db.transaction().execute(async (transaction) => {
    const accountKeys = await lockAccounts(transaction, adoption)
    const stored = await lockStored(transaction, accountKeys, connections)
    const rowsByKey = new Map<string, StoredConnection[]>()
    for (const row of stored.filter(matching(connections, adoption.accountKey)))
      rowsByKey.set(remoteKey(row), [...(rowsByKey.get(remoteKey(row)) ?? []), row])
    const choices = [...rowsByKey.values()].map((rows) => choose(rows, adoption.accountKey))
    await moveRows(transaction, adoption.accountKey, {
      adopted: choices.flatMap(({ kept }) => (kept.accountKey === adoption.accountKey ? [] : [kept.id])),
      unused: choices.flatMap(({ unused }) => unused.map(({ id }) => id)),
      accounts: [...new Set(choices.flatMap(({ formerAccounts }) => formerAccounts))],
    })
  })
}

function lockStored(
  transaction: Database,
  accountKeys: readonly string[],
  connections: readonly RemoteConnection[],
): Promise<readonly StoredConnection[]> {
  const ids = connections.map(({ remoteId }) => remoteId)
  return (
    transaction
      .selectFrom('connections')
      .select(['id', 'accountKey', 'direction', 'remoteId', 'createdAt', 'lastCheckedAt'])
      .select(
        sql<boolean>`(end_user_id is not null
        or exists (select from connect_links where connect_links.connection_id = connections.id)
        or exists (select from connection_assignments a where a.connection_id = connections.id))`.as(
          'isUsed',
        ),
      )
      .where(sql<boolean>`account_key = any(${[...accountKeys]}::text[])`)
      .where(sql<boolean>`remote_id = any(${ids}::text[])`)
      // The order in which an upsert locks them.
      .orderBy('direction')
      .orderBy('remoteId')
      .forUpdate()
      .execute()
  )
}

/**
 * Whether a stored row is one of these connections. An equal number is not enough: INFERRED that Census may number the
 * connections of each workspace from 1 (its documentation does not say), so the API key of another workspace could get
 * the end users of this one. Two connections with the same number were not also created at the same time. Any other ID
 * is unique by itself: xpander's are UUIDs (SEEN in its guide on invoking connectors; the schema says only "string").
 */
function matching(connections: readonly RemoteConnection[], accountKey: string) {
  const byKey = new Map(connections.map((connection) => [remoteKey(connection), connection]))
  return (row: StoredConnection): boolean => {
    const connection = byKey.get(remoteKey(row))
    if (connection === undefined) return false
    if (row.accountKey === accountKey || !/^\d+$/.test(row.remoteId)) return true
    return connection.createdAt?.getTime() === row.createdAt.getTime()
  }
}

/** Of the rows of one connection: a used one before an unused one, then that of the account, then the last one read. */
function choose(rows: readonly StoredConnection[], accountKey: string) {
  const [kept, ...others] = rows.toSorted(
    (a, b) =>
      Number(b.isUsed) - Number(a.isUsed) ||
      Number(b.accountKey === accountKey) - Number(a.accountKey === accountKey) ||
      (b.lastCheckedAt?.getTime() ?? 0) - (a.lastCheckedAt?.getTime() ?? 0),
  )
  if (kept === undefined) throw new Error('a group has at least one row')
  return {
    kept,
    // Of several used rows the others keep their account: their end users may differ.
    unused: others.filter(({ isUsed }) => !isUsed),
    formerAccounts: rows.map((row) => row.accountKey).filter((key) => key !== accountKey),
  }
}

interface Moves {
  readonly adopted: readonly string[]
  readonly unused: readonly string[]
  /** The former accounts that are the same account, as their connections show. */
  readonly accounts: readonly string[]
}

async function moveRows(
  transaction: Database,
  accountKey: string,
  { adopted, unused, accounts }: Moves,
): Promise<void> {
  if (accounts.length === 0) return
  const isAdopted = isOneOf(adopted)
  // First: an account has one row for each connection.
  await transaction
    .deleteFrom('connections')
    .where(sql<boolean>`id = any(${[...unused]}::uuid[])`)
    .execute()
  await transaction.updateTable('connections').set({ accountKey }).where(isAdopted('id')).execute()
  // Their trigger copies the other columns only.
  await transaction.updateTable('connectionTags').set({ accountKey }).where(isAdopted('id')).execute()
  await moveLinks(transaction, accountKey, { accounts, adopted })
}
