import { sql } from 'kysely'
import type { ProviderKey } from '../domain/provider-key.ts'
import { openStatuses } from './connect-links.ts'
import { advisoryLock, type Database } from './database.ts'
import type { ConnectLinkRow } from './schema.ts'

export interface Adoption {
  /** The account that the rows are moved to. */
  readonly accountKey: string
  /** Account keys that it may have had before. */
  readonly formerAccounts: readonly string[]
}

/**
 * Moves the links of former accounts that have no connection yet, after one of these links has shown that the account
 * is the same.
 */
export async function adoptLinks(db: Database, adoption: Adoption): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await lockAccounts(transaction, adoption)
    await moveLinks(transaction, adoption.accountKey, { accounts: adoption.formerAccounts, adopted: [] })
  })
}

/** The account keys of a provider's open links that have no connection yet. */
export async function findOpenLinkAccounts(db: Database, provider: ProviderKey): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('connectLinks')
    .select('accountKey')
    .distinct()
    .where('provider', '=', provider)
    .where('status', 'in', openStatuses)
    .where('connectionId', 'is', null)
    .execute()
  return rows.map(({ accountKey }) => accountKey)
}

/** The open links of an account that have no connection yet, the most recently opened first. */
export function findOpenLinks(
  db: Database,
  accountKey: string,
  limit: number,
): Promise<readonly ConnectLinkRow[]> {
  return db
    .selectFrom('connectLinks')
    .selectAll()
    .where('accountKey', '=', accountKey)
    .where('status', 'in', openStatuses)
    .where('connectionId', 'is', null)
    .orderBy(sql`opened_at desc nulls last, created_at desc`)
    .limit(limit)
    .execute()
}

/**
 * Locks the links of the accounts against completion, in one order, so that two gateways wait for each other. Returns the
 * account keys.
 */
export async function lockAccounts(
  transaction: Database,
  { accountKey, formerAccounts }: Adoption,
): Promise<readonly string[]> {
  const accountKeys = [accountKey, ...formerAccounts].toSorted()
  for (const key of accountKeys) await advisoryLock(transaction, `settle ${key}`)
  return accountKeys
}

/** Moves the links of these accounts; of those with a connection only the ones whose connection is adopted. */
export async function moveLinks(
  transaction: Database,
  accountKey: string,
  { accounts, adopted }: { readonly accounts: readonly string[]; readonly adopted: readonly string[] },
): Promise<void> {
  await transaction
    .updateTable('connectLinks')
    .set({ accountKey })
    .where('accountKey', 'in', [...accounts])
    .where(sql<boolean>`(connection_id is null or ${isOneOf(adopted)('connectionId')})`)
    .execute()
}

/** The condition that a column has one of these IDs. */
export const isOneOf = (ids: readonly string[]) => (column: string) =>
  sql<boolean>`${sql.ref(column)} = any(${[...ids]}::uuid[])`
