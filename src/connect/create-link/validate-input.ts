import { z } from 'zod'
import type { Branding } from '../../domain/branding.ts'
import type { EndUser } from '../../domain/end-user.ts'
import { type InputIssue, InvalidInputError } from '../../domain/errors.ts'
import { type ProviderKey, providerKeys } from '../../domain/provider-key.ts'
import {
  type ConnectionOwner,
  connectionOwners,
  type Direction,
  directions,
  type LinkGuard,
  linkGuards,
} from '../../domain/statuses.ts'
import type { Tag } from '../../domain/tag.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { type BrandingInput, brandingSchema, localeSchema } from '../appearance-schemas.ts'
import { isEndUser } from '../authorization.ts'
import { codeChallengeSchema, connectorKeySchema, endUserSchema, tagsSchema, text } from '../input-schemas.ts'
import { guardIssues } from './guard-issues.ts'
import { textIssuesOf } from './option-texts.ts'
import { ownerIssues } from './owner-issues.ts'
import { type RedirectPolicy, redirectIssues } from './redirect-uri.ts'

type Maybe<T> = T | null | undefined

const duplicatePolicies = ['ALLOW', 'REUSE', 'REJECT'] as const

/** What to do when the end user already has a connection of the connector. */
export type DuplicatePolicy = (typeof duplicatePolicies)[number]

/** `CreateConnectLinkInput` as GraphQL delivers it: the types are right, nothing else is checked. */
export interface ConnectLinkInput {
  readonly connector: string
  readonly endUser?: Maybe<z.input<typeof endUserSchema>>
  readonly ownedBy?: Maybe<ConnectionOwner>
  readonly direction?: Maybe<Direction>
  readonly redirectUri?: Maybe<string>
  readonly errorRedirectUri?: Maybe<string>
  readonly expiresInSeconds?: Maybe<number>
  readonly tags?: Maybe<readonly Tag[]>
  readonly duplicatePolicy?: Maybe<DuplicatePolicy>
  readonly guard?: Maybe<LinkGuard>
  readonly codeChallenge?: Maybe<string>
  readonly idempotencyKey?: Maybe<string>
  readonly locale?: Maybe<string>
  readonly branding?: Maybe<BrandingInput>
  /** The option blocks of the providers. */
  readonly options: { readonly [Key in ProviderKey]?: unknown }
}

/** The same after validation; what was not given is `null` or has its default. */
export interface ValidatedInput {
  readonly connector: string
  readonly endUser: EndUser
  readonly ownedBy: ConnectionOwner
  readonly direction: Direction | null
  readonly redirectUri: string | null
  readonly errorRedirectUri: string | null
  readonly expiresInSeconds: number | null
  readonly tags: readonly Tag[]
  readonly duplicatePolicy: DuplicatePolicy
  readonly guard: LinkGuard
  /** Set for the guard CONFIRM. */
  readonly codeChallenge: string | null
  readonly idempotencyKey: string | null
  /** Absent if not given: the fingerprints of the idempotency keys of earlier versions do not have them. */
  readonly locale?: string
  readonly branding?: Branding
  /** The option block of the link's provider, as its adapter declares it. */
  readonly options: unknown
}

/** Built once: what depends on the provider or on the configuration is checked beside it. */
const inputSchema = z.object({
  connector: connectorKeySchema,
  endUser: endUserSchema,
  ownedBy: z.enum(connectionOwners).nullish(),
  direction: z.enum(directions).nullish(),
  redirectUri: z.string().nullish(),
  errorRedirectUri: z.string().nullish(),
  expiresInSeconds: z.number().nullish(),
  tags: tagsSchema.nullish(),
  duplicatePolicy: z.enum(duplicatePolicies).nullish(),
  guard: z.enum(linkGuards).nullish(),
  codeChallenge: codeChallengeSchema.nullish(),
  idempotencyKey: text(255).nullish(),
  locale: localeSchema.nullish(),
  branding: brandingSchema.nullish(),
})

export interface ValidationRules {
  readonly provider: ConfiguredProvider
  readonly viewer: Viewer
  readonly redirectPolicy: RedirectPolicy
  /** The guard of an input without one. */
  readonly defaultGuard: LinkGuard
  /** Issues that were found elsewhere, such as in the catalogue. */
  readonly extraIssues: readonly InputIssue[]
}

/** Validates an input; throws InvalidInputError with all issues at once. */
export function validateInput(input: ConnectLinkInput, rules: ValidationRules): ValidatedInput {
  const { provider, viewer } = rules
  const parsed = inputSchema.safeParse({ ...input, endUser: viewer.endUser ?? input.endUser })
  const options = parseOptions(input, provider)
  const issues = [
    ...(parsed.error?.issues.map(toIssue) ?? []),
    ...redirectIssues(input, rules.redirectPolicy, rules.viewer),
    ...lifetimeIssues(input, provider),
    ...guardIssues(input, viewer, rules.defaultGuard),
    ...options.issues,
    ...optionsOfOtherProviders(input, provider),
    ...optionsOfSession(input, rules),
    ...ownerIssues(input, viewer),
    ...rules.extraIssues,
  ]
  if (!parsed.success || issues.length > 0) throw new InvalidInputError(issues)
  const { locale, branding, ...rest } = parsed.data
  return {
    ...rest,
    ownedBy: rest.ownedBy ?? 'PERSON',
    tags: rest.tags ?? [],
    direction: rest.direction ?? null,
    redirectUri: rest.redirectUri ?? null,
    errorRedirectUri: rest.errorRedirectUri ?? null,
    expiresInSeconds: rest.expiresInSeconds ?? null,
    duplicatePolicy: rest.duplicatePolicy ?? 'ALLOW',
    guard: rest.guard ?? rules.defaultGuard,
    codeChallenge: rest.codeChallenge ?? null,
    idempotencyKey: rest.idempotencyKey ?? null,
    ...(locale != null && { locale }),
    ...(branding != null && { branding }),
    options: options.data,
  }
}

const toIssue = ({ path, message }: z.core.$ZodIssue): InputIssue => ({
  path: ['input', ...path.map(String)],
  message,
})

/** Used where neither the provider nor the gateway limits a lifetime: seconds have to fit into a GraphQL Int. */
const maxInt = 2_147_483_647

function lifetimeIssues(
  { expiresInSeconds }: ConnectLinkInput,
  { capabilities }: ConfiguredProvider,
): readonly InputIssue[] {
  const max = capabilities.linkLifetimeSeconds?.max ?? maxInt
  if (expiresInSeconds == null || (expiresInSeconds >= 1 && expiresInSeconds <= max)) return []
  return [{ path: ['input', 'expiresInSeconds'], message: `must be between 1 and ${max}` }]
}

/** The input field of a provider's option block. */
export const optionsField = (provider: ProviderKey): string => provider.toLowerCase()

function parseOptions(
  { options }: ConnectLinkInput,
  { key, linkOptions }: ConfiguredProvider,
): { readonly data: unknown; readonly issues: readonly InputIssue[] } {
  const block = options[key] ?? {}
  const textIssues = textIssuesOf(block)
  // A block with unusable text is not parsed: the issues would repeat each other.
  const parsed = textIssues.length > 0 ? undefined : linkOptions.safeParse(block)
  const issues = [...textIssues, ...(parsed?.error?.issues ?? [])]
  return {
    data: parsed?.data,
    issues: issues.map(({ path, message }) => ({
      path: ['input', optionsField(key), ...path.map(String)],
      message,
    })),
  }
}

const optionsOfOtherProviders = (
  { options }: ConnectLinkInput,
  { key, name }: ConfiguredProvider,
): readonly InputIssue[] =>
  providerKeys
    .filter((other) => other !== key && options[other] != null)
    .map((other) => ({
      path: ['input', optionsField(other)],
      message: `does not belong to a link of ${name}`,
    }))

/**
 * Labels, branding, where connections are created and under which name is decided by the application, not by its end
 * users.
 */
function optionsOfSession(
  { options, ...input }: ConnectLinkInput,
  { provider: { key }, viewer }: ValidationRules,
): readonly InputIssue[] {
  if (!isEndUser(viewer)) return []
  const given = [
    ...(options[key] == null ? [] : [optionsField(key)]),
    ...(['tags', 'branding'] as const).filter((field) => input[field] != null),
  ]
  return given.map((field) => ({ path: ['input', field], message: 'is for API keys only' }))
}
