import type { Branding } from '../domain/branding.ts'
import { OperatorError } from '../domain/errors.ts'
import { type ProviderKey, perProvider, providerKeys } from '../domain/provider-key.ts'
import type { LinkGuard } from '../domain/statuses.ts'
import type { ProxySettings } from '../http/dispatcher.ts'
import type { Environment, ProviderDefinition } from '../providers/definition.ts'
import type { ProviderMode } from '../providers/provider-registry.ts'
import type { TrustedDocumentsMode } from '../server/use-trusted-documents.ts'
import { brandingOf } from './branding-settings.ts'
import { keyProblems } from './key-problems.ts'
import { proxySettings } from './proxy-settings.ts'
import { isTracingOn, tracingProblems } from './tracing-settings.ts'
import { variablesSchema } from './variables.ts'
import { type WebhookSettings, webhookProblems, webhookSettings } from './webhook-settings.ts'
import { workerProblems } from './worker-problems.ts'

/** All problems of the environment, by variable name; values are never included. */
export class ConfigError extends OperatorError {
  override readonly name = 'ConfigError'

  constructor(problems: readonly string[]) {
    super(
      `The environment has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    )
  }
}

/** Limits per minute, over all gateways that share the database; `null`: not limited. */
export interface RateLimits {
  /** Cost of an end user's requests. */
  readonly session: number
  /** Cost of an API key's requests. */
  readonly apiKey: number | null
  /** Requests of an address for pages. */
  readonly address: number | null
}

export interface Config {
  readonly port: number
  readonly host: string
  /** URL at which end users and applications reach the gateway; `null`: the address it listens on. */
  readonly publicUrl: URL | null
  readonly databaseUrl: string | null
  /** A direct connection to the database for notifications; `null`: `databaseUrl`. */
  readonly databaseListenUrl: string | null
  readonly dataDir: string
  readonly logLevel: string
  /** `null`: not set; outside production a key is then generated and stored in `dataDir`. */
  readonly apiKey: string | null
  readonly encryptionKey: string | null
  readonly oldEncryptionKeys: readonly string[]
  readonly corsOrigins: readonly string[]
  /** Whether pages of this machine may call the API: outside production, if CORS_ORIGINS is not set. */
  readonly corsLoopback: boolean
  /** Origins, and schemes of applications such as "myapp:". */
  readonly redirectOrigins: readonly string[]
  /** Origins whose pages may frame the portal and the pages of embeddable links. */
  readonly embedOrigins: readonly string[]
  /** Addresses and subnets of the proxies whose `X-Forwarded-For` counts. */
  readonly trustedProxies: readonly string[]
  readonly trustedDocuments: {
    readonly mode: TrustedDocumentsMode
    /** Paths of manifests in addition to that of the published operations. */
    readonly files: readonly string[]
  }
  readonly linkTtlSeconds: number
  readonly maxOpenLinksPerEndUser: number
  /** The guard of links whose input has none. */
  readonly linkGuard: LinkGuard
  /** How the pages for end users present the application. */
  readonly branding: Branding
  readonly rateLimits: RateLimits
  /** Open connections of the HTTP server. */
  readonly maxConnections: number
  readonly keepAliveTimeoutSeconds: number
  readonly shutdownDelaySeconds: number
  readonly executionTimeoutSeconds: number
  /** GraphQL requests that are answered at the same time, event streams not counted. */
  readonly maxInFlight: number
  /** Processes that share the port; 1: this one only. */
  readonly workers: number
  /** Of callers that may read the metrics; `null`: they are not served. */
  readonly metricsToken: string | null
  /** Port on which the metrics are served without a token; `null`: none. */
  readonly metricsPort: number | null
  readonly metricsHost: string
  /** Whether traces are recorded and exported. */
  readonly tracing: boolean
  readonly webhooks: WebhookSettings
  readonly proxy: ProxySettings
  readonly retentionDays: number
  readonly auditRetentionDays: number
  readonly sandbox: { readonly port: number; readonly connectors: number; readonly connections: number }
  readonly production: boolean
  /** Whether GraphiQL is served. */
  readonly graphiql: boolean
  /** Whether the MCP server is served. */
  readonly mcp: boolean
  readonly providerModes: Readonly<Record<ProviderKey, ProviderMode>>
  /** The whole environment, from which providers read their own variables. */
  readonly environment: Environment
}

const ownPrefixes = new RegExp(
  `^(AUDIT|EMBED|GATEWAY|SANDBOX|CORS|REDIRECT|ALLOWED_REDIRECT|TRUSTED|LINK_TTL|MAX_OPEN_LINKS|MAX_CONNECTIONS|MAX_IN|EXECUTION_TIMEOUT|KEEP_ALIVE|SHUTDOWN_DELAY|RATE_LIMIT|RETENTION|${providerKeys.join('|')})_`,
)

/** Kubernetes sets such variables for each service; those of a service named "gateway" are not settings. */
const kubernetesServiceVariable = /_(SERVICE_(HOST|PORT(_.*)?)|PORT_\d+_(TCP|UDP)(_.*)?)=|_PORT=(tcp|udp):/

/** Reads and validates the whole environment. Throws ConfigError with all problems, not only the first. */
export function readConfig(
  definitions: readonly ProviderDefinition[],
  environment: Environment = processEnvironment(),
): Config {
  const env = withoutBlanks(environment)
  const parsed = variablesSchema.safeParse(env)
  const production = env.NODE_ENV === 'production'
  const sandboxAllowed = !production && env.SANDBOX !== 'off'
  const modes = definitions.map(
    (definition) => [definition.key, modeOf(definition, env, sandboxAllowed)] as const,
  )
  const problems = [
    ...(parsed.success
      ? []
      : parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`)),
    ...definitions.flatMap((definition) => problemsOf(definition, env)),
    ...unknownNames(env, definitions),
    ...(production ? keyProblems(env) : []),
    ...workerProblems(env),
    ...webhookProblems(env),
    ...tracingProblems(env),
  ]
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)
  const { data } = parsed
  return {
    port: data.PORT,
    host: data.HOST,
    publicUrl: data.PUBLIC_URL === undefined ? null : new URL(data.PUBLIC_URL),
    databaseUrl: data.DATABASE_URL ?? null,
    databaseListenUrl: data.DATABASE_LISTEN_URL ?? null,
    dataDir: data.DATA_DIR,
    logLevel: data.LOG_LEVEL ?? (production ? 'info' : 'warn'),
    apiKey: data.GATEWAY_API_KEY ?? null,
    encryptionKey: data.GATEWAY_ENCRYPTION_KEY ?? null,
    oldEncryptionKeys: data.GATEWAY_ENCRYPTION_KEYS_OLD,
    corsOrigins: data.CORS_ORIGINS,
    corsLoopback: !production && data.CORS_ORIGINS.length === 0,
    redirectOrigins: data.REDIRECT_ORIGINS,
    embedOrigins: data.EMBED_ORIGINS,
    trustedProxies: data.TRUSTED_PROXIES,
    trustedDocuments: {
      mode:
        data.TRUSTED_DOCUMENTS ?? (production && data.TRUSTED_DOCUMENTS_FILE.length > 0 ? 'sessions' : 'off'),
      files: data.TRUSTED_DOCUMENTS_FILE,
    },
    linkTtlSeconds: data.LINK_TTL_SECONDS,
    maxOpenLinksPerEndUser: data.MAX_OPEN_LINKS_PER_END_USER,
    linkGuard: data.LINK_GUARD,
    branding: brandingOf(data),
    rateLimits: {
      session: data.RATE_LIMIT_SESSION,
      apiKey: data.RATE_LIMIT_API_KEY || null,
      address: data.RATE_LIMIT_ADDRESS || null,
    },
    maxConnections: data.MAX_CONNECTIONS,
    keepAliveTimeoutSeconds: data.KEEP_ALIVE_TIMEOUT_SECONDS,
    shutdownDelaySeconds: data.SHUTDOWN_DELAY_SECONDS,
    executionTimeoutSeconds: data.EXECUTION_TIMEOUT_SECONDS,
    maxInFlight: data.MAX_IN_FLIGHT,
    workers: data.WORKERS,
    metricsToken: data.METRICS_TOKEN ?? null,
    metricsPort: data.METRICS_PORT ?? null,
    metricsHost: data.METRICS_HOST,
    tracing: isTracingOn(env),
    webhooks: webhookSettings(data),
    proxy: proxySettings(data),
    retentionDays: data.RETENTION_DAYS,
    auditRetentionDays: data.AUDIT_RETENTION_DAYS,
    sandbox: {
      port: data.SANDBOX_PORT,
      connectors: data.SANDBOX_CONNECTORS,
      connections: data.SANDBOX_CONNECTIONS,
    },
    production,
    graphiql: data.GRAPHIQL === undefined ? !production : data.GRAPHIQL === 'on',
    mcp: data.MCP === 'on',
    providerModes: { ...allOff, ...Object.fromEntries(modes) },
    environment: env,
  }
}

const allOff = perProvider<ProviderMode>(() => 'OFF')

/** The environment of this process, without blank variables. */
export const processEnvironment = (): Environment => withoutBlanks(process.env)

/** Drops blank variables: compose files and CI set a variable to an empty string to leave it out. */
const withoutBlanks = (environment: Environment): Environment =>
  Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value?.trim() !== '' && value !== undefined),
  )

const hasCredentials = ({ credentials }: ProviderDefinition, env: Environment) =>
  credentials.some((name) => env[name] !== undefined)

function modeOf(definition: ProviderDefinition, env: Environment, sandboxAllowed: boolean): ProviderMode {
  if (hasCredentials(definition, env)) return 'REAL'
  return sandboxAllowed ? 'SANDBOX' : 'OFF'
}

function problemsOf(definition: ProviderDefinition, env: Environment): readonly string[] {
  const isReal = hasCredentials(definition, env)
  const baseUrl = definition.variables.find((name) => name.endsWith('_BASE_URL') && env[name] !== undefined)
  if (!isReal && baseUrl) return [`${baseUrl} has no effect without ${definition.credentials.join(', ')}`]
  const settings = definition.parseSettings(
    isReal ? env : { ...env, ...definition.sandboxVariables('http://127.0.0.1', env) },
  )
  return settings.ok ? [] : settings.problems.map(({ variable, message }) => `${variable} ${message}`)
}

function unknownNames(env: Environment, definitions: readonly ProviderDefinition[]): readonly string[] {
  const known = new Set([
    ...Object.keys(variablesSchema.shape),
    ...definitions.flatMap(({ variables }) => variables),
  ])
  const isKubernetesService = (name: string) => kubernetesServiceVariable.test(`${name}=${env[name]}`)
  return Object.keys(env)
    .filter((name) => ownPrefixes.test(name) && !known.has(name) && !isKubernetesService(name))
    .map((name) => `${name} is not a known setting`)
}
