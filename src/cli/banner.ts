import type { Config } from '../app/config.ts'
import { providerDefinitions } from '../providers/index.ts'
import type { ProviderMode } from '../providers/provider-registry.ts'

export interface BannerOptions {
  readonly config: Config
  readonly graphqlUrl: string
  /** Exchanged for a cookie by the first browser that opens one of the addresses; `null` in production. */
  readonly startToken: string | null
  readonly dataLocation: string
  /** Not shown in production. */
  readonly apiKey: string
  readonly sandboxUrl: URL | null
}

const modeLabels: Record<ProviderMode, string> = { REAL: 'real', SANDBOX: 'sandbox', OFF: 'not configured' }

const loopbackNote = 'pages on localhost, any port; set CORS_ORIGINS for others'

/** The text that is printed after the start: URLs, API key, provider modes and data location. */
export function banner(options: BannerOptions): string {
  const { config, graphqlUrl, startToken, dataLocation, apiKey, sandboxUrl } = options
  const query = startToken === null ? '' : `?token=${startToken}`
  const isOnOtherPort =
    sandboxUrl !== null && config.sandbox.port !== 0 && Number(sandboxUrl.port) !== config.sandbox.port
  const rows: readonly (readonly [string, string])[] = [
    ['Start here', graphqlUrl.replace(/graphql$/, '') + query],
    ...(config.graphiql ? [['GraphiQL', graphqlUrl + query] as const] : [['GraphQL', graphqlUrl] as const]),
    ...(config.mcp ? [['MCP', graphqlUrl.replace(/graphql$/, 'mcp')] as const] : []),
    ...(config.production ? [] : [['API key', apiKey] as const]),
    ...providerDefinitions.map(({ key, name }) => [name, modeLabels[config.providerModes[key]]] as const),
    ...(sandboxUrl
      ? [
          [
            'Sandbox',
            `${sandboxUrl.origin}${isOnOtherPort ? ` (port ${config.sandbox.port} is in use)` : ''}`,
          ] as const,
        ]
      : []),
    ...(config.corsLoopback ? [['CORS', loopbackNote] as const] : []),
    ['Data', dataLocation],
  ]
  const lines = rows.map(([name, value]) => `  ${name.padEnd(11)}${value}`)
  return ['', '  Connect Gateway', '', ...lines, '', '  Ctrl-C stops it.', ''].join('\n')
}

/** The same as one line of JSON. */
export const jsonBanner = (options: BannerOptions): string =>
  JSON.stringify({
    graphqlUrl: options.graphqlUrl,
    startToken: options.startToken,
    apiKey: options.config.production ? null : options.apiKey,
    providers: options.config.providerModes,
    sandboxUrl: options.sandboxUrl?.origin ?? null,
    data: options.dataLocation,
  })
