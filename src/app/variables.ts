import { isIP } from 'node:net'
import { z } from 'zod'
import { parseUrl } from '../domain/parse-url.ts'
import { privateScheme } from '../domain/private-scheme.ts'
import { linkGuards } from '../domain/statuses.ts'
import { parseDatabaseUrl, splitHosts } from '../store/postgres-hosts.ts'
import { brandingVariables } from './branding-settings.ts'
import { proxyVariables } from './proxy-settings.ts'
import { webhookVariables } from './webhook-settings.ts'

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .refine(
      (text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max,
      `must be a whole number from ${min} to ${max}`,
    )
    .transform(Number)

const int = (defaultValue: number, min: number, max: number) => wholeNumber(min, max).default(defaultValue)

const url = (protocols: RegExp, description: string) =>
  z.string().refine((text) => protocols.test(parseUrl(text)?.protocol ?? ''), `must be ${description}`)

/** Without user info, which fetch refuses and a message would repeat. */
const gatewayUrl = url(/^https?:$/, 'an http or https URL').refine((text) => {
  const { username, password, search, hash } = parseUrl(text) ?? {}
  return !username && !password && !search && !hash
}, 'must have no user name, password, query or fragment')

/** A libpq URL: several hosts and socket folders are allowed. */
const databaseUrl = z
  .string()
  .refine((text) => !hasUnencodedCharacter(text), {
    message:
      'has a special character in the user or password: write it percent-encoded, for example %23 for #',
    abort: true,
  })
  .refine(
    (text) => splitHosts(text).every((one) => /^postgres(ql)?:$/.test(parseDatabaseUrl(one)?.protocol ?? '')),
    'must be a postgres URL',
  )

/** A second "@", or "#", "/" or "?" before the one that ends user and password, makes the rest of them the host. */
const hasUnencodedCharacter = (text: string) => /^\w+:\/\/([^@]*[#/?][^@]*@|.*@.*@|.*#)/.test(text)

const splitList = (text: string) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

const isOrigin = (entry: string) => parseUrl(entry)?.origin === entry

const origins = z
  .string()
  .default('')
  .transform(splitList)
  .refine(
    (list) => list.every(isOrigin),
    'must list origins like https://app.example.com, separated by commas',
  )

/** Origins, and schemes of applications, which are reduced to the form "myapp:". */
const redirectOrigins = z
  .string()
  .default('')
  .transform((text) => splitList(text).map((entry) => privateScheme(entry) ?? entry))
  .refine(
    (list) => list.every((entry) => isOrigin(entry) || privateScheme(entry) !== null),
    'must list origins like https://app.example.com or schemes of applications like myapp://, separated by commas',
  )

/** An IP address, or a subnet such as "10.0.0.0/8". */
function isAddressOrSubnet(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/')
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)
  return bits > 0 && isPrefix && rest.length === 0
}

const addresses = z
  .string()
  .default('')
  .transform(splitList)
  .refine(
    (list) => list.every(isAddressOrSubnet),
    'must list IP addresses or subnets like 10.0.0.0/8, separated by commas',
  )

/** 32 characters hold at least 128 bits of a random key in any common encoding (hex, Base64). */
const encryptionKey = z
  .string()
  .transform((text) => text.trim())
  .refine((text) => !text.includes(','), 'must not contain a comma, which separates old keys')
  .refine(
    (text) => text.length >= 32,
    'must have at least 32 characters, for example from: openssl rand -base64 32',
  )

/** The gateway's own variables, with defaults; providers declare theirs. */
export const variablesSchema = z.object({
  NODE_ENV: z.string().optional(),
  PORT: int(4000, 0, 65_535),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: url(/^https?:$/, 'an http or https URL').optional(),
  GATEWAY_URL: gatewayUrl.optional(),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_LISTEN_URL: databaseUrl.optional(),
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
  REDIRECT_ORIGINS: redirectOrigins,
  EMBED_ORIGINS: origins,
  TRUSTED_PROXIES: addresses,
  TRUSTED_DOCUMENTS: z
    .enum(['off', 'sessions', 'all'], { error: 'must be one of off, sessions, all' })
    .optional(),
  TRUSTED_DOCUMENTS_FILE: z.string().default('').transform(splitList),
  LINK_TTL_SECONDS: int(86_400, 1, 31_536_000),
  MAX_OPEN_LINKS_PER_END_USER: int(20, 1, 1_000_000),
  LINK_GUARD: z.enum(linkGuards, { error: `must be one of ${linkGuards.join(', ')}` }).default('NONE'),
  ...brandingVariables,
  RATE_LIMIT_SESSION: int(200_000, 1, 1_000_000_000),
  RATE_LIMIT_API_KEY: int(0, 0, 1_000_000_000),
  RATE_LIMIT_ADDRESS: int(300, 0, 1_000_000_000),
  EXECUTION_TIMEOUT_SECONDS: int(30, 1, 3_600),
  KEEP_ALIVE_TIMEOUT_SECONDS: int(65, 1, 3_600),
  SHUTDOWN_DELAY_SECONDS: int(0, 0, 300),
  MAX_CONNECTIONS: int(10_000, 1, 1_000_000),
  MAX_IN_FLIGHT: int(256, 1, 100_000),
  WORKERS: int(1, 1, 64),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, 'must have at least 16 printable ASCII characters without spaces')
    .optional(),
  METRICS_PORT: wholeNumber(0, 65_535).optional(),
  METRICS_HOST: z.string().default('127.0.0.1'),
  ...webhookVariables,
  ...proxyVariables,
  RETENTION_DAYS: int(90, 1, 3_650),
  GRAPHIQL: z.enum(['on', 'off'], { error: 'must be on or off' }).optional(),
  MCP: z.enum(['on', 'off'], { error: 'must be on or off' }).default('off'),
  AUDIT_RETENTION_DAYS: int(365, 1, 36_500),
  SANDBOX: z.enum(['auto', 'off'], { error: 'must be auto or off' }).optional(),
  SANDBOX_PORT: int(4010, 0, 65_535),
  SANDBOX_CONNECTORS: int(0, 0, 100_000),
  SANDBOX_CONNECTIONS: int(0, 0, 1_000_000),
})
