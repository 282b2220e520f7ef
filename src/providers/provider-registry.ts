import type { z } from 'zod'
import { UnsupportedError } from '../domain/errors.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { AdapterContext, Capabilities } from './adapter.ts'
import type { BoundProvider, Environment, ProviderDefinition } from './definition.ts'

/** Whether the gateway uses a provider's real API, the sandbox or neither. */
export type ProviderMode = 'REAL' | 'SANDBOX' | 'OFF'

/** A provider with this gateway's configuration. */
export interface Provider {
  readonly key: ProviderKey
  readonly name: string
  readonly capabilities: Capabilities
  readonly linkOptions: z.ZodType
  /** Whether it uses the gateway's own sandbox. */
  readonly sandbox: boolean
  /** `null`: not configured. */
  readonly bound: BoundProvider | null
}

/** An account at a provider. */
export interface ConfiguredProvider extends Provider, BoundProvider {
  /** The organization whose end users use it; `null`: the account of the environment, which all others use. */
  readonly organizationId: string | null
}

export interface ProviderRegistry {
  /** All providers as the environment configures them. */
  readonly all: readonly Provider[]
  /** The accounts of the environment: at most one of each provider. */
  readonly configured: readonly ConfiguredProvider[]
  /** The accounts of the environment, then those of organizations. Changes with `replaceOwnAccounts`. */
  readonly accounts: readonly ConfiguredProvider[]
  /** The keys of `accounts`. */
  readonly accountKeys: readonly string[]
  get(key: ProviderKey): Provider
  /** The account of a stored row; `undefined`: it is not configured any more. */
  byAccountKey(accountKey: string): ConfiguredProvider | undefined
  /**
   * The account of an organization's end users, which is that of the environment unless the organization has its own.
   * Throws UnsupportedError (PROVIDER_NOT_CONFIGURED) if there is none.
   */
  getConfigured(key: ProviderKey, organizationId?: string | null): ConfiguredProvider
  /** All providers, each with the account of the organization's end users; `null`: as `all`. */
  seenBy(organizationId: string | null): readonly Provider[]
  /** The accounts of the organization's end users: at most one of each provider. `null`: as `configured`. */
  usedBy(organizationId: string | null): readonly ConfiguredProvider[]
  /** Replaces the accounts of all organizations. */
  replaceOwnAccounts(accounts: readonly OwnAccount[]): void
}

/** The account of an organization at a provider. */
export interface OwnAccount {
  readonly key: ProviderKey
  readonly organizationId: string
  /** `null`: it cannot be used. Nor is that of the environment then, where nothing of the organization may be created. */
  readonly account: ConfiguredProvider | null
}

export function createProviderRegistry(all: readonly Provider[]): ProviderRegistry {
  const configured = all.flatMap((provider) =>
    provider.bound ? [{ ...provider, ...provider.bound, organizationId: null }] : [],
  )
  const byKey = new Map(all.map((provider) => [provider.key, provider]))
  let accounts: readonly ConfiguredProvider[] = configured
  let byAccountKey = indexOf(configured)
  let ownAccounts: OwnAccounts = new Map()

  function usedBy(organizationId: string | null): readonly ConfiguredProvider[] {
    const own = organizationId === null ? undefined : ownAccounts.get(organizationId)
    if (own === undefined) return configured
    const environmentOf = (provider: ProviderKey) => configured.find(({ key }) => key === provider)
    return all.flatMap(({ key }) => (own.has(key) ? own.get(key) : environmentOf(key)) ?? [])
  }

  return {
    all,
    configured,
    get accounts() {
      return accounts
    },
    get accountKeys() {
      return [...byAccountKey.keys()]
    },
    get(key) {
      const provider = byKey.get(key)
      if (provider === undefined) throw new Error(`no provider definition for ${key}`)
      return provider
    },
    byAccountKey: (accountKey) => byAccountKey.get(accountKey),
    usedBy,
    seenBy: (organizationId) =>
      all.map(
        (provider) =>
          usedBy(organizationId).find(({ key }) => key === provider.key) ?? { ...provider, bound: null },
      ),
    replaceOwnAccounts(own) {
      accounts = [...configured, ...own.flatMap(({ account }) => account ?? [])]
      byAccountKey = indexOf(accounts)
      ownAccounts = byOrganization(own)
    },
    getConfigured(key, organizationId = null) {
      const found = usedBy(organizationId).find((provider) => provider.key === key)
      if (found) return found
      throw new UnsupportedError(
        key,
        `${byKey.get(key)?.name ?? key} is not configured.`,
        'PROVIDER_NOT_CONFIGURED',
      )
    },
  }
}

const indexOf = (accounts: readonly ConfiguredProvider[]) =>
  new Map(accounts.map((account) => [account.accountKey, account]))

/** By organization and provider. */
type OwnAccounts = ReadonlyMap<string, ReadonlyMap<ProviderKey, ConfiguredProvider | null>>

function byOrganization(accounts: readonly OwnAccount[]): OwnAccounts {
  const grouped = new Map<string, Map<ProviderKey, ConfiguredProvider | null>>()
  for (const { organizationId, key, account } of accounts) {
    const own = grouped.get(organizationId) ?? new Map<ProviderKey, ConfiguredProvider | null>()
    grouped.set(organizationId, own.set(key, account))
  }
  return grouped
}

export interface SandboxLocation {
  /** Base URL of the sandbox APIs. */
  readonly url: URL
  /** Base URL of the pages that sandbox links lead to. They are served by the gateway that runs the sandbox. */
  readonly pagesUrl: URL
}

export interface ProviderSetup {
  readonly modes: Readonly<Record<ProviderKey, ProviderMode>>
  readonly environment: Environment
  /** `null`: providers in SANDBOX mode are not configured. */
  readonly sandbox: SandboxLocation | null
}

/** What the adapter of one account uses: its calls update health and clock of that account only. */
export type AccountContext = Omit<AdapterContext, 'sandbox' | 'trustedOrigins'>
export type AccountContextOf = (accountKey: string) => AccountContext

/**
 * Binds a provider to its real API or to the sandbox, or leaves it unconfigured. Throws if its settings are
 * invalid.
 */
export function configureProvider(
  definition: ProviderDefinition,
  { modes, environment, sandbox }: ProviderSetup,
  contextOf: AccountContextOf,
): Provider {
  const mode = modes[definition.key]
  const isSandbox = mode === 'SANDBOX' && sandbox !== null
  const sandboxOrigin = sandbox?.url.origin ?? 'http://127.0.0.1'
  // Capabilities depend on settings: without real credentials, they are derived from the sandbox settings.
  const sandboxPages = sandbox?.pagesUrl.href.replace(/\/$/, '')
  const sandboxEnvironment = {
    ...environment,
    ...definition.sandboxVariables(sandboxOrigin, environment, sandboxPages),
  }
  const settings = definition.parseSettings(mode === 'REAL' ? environment : sandboxEnvironment)
  if (!settings.ok) throw new Error(`the settings of ${definition.key} were not checked`)
  const linkOrigins = isSandbox ? [sandboxOrigin, sandbox.pagesUrl.origin] : []
  const bound =
    mode === 'REAL' || isSandbox
      ? settings.bind({
          ...contextOf(settings.identify(isSandbox).accountKey),
          sandbox: isSandbox,
          trustedOrigins: linkOrigins,
        })
      : null
  const { key, name, linkOptions } = definition
  return { key, name, linkOptions, sandbox: isSandbox, capabilities: settings.capabilities, bound }
}
