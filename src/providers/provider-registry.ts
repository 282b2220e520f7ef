import type { z } from 'zod'
import { UnsupportedError } from '../domain/errors.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { AdapterContext, Capabilities } from './adapter.ts'
import type { BoundProvider, Environment, ProviderDefinition } from './definition.ts'

/** How one provider is to be reached. */
export type ProviderMode = 'REAL' | 'SANDBOX' | 'OFF'

/** One of the four, as this gateway is configured. */
export interface Provider {
  readonly key: ProviderKey
  readonly name: string
  readonly capabilities: Capabilities
  readonly linkOptions: z.ZodType
  /** It talks to the gateway's own sandbox. */
  readonly sandbox: boolean
  /** `null`: not configured. */
  readonly bound: BoundProvider | null
}

export type ConfiguredProvider = Provider & BoundProvider

export interface ProviderRegistry {
  readonly all: readonly Provider[]
  readonly configured: readonly ConfiguredProvider[]
  /** Of the configured ones. */
  readonly accountKeys: readonly string[]
  get(key: ProviderKey): Provider
  /** The one that a stored row belongs to; `undefined`: its account is not configured any more. */
  byAccountKey(accountKey: string): ConfiguredProvider | undefined
  /** Throws UnsupportedError (PROVIDER_NOT_CONFIGURED) for one that is not. */
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
      if (provider === undefined) throw new Error(`no provider file for ${key}`)
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
  /** Of its APIs. */
  readonly url: URL
  /** Of the pages that its links lead to: served by whichever gateway runs it. */
  readonly pagesUrl: URL
}

export interface ProviderSetup {
  readonly modes: Readonly<Record<ProviderKey, ProviderMode>>
  readonly environment: Environment
  /** Without it sandboxed providers are not configured. */
  readonly sandbox: SandboxLocation | null
}

/** One provider as the configuration wants it: real, against the sandbox, or not at all. */
export function configureProvider(
  definition: ProviderDefinition,
  { modes, environment, sandbox }: ProviderSetup,
  context: Pick<AdapterContext, 'http' | 'now'>,
): Provider {
  const mode = modes[definition.key]
  const isSandbox = mode === 'SANDBOX' && sandbox !== null
  const place = sandbox?.url.origin ?? 'http://127.0.0.1'
  // Capabilities depend on settings; without credentials the sandbox's stand in for reading them.
  const standIn = { ...environment, ...definition.sandboxVariables(place, environment) }
  const read = definition.parseSettings(mode === 'REAL' ? environment : standIn)
  if (!read.ok) throw new Error(`the settings of ${definition.key} were not checked`)
  const linkOrigins = isSandbox ? [place, sandbox.pagesUrl.origin] : []
  const bound =
    mode === 'REAL' || isSandbox
      ? read.bind({ ...context, sandbox: isSandbox, trustedOrigins: linkOrigins })
      : null
  const { key, name, linkOptions } = definition
  return { key, name, linkOptions, sandbox: isSandbox, capabilities: read.capabilities, bound }
}
