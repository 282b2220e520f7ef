import type { Suspension } from '../domain/suspension.ts'
import { countAtMost } from './count-at-most.ts'
import type { Database } from './database.ts'
import { isUuid, type Page, type PageRequest } from './keyset-pagination.ts'
import { pageNewestFirst } from './newest-first.ts'
import type { ProviderSuspensionRow } from './schema.ts'

/** Those that have not ended. */
export const findActiveSuspensions = (db: Database): Promise<readonly Suspension[]> =>
  db
    .selectFrom('providerSuspensions')
    .select(['id', 'provider', 'accountKey', 'reads'])
    .where('resumedAt', 'is', null)
    .execute()

export async function findSuspension(db: Database, id: string): Promise<ProviderSuspensionRow | undefined> {
  if (!isUuid(id)) return undefined
  return db.selectFrom('providerSuspensions').selectAll().where('id', '=', id).executeTakeFirst()
}

const matching = (db: Database, isActive: boolean | null) =>
  db
    .selectFrom('providerSuspensions')
    .$if(isActive !== null, (q) => q.where('resumedAt', isActive ? 'is' : 'is not', null))

/** Returns `null` above `maxCount`. */
export const countSuspensions = (db: Database, isActive: boolean | null): Promise<number | null> =>
  countAtMost(db, matching(db, isActive).select('id'))

/** One page, newest first. `isActive`: `null` for all. */
export const listSuspensions = (
  db: Database,
  isActive: boolean | null,
  page: PageRequest,
): Promise<Page<ProviderSuspensionRow>> => pageNewestFirst(matching(db, isActive).selectAll(), page)

/** `false`: the provider or the account is suspended already. */
export async function insertSuspension(db: Database, row: ProviderSuspensionRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('providerSuspensions')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) > 0
}

/** `undefined`: it has ended already. */
export const endSuspension = (
  db: Database,
  id: string,
  resumedAt: Date,
): Promise<ProviderSuspensionRow | undefined> =>
  db
    .updateTable('providerSuspensions')
    .set({ resumedAt })
    .where('id', '=', id)
    .where('resumedAt', 'is', null)
    .returningAll()
    .executeTakeFirst()
