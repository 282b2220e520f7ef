import { deleteProviderAccount } from '../../store/provider-accounts.ts'
import type { ProviderAccountRow } from '../../store/schema.ts'
import { recordedChange } from '../audit/recorded-change.ts'
import type { ConnectContext } from '../context.ts'
import { accountChange } from './create-account.ts'
import { getAccountOrThrow } from './rotate-account.ts'

/**
 * Deletes an account with its credentials; nothing changes at the provider. Its connections become UNKNOWN, and its open
 * links expire, as those of an account that the environment configures no more. Throws NotFoundError.
 */
export async function removeProviderAccount(
  context: ConnectContext,
  id: string,
): Promise<ProviderAccountRow> {
  const row = await getAccountOrThrow(context, id)
  await recordedChange(context, accountChange('removed', row), (transaction) =>
    deleteProviderAccount(transaction, row),
  )
  await context.reloadAccounts()
  return row
}
