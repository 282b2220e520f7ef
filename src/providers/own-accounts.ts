import { UnsupportedError } from '../domain/errors.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { AccountIdentity, AccountOwner } from './account-key.ts'
import type { Environment, ProviderDefinition } from './definition.ts'
import type {
  AccountContext,
  AccountContextOf,
  ConfiguredProvider,
  ProviderSetup,
} from './provider-registry.ts'

/** Makes accounts of organizations from settings that were given through the API. */
export interface OwnAccounts {
  /** The variables that such an account may set. */
  variables(provider: ProviderKey): readonly string[]
  /**
   * Validates settings, by variable. Throws UnsupportedError (PROVIDER_NOT_CONFIGURED) if the provider's requests would go
   * to a sandbox that does not run.
   */
  parse(provider: ProviderKey, settings: Environment): ParsedAccount
}

export type ParsedAccount =
  | {
      readonly ok: true
      identify(owner: AccountOwner): AccountIdentity
      bind(owner: AccountOwner): ConfiguredProvider
      /** Calls `use` with the account, whose calls count for no health, and closes its connections afterwards. */
      tryOut<Result>(
        owner: AccountOwner,
        use: (account: ConfiguredProvider) => Promise<Result>,
      ): Promise<Result>
    }
  | {
      readonly ok: false
      readonly problems: readonly { readonly variable: string; readonly message: string }[]
    }

export interface OwnAccountsSetup extends ProviderSetup {
  readonly definitions: Readonly<Record<ProviderKey, ProviderDefinition>>
  readonly contextOf: AccountContextOf
  /** A context for credentials that are not stored yet. */
  openTrial(): { readonly context: AccountContext; close(): Promise<void> }
}

export function createOwnAccounts(setup: OwnAccountsSetup): OwnAccounts {
  const { definitions, contextOf, openTrial } = setup
  return {
    variables: (provider) => definitions[provider].ownVariables,
    parse(provider, given) {
      const definition = definitions[provider]
      const { ownVariables, key, name, linkOptions } = definition
      const place = placeOf(definition, setup)
      const own = Object.entries(given).filter(([variable]) => ownVariables.includes(variable))
      const settings = definition.parseSettings({ ...place.urls, ...Object.fromEntries(own) })
      if (!settings.ok) return settings
      const { capabilities, bind: bindSettings } = settings
      const { sandbox, trustedOrigins } = place
      const identify = (owner: AccountOwner) => settings.identify(sandbox, owner)
      function bind(owner: AccountOwner, context: AccountContext): ConfiguredProvider {
        const bound = { ...bindSettings({ ...context, sandbox, trustedOrigins }), ...identify(owner) }
        const { organizationId } = owner
        return { key, name, linkOptions, sandbox, capabilities, bound, ...bound, organizationId }
      }
      return {
        ok: true,
        identify,
        bind: (owner) => bind(owner, contextOf(identify(owner).accountKey)),
        async tryOut(owner, use) {
          const { context, close } = openTrial()
          return use(bind(owner, context)).finally(close)
        },
      }
    },
  }
}

/** Where the requests of a provider go: only the operator decides that. */
function placeOf(definition: ProviderDefinition, { modes, environment, sandbox }: ProviderSetup) {
  const urlsOf = (variables: Environment): Environment =>
    Object.fromEntries(
      definition.variables.filter((name) => name.endsWith('_URL')).map((name) => [name, variables[name]]),
    )
  if (modes[definition.key] !== 'SANDBOX')
    return { sandbox: false, trustedOrigins: [], urls: urlsOf(environment) }
  if (sandbox === null)
    throw new UnsupportedError(
      definition.key,
      `The sandbox of ${definition.name} does not run.`,
      'PROVIDER_NOT_CONFIGURED',
    )
  const pagesUrl = sandbox.pagesUrl.href.replace(/\/$/, '')
  return {
    sandbox: true,
    trustedOrigins: [sandbox.url.origin, sandbox.pagesUrl.origin],
    urls: urlsOf(definition.sandboxVariables(sandbox.url.origin, environment, pagesUrl)),
  }
}
