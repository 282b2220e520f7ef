import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { ConflictError, InvalidInputError } from '../../domain/errors.ts'
import type { ProviderKey } from '../../domain/provider-key.ts'
import { operation } from '../../http/http-types.ts'
import { insertProviderAccount } from '../../store/provider-accounts.ts'
import type { ProviderAccountRow } from '../../store/schema.ts'
import { recordedChange } from '../audit/recorded-change.ts'
import type { ConnectContext } from '../context.ts'
import { organizationIdSchema, text } from '../input-schemas.ts'
import { type SettingInput, settingsColumns, validateSettings } from './account-settings.ts'
import { verifyCredentials } from './verify-account.ts'

/** `CreateProviderAccountInput` as GraphQL delivers it. */
export interface AccountInput {
  readonly provider: ProviderKey
  readonly organizationId: string
  readonly name: string
  readonly settings: readonly SettingInput[]
}

const inputSchema = z.object({ organizationId: organizationIdSchema, name: text(250) })

/**
 * Stores an account of an organization, after its provider has accepted the credentials. Throws InvalidInputError,
 * ConflictError, UnsupportedError or ProviderError.
 */
export async function createProviderAccount(
  context: ConnectContext,
  input: AccountInput,
  signal: AbortSignal,
): Promise<ProviderAccountRow> {
  const { encryption, now, ownAccounts, providers } = context
  const { provider, settings: given } = input
  const { data, error } = inputSchema.safeParse(input)
  if (error !== undefined)
    throw new InvalidInputError(
      error.issues.map(({ path, message }) => ({ path: ['input', ...path.map(String)], message })),
    )
  const { settings, account } = validateSettings(ownAccounts, { provider, given }, ['input', 'settings'])
  const id = randomUUID()
  const owner = { accountId: id, organizationId: data.organizationId }
  const { accountKey, remoteAccount } = account.identify(owner)
  if (providers.configured.some((one) => one.remoteAccount === remoteAccount)) throw alreadyUsed()
  await account.tryOut(owner, (trial) => verifyCredentials(trial, operation(signal)))
  const at = now()
  const row = {
    id,
    provider,
    ...data,
    accountKey,
    remoteAccount,
    ...settingsColumns(encryption, id, settings),
    createdAt: at,
    updatedAt: at,
    verifiedAt: at,
  }
  const isInserted = await recordedChange(context, accountChange('created', row), (transaction) =>
    insertProviderAccount(transaction, row),
  )
  if (!isInserted) throw alreadyUsed()
  await context.reloadAccounts()
  return row
}

/** The change of an account, for the audit log. */
export const accountChange = (name: string, { id, organizationId }: ProviderAccountRow) => ({
  operation: `providerAccount.${name}`,
  target: { type: 'ProviderAccount', id },
  organizationId,
})

export const alreadyUsed = () =>
  new ConflictError(
    'INVALID_STATE',
    'The organization has an account at this provider already, or these credentials belong to an account that is in use.',
  )
