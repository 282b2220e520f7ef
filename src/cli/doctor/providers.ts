import type { Config } from '../../app/config.ts'
import type { createProviders } from '../../app/create-providers.ts'
import { createAccountLoader } from '../../connect/accounts/load-accounts.ts'
import { webhookAddress } from '../../connect/webhooks/webhook-address.ts'
import type { Log } from '../../domain/log.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { countConnectors } from '../../store/connectors.ts'
import type { Database } from '../../store/database.ts'
import type { Encryption } from '../../store/encryption.ts'
import { findProviderAccounts } from '../../store/provider-accounts.ts'
import { publicUrlOf } from '../public-url.ts'
import { checkAccount } from './account.ts'
import { type Check, result } from './check.ts'
import { checkWebhookUrl } from './webhook.ts'

export interface ProviderChecks {
  readonly config: Config
  readonly created: ReturnType<typeof createProviders>
  /** `null`: it cannot be used. */
  readonly db: Database | null
  /** `null`: the encryption key is not known. */
  readonly encryption: Encryption | null
  readonly log: Log
}

/** The checks of all provider accounts: those of the environment, and those of organizations in the database. */
export async function providerChecks(context: ProviderChecks): Promise<readonly Check[]> {
  const { created } = context
  const ownAccounts = await loadOwnAccounts(context)
  const off = created.providers.all
    .filter(({ bound }) => bound === null)
    .map(({ name }): Check => {
      const isSandbox = Object.values(context.config.providerModes).includes('SANDBOX')
      const message = isSandbox
        ? `${name} has no credentials, and its sandbox does not run.`
        : `${name} is not configured.`
      return { subject: name, check: 'configured', run: async () => [result('SKIP', 'configured', message)] }
    })
  const accounts = created.providers.accounts.map((account) => accountCheck(context, account))
  return [...accounts, ...ownAccounts, ...off]
}

/** Loads the accounts of organizations; a check reports those that cannot be used. */
async function loadOwnAccounts({ created, db, encryption, log }: ProviderChecks): Promise<readonly Check[]> {
  if (db === null || encryption === null) return []
  await createAccountLoader({ ...created, db, encryption, log })()
  const stored = (await findProviderAccounts(db)).length
  const unusable = stored - (created.providers.accounts.length - created.providers.configured.length)
  if (unusable === 0) return []
  const message = `${unusable} provider accounts of organizations cannot be used: the log of the gateway says why.`
  return [
    {
      subject: 'organizations',
      check: 'provider accounts',
      run: async () => [result('FAIL', 'provider accounts', message)],
    },
  ]
}

function accountCheck(
  { config, created, db, encryption }: ProviderChecks,
  account: ConfiguredProvider,
): Check {
  const publicUrl = publicUrlOf(config, config.port)
  const webhookUrl = encryption && webhookAddress({ encryption, publicUrl }, account).url
  return {
    subject: labelOf(account),
    check: 'credentials',
    async run(signal) {
      const storedConnectors = db && (await countConnectors(db, account.accountKey))
      const check = { account, clocks: created.clocks, webhookUrl, storedConnectors }
      const [results, webhook] = await Promise.all([
        checkAccount(check, signal),
        checkWebhookUrl({ account, url: webhookUrl }, config, signal),
      ])
      return [...results, ...webhook]
    },
  }
}

const labelOf = ({ name, organizationId, sandbox }: ConfiguredProvider) =>
  [
    name,
    ...(sandbox ? ['(sandbox)'] : []),
    ...(organizationId === null ? [] : [`of ${organizationId}`]),
  ].join(' ')
