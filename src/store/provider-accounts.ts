import type { ProviderKey } from '../domain/provider-key.ts'
import type { Database } from './database.ts'
import { isUuid, type Page, type PageRequest } from './keyset-pagination.ts'
import { pageNewestFirst } from './newest-first.ts'
import type { ProviderAccountRow } from './schema.ts'

export interface ProviderAccountFilter {
  readonly organizationId?: string | null | undefined
  readonly provider?: ProviderKey | null | undefined
}

/** The accounts of all organizations. */
export const findProviderAccounts = (db: Database): Promise<readonly ProviderAccountRow[]> =>
  db.selectFrom('providerAccounts').selectAll().orderBy('createdAt').orderBy('id').execute()

export async function findProviderAccount(db: Database, id: string): Promise<ProviderAccountRow | undefined> {
  if (!isUuid(id)) return undefined
  return db.selectFrom('providerAccounts').selectAll().where('id', '=', id).executeTakeFirst()
}

/** One page, newest first. */
export const listProviderAccounts = (
  db: Database,
  { filter, page }: { readonly filter: ProviderAccountFilter; readonly page: PageRequest },
): Promise<Page<ProviderAccountRow>> => pageNewestFirst(selectFiltered(db, filter).selectAll(), page)

export async function countProviderAccounts(db: Database, filter: ProviderAccountFilter): Promise<number> {
  const { count } = await selectFiltered(db, filter)
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

const selectFiltered = (db: Database, { organizationId, provider }: ProviderAccountFilter) =>
  db
    .selectFrom('providerAccounts')
    .$if(organizationId != null, (q) => q.where('organizationId', '=', organizationId ?? ''))
    .$if(provider != null, (q) => q.where('provider', '=', provider ?? 'FIVETRAN'))

/** `false`: the organization has an account at the provider already, or the remote account belongs to one. */
export async function insertProviderAccount(db: Database, account: ProviderAccountRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('providerAccounts')
    .values({ ...account, settingNames: JSON.stringify(account.settingNames) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) > 0
}

export async function isRemoteAccountUsed(db: Database, remoteAccount: string): Promise<boolean> {
  const found = await db
    .selectFrom('providerAccounts')
    .select('id')
    .where('remoteAccount', '=', remoteAccount)
    .executeTakeFirst()
  return found !== undefined
}

/**
 * Replaces the credentials of an account. `false`: the account does not exist any more, or its credentials have been
 * replaced since `replaced` was read.
 */
export async function updateProviderAccount(
  db: Database,
  replaced: Pick<ProviderAccountRow, 'id' | 'settingsEncrypted'>,
  account: Pick<
    ProviderAccountRow,
    'remoteAccount' | 'settingsEncrypted' | 'settingNames' | 'updatedAt' | 'verifiedAt'
  >,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('providerAccounts')
    .set({ ...account, settingNames: JSON.stringify(account.settingNames) })
    .where('id', '=', replaced.id)
    .where('settingsEncrypted', '=', replaced.settingsEncrypted)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Deletes an account with its credentials and its catalogue; its links and connections remain. `false`: it does not exist. */
export async function deleteProviderAccount(
  transaction: Database,
  { id, accountKey }: Pick<ProviderAccountRow, 'id' | 'accountKey'>,
): Promise<boolean> {
  for (const table of ['connectors', 'configSchemas', 'syncState'] as const)
    await transaction.deleteFrom(table).where('accountKey', '=', accountKey).execute()
  const { numDeletedRows } = await transaction
    .deleteFrom('providerAccounts')
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
