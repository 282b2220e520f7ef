import { ConflictError, NotFoundError } from '../../domain/errors.ts'
import { operation } from '../../http/http-types.ts'
import {
  findProviderAccount,
  isRemoteAccountUsed,
  updateProviderAccount,
} from '../../store/provider-accounts.ts'
import type { ProviderAccountRow } from '../../store/schema.ts'
import { recordedChange } from '../audit/recorded-change.ts'
import type { ConnectContext } from '../context.ts'
import { decryptSettings, type SettingInput, settingsColumns, validateSettings } from './account-settings.ts'
import { accountChange, alreadyUsed } from './create-account.ts'
import { requireSameAccount, verifyCredentials } from './verify-account.ts'

export interface RotateRequest {
  readonly id: string
  readonly settings: readonly SettingInput[]
  readonly signal: AbortSignal
}

/**
 * Replaces settings of an account, after its provider has accepted them; the others stay. Its links and connections stay
 * too, so that the new credentials must belong to the same account. Throws NotFoundError, InvalidInputError,
 * ConflictError, UnsupportedError or ProviderError.
 */
export async function rotateProviderAccount(
  context: ConnectContext,
  { id, settings: given, signal }: RotateRequest,
): Promise<ProviderAccountRow> {
  const { db, encryption, now, ownAccounts, providers } = context
  const row = await getAccountOrThrow(context, id)
  const { provider, organizationId } = row
  const current = decryptSettings(encryption, row)
  const { settings, account } = validateSettings(ownAccounts, { provider, given, current }, ['settings'])
  const owner = { accountId: id, organizationId }
  const { accountKey, remoteAccount } = account.identify(owner)
  if (accountKey !== row.accountKey) throw otherAccount()
  const isKeyNew = remoteAccount !== row.remoteAccount
  const isOfEnvironment = providers.configured.some((one) => one.remoteAccount === remoteAccount)
  if (isOfEnvironment || (isKeyNew && (await isRemoteAccountUsed(db, remoteAccount)))) throw alreadyUsed()
  await account.tryOut(owner, async (trial) => {
    await verifyCredentials(trial, operation(signal))
    if (isKeyNew) await requireSameAccount(db, trial, operation(signal))
  })
  const at = now()
  const columns = {
    ...settingsColumns(encryption, id, settings),
    remoteAccount,
    updatedAt: at,
    verifiedAt: at,
  }
  const isReplaced = await recordedChange(context, accountChange('rotated', row), (transaction) =>
    updateProviderAccount(transaction, row, columns),
  )
  if (!isReplaced) throw new ConflictError('INVALID_STATE', 'The account was changed or removed meanwhile.')
  await context.reloadAccounts()
  return { ...row, ...columns }
}

const otherAccount = () =>
  new ConflictError(
    'INVALID_STATE',
    'The settings name another account at the provider: remove this account and create another one.',
  )

export async function getAccountOrThrow({ db }: ConnectContext, id: string): Promise<ProviderAccountRow> {
  const row = await findProviderAccount(db, id)
  if (row === undefined) throw new NotFoundError('There is no such provider account.')
  return row
}
