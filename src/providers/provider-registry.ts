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

export type ConfiguredProvider = Provider & BoundProvider

export interface ProviderRegistry {
  readonly all: readonly Provider[]
  readonly configured: readonly ConfiguredProvider[]
  /** The account keys of the configured providers. */
  readonly accountKeys: readonly string[]
  get(key: ProviderKey): Provider
  /** The provider of a stored row; `undefined`: its account is not configured any more. */
  byAccountKey(accountKey: string): ConfiguredProvider | undefined
  /** Throws UnsupportedError (PROVIDER_NOT_CONFIGURED) if the provider is not configured. */
  getConfigured(key: ProviderKey): ConfiguredProvider
}

export function createProviderRegistry(all: readonly Provider[]): ProviderRegistry {
  const configured = all.flatMap((provider) => (provider.bound ? [{ ...provider, ...provider.bound }] : []))
  const byKey = new Map(all.map((provider) => [provider.key, provider]))
  return {
    all,
    configured,
    accountKeys: configured.map(({ accountKey }) => accountKey),
    get(key) {
      const provider = byKey.get(key)
      if (provider === undefined) throw new Error(`no provider definition for ${key}`)
      return provider
    },
    byAccountKey: (accountKey) => configured.find((provider) => provider.accountKey === accountKey),
    getConfigured(key) {
      const found = configured.find((provider) => provider.key === key)
      if (found) return found
      throw new UnsupportedError(
        key,
        `${byKey.get(key)?.name ?? key} is not configured.`,
        'PROVIDER_NOT_CONFIGURED',
      )
    },
  }
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
export type AccountContextOf = (accountKey: string) => Omit<AdapterContext, 'sandbox' | 'trustedOrigins'>

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
