import type { Page, PageRequest } from '../../store/keyset-pagination.ts'
import {
  countProviderAccounts,
  listProviderAccounts,
  type ProviderAccountFilter,
} from '../../store/provider-accounts.ts'
import type { ProviderAccountRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'

export interface AccountList extends Page<ProviderAccountRow> {
  count(): Promise<number>
}

/** One page of the accounts of organizations. */
export async function listAccounts(
  { db }: ConnectContext,
  request: { readonly filter: ProviderAccountFilter; readonly page: PageRequest },
): Promise<AccountList> {
  const found = await listProviderAccounts(db, request)
  return { ...found, count: () => countProviderAccounts(db, request.filter) }
}
