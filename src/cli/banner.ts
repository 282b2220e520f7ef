import type { Config } from '../app/config.ts'
import { providerDefinitions } from '../providers/index.ts'
import type { ProviderMode } from '../providers/provider-registry.ts'

export interface BannerOptions {
  readonly config: Config
  readonly graphqlUrl: string
  readonly place: string
  /** Shown only where it may be: outside production. */
  readonly apiKey: string
  readonly sandboxUrl: URL | null
}

const words: Record<ProviderMode, string> = { REAL: 'real', SANDBOX: 'sandbox', OFF: 'not configured' }

/** What a person wants to know once the gateway runs. */
export function banner({ config, graphqlUrl, place, apiKey, sandboxUrl }: BannerOptions): string {
  const movedSandbox =
    sandboxUrl !== null && config.sandbox.port !== 0 && Number(sandboxUrl.port) !== config.sandbox.port
  const rows: readonly (readonly [string, string])[] = [
    ['Start here', graphqlUrl.replace(/graphql$/, '')],
    ['GraphiQL', graphqlUrl],
    ...(config.production ? [] : [['API key', apiKey] as const]),
    ...providerDefinitions.map(({ key, name }) => [name, words[config.providerModes[key]]] as const),
    ...(sandboxUrl
      ? [
          [
            'Sandbox',
            `${sandboxUrl.origin}${movedSandbox ? ` (port ${config.sandbox.port} is in use)` : ''}`,
          ] as const,
        ]
      : []),
    ['Data', place],
  ]
  const lines = rows.map(([name, value]) => `  ${name.padEnd(11)}${value}`)
  return ['', '  Connect Gateway', '', ...lines, '', '  Ctrl-C stops it.', ''].join('\n')
}
