import { z } from 'zod'
import { parseUrl } from '../domain/parse-url.ts'
import { type ProviderKey, providerKeys } from '../domain/provider-key.ts'
import type { Environment, ProviderDefinition } from '../providers/definition.ts'
import type { ProviderMode } from '../providers/provider-registry.ts'

/** Everything that is wrong with the environment, by name and without values. */
export class ConfigError extends Error {
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
  /** Where end users and applications reach the gateway; `null`: where it listens. */
  readonly publicUrl: URL | null
  readonly databaseUrl: string | null
  readonly dataDir: string
  readonly logLevel: string
  /** `null`: not given; outside production one is made and kept. */
  readonly apiKey: string | null
  readonly encryptionKey: string | null
  readonly oldEncryptionKeys: readonly string[]
  readonly corsOrigins: readonly string[]
  readonly redirectOrigins: readonly string[]
  readonly linkTtlSeconds: number
  readonly retentionDays: number
  readonly sandbox: { readonly port: number; readonly connectors: number; readonly connections: number }
  readonly production: boolean
  readonly providerModes: Readonly<Record<ProviderKey, ProviderMode>>
  /** For the providers' own variables. */
  readonly environment: Environment
}

const int = (standard: number, min: number, max: number) =>
  z
    .string()
    .default(String(standard))
    .refine(
      (text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max,
      `must be a whole number from ${min} to ${max}`,
    )
    .transform(Number)

const url = (protocols: RegExp, what: string) =>
  z.string().refine((text) => protocols.test(parseUrl(text)?.protocol ?? ''), `must be ${what}`)

const words = (text: string) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')

const origins = z
  .string()
  .default('')
  .transform(words)
  .refine(
    (list) => list.every((origin) => parseUrl(origin)?.origin === origin),
    'must list origins like https://app.example.com, separated by commas',
  )

/** 32 characters hold the 128 bits and more of a random key in any usual writing. */
const encryptionKey = z
  .string()
  .min(32, 'must have at least 32 characters, for example from: openssl rand -base64 32')

const variables = z.object({
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
    .regex(/^[\x21-\x7e]+$/, 'must be printable characters without blanks')
    .optional(),
  GATEWAY_ENCRYPTION_KEY: encryptionKey.optional(),
  GATEWAY_ENCRYPTION_KEYS_OLD: z.string().default('').transform(words).pipe(z.array(encryptionKey)),
  CORS_ORIGINS: origins,
  REDIRECT_ORIGINS: origins,
  LINK_TTL_SECONDS: int(86_400, 1, 31_536_000),
  RETENTION_DAYS: int(90, 1, 3_650),
  SANDBOX: z.enum(['auto', 'off'], { error: 'must be auto or off' }).optional(),
  SANDBOX_PORT: int(4010, 0, 65_535),
  SANDBOX_CONNECTORS: int(0, 0, 100_000),
  SANDBOX_CONNECTIONS: int(0, 0, 1_000_000),
})

const ownPrefixes = new RegExp(
  `^(GATEWAY|SANDBOX|CORS|REDIRECT|ALLOWED_REDIRECT|LINK_TTL|RETENTION|${providerKeys.join('|')})_`,
)

/** Kubernetes puts the addresses of services into the environment; one called "gateway" is not a setting. */
const serviceAddress = /_(SERVICE_(HOST|PORT(_.*)?)|PORT_\d+_(TCP|UDP)(_.*)?)=|_PORT=(tcp|udp):/

/** Reads the whole environment and reports everything that is wrong at once. */
export function readConfig(
  definitions: readonly ProviderDefinition[],
  environment: Environment = process.env,
): Config {
  const given = withoutBlanks(environment)
  const parsed = variables.safeParse(given)
  const production = given.NODE_ENV === 'production'
  const sandboxAllowed = !production && given.SANDBOX !== 'off'
  const modes = definitions.map(
    (definition) => [definition.key, modeOf(definition, given, sandboxAllowed)] as const,
  )
  const problems = [
    ...(parsed.success
      ? []
      : parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`)),
    ...definitions.flatMap((definition) => problemsOf(definition, given)),
    ...unknownNames(given, definitions),
    ...(production ? missingInProduction(given) : []),
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
    retentionDays: data.RETENTION_DAYS,
    sandbox: {
      port: data.SANDBOX_PORT,
      connectors: data.SANDBOX_CONNECTORS,
      connections: data.SANDBOX_CONNECTIONS,
    },
    production,
    providerModes: { ...allOff, ...Object.fromEntries(modes) },
    environment: given,
  }
}

const allOff = Object.fromEntries(providerKeys.map((key) => [key, 'OFF'])) as Record<ProviderKey, 'OFF'>

/** A variable set to nothing is not set: that is how compose files and CI leave things out. */
const withoutBlanks = (environment: Environment): Environment =>
  Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value?.trim() !== '' && value !== undefined),
  )

const isMeant = ({ credentials }: ProviderDefinition, given: Environment) =>
  credentials.some((name) => given[name] !== undefined)

function modeOf(definition: ProviderDefinition, given: Environment, sandboxAllowed: boolean): ProviderMode {
  if (isMeant(definition, given)) return 'REAL'
  return sandboxAllowed ? 'SANDBOX' : 'OFF'
}

function problemsOf(definition: ProviderDefinition, given: Environment): readonly string[] {
  const meant = isMeant(definition, given)
  const base = definition.variables.find((name) => name.endsWith('_BASE_URL') && given[name] !== undefined)
  if (!meant && base) return [`${base} is of no use without ${definition.credentials.join(', ')}`]
  const read = definition.parseSettings(
    meant ? given : { ...given, ...definition.sandboxVariables('http://127.0.0.1', given) },
  )
  return read.ok ? [] : read.problems.map(({ variable, message }) => `${variable} ${message}`)
}

function unknownNames(given: Environment, definitions: readonly ProviderDefinition[]): readonly string[] {
  const known = new Set([
    ...Object.keys(variables.shape),
    ...definitions.flatMap(({ variables }) => variables),
  ])
  return Object.keys(given)
    .filter(
      (name) => ownPrefixes.test(name) && !known.has(name) && !serviceAddress.test(`${name}=${given[name]}`),
    )
    .map((name) => `${name} is not a setting of this program`)
}

const missingInProduction = (given: Environment): readonly string[] =>
  ['GATEWAY_API_KEY', 'GATEWAY_ENCRYPTION_KEY']
    .filter((name) => given[name] === undefined)
    .map((name) => `${name} is required with NODE_ENV=production`)
