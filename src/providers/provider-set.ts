import type { z } from 'zod'
import { UnsupportedError } from '../errors.ts'
import type { ProviderKey } from '../provider-key.ts'
import type { BoundProvider, Environment, ProviderDefinition } from './definition.ts'
import type { AdapterContext, Capabilities } from './provider.ts'

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

export interface ProviderSet {
  readonly all: readonly Provider[]
  readonly configured: readonly ConfiguredProvider[]
  /** Of the configured ones. */
  readonly scopes: readonly string[]
  get(key: ProviderKey): Provider
  /** Throws UnsupportedError (PROVIDER_NOT_CONFIGURED) for one that is not. */
  demand(key: ProviderKey): ConfiguredProvider
}

export function createProviderSet(all: readonly Provider[]): ProviderSet {
  const configured = all.flatMap((provider) => (provider.bound ? [{ ...provider, ...provider.bound }] : []))
  const byKey = new Map(all.map((provider) => [provider.key, provider]))
  return {
    all,
    configured,
    scopes: configured.map(({ scope }) => scope),
    get(key) {
      const provider = byKey.get(key)
      if (provider === undefined) throw new Error(`no provider file for ${key}`)
      return provider
    },
    demand(key) {
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

export interface ProviderSetUp {
  readonly modes: Readonly<Record<ProviderKey, ProviderMode>>
  readonly environment: Environment
  /** The sandbox's APIs; without it sandboxed providers are not configured. */
  readonly sandboxUrl: URL | null
  /** Where the sandbox's pages are reached when it runs beside the gateway. */
  readonly publicUrl: URL
}

/** One provider as the configuration wants it: real, against the sandbox, or not at all. */
export function setUpProvider(
  definition: ProviderDefinition,
  { modes, environment, sandboxUrl, publicUrl }: ProviderSetUp,
  context: Pick<AdapterContext, 'http' | 'now'>,
): Provider {
  const mode = modes[definition.key]
  const sandbox = mode === 'SANDBOX' && sandboxUrl !== null
  const place = sandboxUrl?.origin ?? 'http://127.0.0.1'
  // Capabilities depend on settings; without credentials the sandbox's stand in for reading them.
  const standIn = { ...environment, ...definition.sandboxVariables(place, environment) }
  const read = definition.read(mode === 'REAL' ? environment : standIn)
  if (!read.ok) throw new Error(`the settings of ${definition.key} were not checked`)
  const linkOrigins = sandbox ? [place, publicUrl.origin] : []
  const bound = mode === 'REAL' || sandbox ? read.bind({ ...context, sandbox, linkOrigins }) : null
  const { key, name, linkOptions } = definition
  return { key, name, linkOptions, sandbox, capabilities: read.capabilities, bound }
}
