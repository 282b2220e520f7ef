import type { Log } from '../../domain/log.ts'
import type { OwnAccounts } from '../../providers/own-accounts.ts'
import type { ConfiguredProvider, OwnAccount, ProviderRegistry } from '../../providers/provider-registry.ts'
import type { Database } from '../../store/database.ts'
import type { Encryption } from '../../store/encryption.ts'
import { findProviderAccounts } from '../../store/provider-accounts.ts'
import type { ProviderAccountRow } from '../../store/schema.ts'
import { decryptSettings } from './account-settings.ts'

export interface AccountLoaderOptions {
  readonly db: Database
  readonly encryption: Encryption
  readonly providers: ProviderRegistry
  readonly ownAccounts: OwnAccounts
  readonly log: Log
}

interface LoadedAccount extends OwnAccount {
  readonly settingsEncrypted: string
}

/**
 * Returns a function that reads the accounts of organizations from the store into the registry. An account with unchanged
 * credentials stays as it is, with its access tokens and its pool of connections.
 */
export function createAccountLoader(options: AccountLoaderOptions): () => Promise<void> {
  let loaded = new Map<string, LoadedAccount>()
  let last: Promise<void> = Promise.resolve()

  async function load(): Promise<void> {
    const rows = await findProviderAccounts(options.db)
    const next = new Map<string, LoadedAccount>()
    for (const row of rows) {
      const known = loaded.get(row.id)
      const isUnchanged = known?.settingsEncrypted === row.settingsEncrypted
      const { provider: key, organizationId, settingsEncrypted } = row
      const bindRow = () => ({ key, organizationId, settingsEncrypted, account: bindOrLog(options, row) })
      next.set(row.id, isUnchanged ? known : bindRow())
    }
    loaded = next
    options.providers.replaceOwnAccounts([...next.values()])
  }

  // One after the other: an older read must not replace the result of a newer one.
  return () => {
    last = last.catch(() => undefined).then(load)
    return last
  }
}

/** An account that cannot be used must not stop the gateway, nor the other accounts. */
function bindOrLog(options: AccountLoaderOptions, row: ProviderAccountRow): ConfiguredProvider | null {
  const { id, provider } = row
  try {
    return bind(options, row)
  } catch (err) {
    options.log.error({ err, provider, accountId: id }, 'a provider account cannot be used')
    return null
  }
}

function bind(
  { encryption, ownAccounts, providers }: AccountLoaderOptions,
  row: ProviderAccountRow,
): ConfiguredProvider {
  const parsed = ownAccounts.parse(row.provider, decryptSettings(encryption, row))
  if (!parsed.ok)
    throw new Error(`invalid settings: ${parsed.problems.map(({ variable }) => variable).join(', ')}`)
  const owner = { accountId: row.id, organizationId: row.organizationId }
  // The operator has changed the base URL, or uses the real provider instead of the sandbox.
  if (parsed.identify(owner).accountKey !== row.accountKey)
    throw new Error('the account was created at another base URL')
  if (providers.configured.some(({ remoteAccount }) => remoteAccount === row.remoteAccount))
    throw new Error("the environment's credentials belong to the same account")
  return parsed.bind(owner)
}
