import { z } from 'zod'
import { OperatorError } from '../domain/errors.ts'
import { parseUrl } from '../domain/parse-url.ts'
import { type ProviderKey, perProvider, providerKeys } from '../domain/provider-key.ts'
import type { Environment, ProviderDefinition } from '../providers/definition.ts'
import type { ProviderMode } from '../providers/provider-registry.ts'

/** All problems of the environment, by variable name; values are never included. */
export class ConfigError extends OperatorError {
  override readonly name = 'ConfigError'

  constructor(problems: readonly string[]) {
    super(
      `The environment has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    )
  }
}

export interface Config {
  readonly port: number
  readonly host: string
  /** URL at which end users and applications reach the gateway; `null`: the address it listens on. */
  readonly publicUrl: URL | null
  readonly databaseUrl: string | null
  readonly dataDir: string
  readonly logLevel: string
  /** `null`: not set; outside production a key is then generated and stored in `dataDir`. */
  readonly apiKey: string | null
  readonly encryptionKey: string | null
  readonly oldEncryptionKeys: readonly string[]
  readonly corsOrigins: readonly string[]
  readonly redirectOrigins: readonly string[]
  readonly linkTtlSeconds: number
  readonly maxOpenLinksPerEndUser: number
  readonly retentionDays: number
  readonly sandbox: { readonly port: number; readonly connectors: number; readonly connections: number }
  readonly production: boolean
  readonly providerModes: Readonly<Record<ProviderKey, ProviderMode>>
  /** The whole environment, from which providers read their own variables. */
  readonly environment: Environment
}

const int = (defaultValue: number, min: number, max: number) =>
  z
    .string()
    .default(String(defaultValue))
    .refine(
      (text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max,
      `must be a whole number from ${min} to ${max}`,
    )
    .transform(Number)

const url = (protocols: RegExp, description: string) =>
  z.string().refine((text) => protocols.test(parseUrl(text)?.protocol ?? ''), `must be ${description}`)

const splitList = (text: string) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

const origins = z
  .string()
  .default('')
  .transform(splitList)
  .refine(
    (list) => list.every((origin) => parseUrl(origin)?.origin === origin),
    'must list origins like https://app.example.com, separated by commas',
  )

/** 32 characters hold at least 128 bits of a random key in any common encoding (hex, Base64). */
const encryptionKey = z
  .string()
  .min(32, 'must have at least 32 characters, for example from: openssl rand -base64 32')

const variablesSchema = z.object({
  NODE_ENV: z.string().optional(),
  PORT: int(4000, 0, 65_535),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: url(/^https?:$/, 'an http or https URL').optional(),
  DATABASE_URL: url(/^postgres(ql)?:$/, 'a postgres URL').optional(),
  DATA_DIR: z.string().default('.data'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be one of trace, debug, info, warn, error, fatal, silent',
    })
    .optional(),
  GATEWAY_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must consist of printable ASCII characters without spaces')
    .optional(),
  GATEWAY_ENCRYPTION_KEY: encryptionKey.optional(),
  GATEWAY_ENCRYPTION_KEYS_OLD: z.string().default('').transform(splitList).pipe(z.array(encryptionKey)),
  CORS_ORIGINS: origins,
  REDIRECT_ORIGINS: origins,
  LINK_TTL_SECONDS: int(86_400, 1, 31_536_000),
  MAX_OPEN_LINKS_PER_END_USER: int(20, 1, 1_000_000),
  RETENTION_DAYS: int(90, 1, 3_650),
  SANDBOX: z.enum(['auto', 'off'], { error: 'must be auto or off' }).optional(),
  SANDBOX_PORT: int(4010, 0, 65_535),
  SANDBOX_CONNECTORS: int(0, 0, 100_000),
  SANDBOX_CONNECTIONS: int(0, 0, 1_000_000),
})

const ownPrefixes = new RegExp(
  `^(GATEWAY|SANDBOX|CORS|REDIRECT|ALLOWED_REDIRECT|LINK_TTL|MAX_OPEN_LINKS|RETENTION|${providerKeys.join('|')})_`,
)

/** Kubernetes sets such variables for each service; those of a service named "gateway" are not settings. */
const kubernetesServiceVariable = /_(SERVICE_(HOST|PORT(_.*)?)|PORT_\d+_(TCP|UDP)(_.*)?)=|_PORT=(tcp|udp):/

/** Reads and validates the whole environment. Throws ConfigError with all problems, not only the first. */
export function readConfig(
  definitions: readonly ProviderDefinition[],
  environment: Environment = process.env,
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
    ...(production ? missingInProduction(env) : []),
  ]
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)
  const { data } = parsed
  return {
    port: data.PORT,
    host: data.HOST,
    publicUrl: data.PUBLIC_URL === undefined ? null : new URL(data.PUBLIC_URL),
    databaseUrl: data.DATABASE_URL ?? null,
    dataDir: data.DATA_DIR,
    logLevel: data.LOG_LEVEL ?? (production ? 'info' : 'warn'),
    apiKey: data.GATEWAY_API_KEY ?? null,
    encryptionKey: data.GATEWAY_ENCRYPTION_KEY ?? null,
    oldEncryptionKeys: data.GATEWAY_ENCRYPTION_KEYS_OLD,
    corsOrigins: data.CORS_ORIGINS,
    redirectOrigins: data.REDIRECT_ORIGINS,
    linkTtlSeconds: data.LINK_TTL_SECONDS,
    maxOpenLinksPerEndUser: data.MAX_OPEN_LINKS_PER_END_USER,
    retentionDays: data.RETENTION_DAYS,
    sandbox: {
      port: data.SANDBOX_PORT,
      connectors: data.SANDBOX_CONNECTORS,
      connections: data.SANDBOX_CONNECTIONS,
    },
    production,
    providerModes: { ...allOff, ...Object.fromEntries(modes) },
    environment: env,
  }
}

const allOff = perProvider<ProviderMode>(() => 'OFF')

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

const missingInProduction = (env: Environment): readonly string[] =>
  ['GATEWAY_API_KEY', 'GATEWAY_ENCRYPTION_KEY']
    .filter((name) => env[name] === undefined)
    .map((name) => `${name} is required with NODE_ENV=production`)
