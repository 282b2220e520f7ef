import { z } from 'zod'
import { parseUrl } from '../domain/parse-url.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import { isPublicAddress, literalAddress } from '../http/public-address.ts'
import { type AccountIdentity, type AccountOwner, identifyAccount, type KeyAccount } from './account-key.ts'
import type { AdapterContext, Capabilities, ProviderAdapter } from './adapter.ts'
import { type OptionSecrecy, redactTexts } from './redact-texts.ts'

export interface BoundProvider extends AccountIdentity {
  readonly adapter: ProviderAdapter
}

/** What a provider module exports, without its own types for settings and options. */
export interface ProviderDefinition {
  readonly key: ProviderKey
  readonly name: string
  /** The description of the key in the GraphQL schema. */
  readonly description: string
  /** Environment variables it reads. */
  readonly variables: readonly string[]
  /** If any of these variables is set, the operator means the real provider. */
  readonly credentials: readonly string[]
  /**
   * Variables that an account of an organization has of its own. Never a URL: a caller that may create accounts must not choose
   * where the gateway sends requests.
   */
  readonly ownVariables: readonly string[]
  readonly linkOptions: z.ZodType
  /** The variables that point this provider at a sandbox. `pagesUrl`: base URL of its pages; default: `sandboxUrl`. */
  sandboxVariables(sandboxUrl: string, environment: Environment, pagesUrl?: string): Environment
  parseSettings(environment: Environment): SettingsResult
}

export type Environment = Readonly<Record<string, string | undefined>>

export type SettingsResult =
  | {
      readonly ok: true
      readonly capabilities: Capabilities
      /**
       * The account of these settings. `sandbox`: whether they are for the gateway's own sandbox. `owner`: of an account
       * of an organization.
       */
      identify(sandbox: boolean, owner?: AccountOwner): AccountIdentity
      bind(context: AdapterContext): BoundProvider
    }
  | {
      readonly ok: false
      readonly problems: readonly { readonly variable: string; readonly message: string }[]
    }

/** The input of `defineProvider`. */
export interface ProviderSpec<Settings extends z.ZodType, Options extends z.ZodType>
  extends Omit<ProviderDefinition, 'linkOptions' | 'parseSettings'>,
    OptionSecrecy {
  readonly settings: Settings
  /** The provider's own block of `CreateConnectLinkInput`. */
  readonly linkOptions: Options
  capabilities(settings: z.output<Settings>): Capabilities
  baseUrl(settings: z.output<Settings>): URL
  /** Distinguishes accounts at the same base URL: API version, account, environment. */
  accountKeyParts(settings: z.output<Settings>): readonly string[]
  /** The last part of the account key, if neither settings nor provider name the account; absent or `null`: they do. */
  keyAccount?(settings: z.output<Settings>): KeyAccount | null
  create(settings: z.output<Settings>, context: AdapterContext): ProviderAdapter<z.output<Options>>
}

export function defineProvider<Settings extends z.ZodType, Options extends z.ZodType>(
  spec: ProviderSpec<Settings, Options>,
): ProviderDefinition {
  return {
    ...spec,
    parseSettings(environment) {
      const parsed = spec.settings.safeParse(environment)
      if (!parsed.success) {
        return {
          ok: false,
          problems: parsed.error.issues.map(({ path, message }) => ({ variable: String(path[0]), message })),
        }
      }
      const { data } = parsed
      const base = spec.baseUrl(data)
      function identify(sandbox: boolean, owner?: AccountOwner): AccountIdentity {
        // Not the sandbox's URL: its port may differ after a restart, its connections are the same.
        const baseKey = sandbox ? 'sandbox' : base.href
        const account = [spec.key, baseKey, ...spec.accountKeyParts(data)].join('|')
        return identifyAccount(account, spec.keyAccount?.(data) ?? null, owner)
      }
      return {
        ok: true,
        capabilities: spec.capabilities(data),
        identify,
        bind(context) {
          const linkOrigins = isLoopback(base.hostname)
            ? [...context.trustedOrigins, base.origin]
            : context.trustedOrigins
          return {
            ...identify(context.sandbox),
            adapter: redactTexts(spec.create(data, { ...context, trustedOrigins: linkOrigins }), spec),
          }
        },
      }
    },
  }
}

/** A base URL on loopback is a sandbox or a test double: links to its origin are trusted. */
const isLoopback = (host: string) => host === 'localhost' || host === '[::1]' || /^127\./.test(host)

/** A setting that must be set and not blank. The error message does not contain the value. */
export const required = z.string({ error: 'is required' }).trim().min(1, 'is required')

function isBaseUrl(value: string, allowsHttp: (url: URL) => boolean): boolean {
  const url = parseUrl(value)
  if (url === null) return false
  const { protocol, username, password, search, hash } = url
  const isSafe = protocol === 'https:' || (protocol === 'http:' && allowsHttp(url))
  return isSafe && `${username}${password}${search}${hash}` === ''
}

/** A base URL that may carry a path prefix; https, or http on loopback for tests and sandboxes. */
const anyBaseUrl = z
  .string()
  .refine(
    (value) => isBaseUrl(value, ({ hostname }) => isLoopback(hostname)),
    'must be an https URL (http on loopback only) without user name, query or fragment',
  )
  .transform((value) => new URL(value))

export const baseUrl = (defaultUrl: string) => anyBaseUrl.prefault(defaultUrl)

/** Of a provider that operators can host: http is allowed in a private network too. */
export const selfHostedBaseUrl = (defaultUrl: string) =>
  z
    .string()
    .refine(
      (value) => isBaseUrl(value, isPrivateHost),
      'must be an https URL (http in a private network only) without user name, query or fragment',
    )
    .transform((value) => new URL(value))
    .prefault(defaultUrl)

/** Whether the host is an address that is not public, a name without a domain or one of a domain for private networks. */
export function isPrivateHost(url: URL): boolean {
  const address = literalAddress(url)
  if (address !== null) return !isPublicAddress(address)
  return !url.hostname.includes('.') || /\.(local|internal|lan|test|localhost|home\.arpa)$/.test(url.hostname)
}

export const optionalBaseUrl = anyBaseUrl.optional()

/** A setting with a fixed set of values and no default. */
export const optionalOneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` }).optional()

/** A setting with a fixed set of values. */
export const oneOf = <const Values extends readonly [string, ...string[]]>(
  values: Values,
  defaultValue: Values[number],
) => z.enum(values, { error: `must be one of ${values.join(', ')}` }).default(defaultValue)
