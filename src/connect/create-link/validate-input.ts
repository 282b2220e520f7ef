import { z } from 'zod'
import type { EndUser } from '../../domain/end-user.ts'
import { type InputIssue, InvalidInputError } from '../../domain/errors.ts'
import { type ProviderKey, providerKeys } from '../../domain/provider-key.ts'
import type { Direction } from '../../domain/statuses.ts'
import type { Tag } from '../../domain/tag.ts'
import { isStorable } from '../../domain/valid-text.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { type RedirectPolicy, redirectProblem } from './redirect-uri.ts'

type Maybe<T> = T | null | undefined

const duplicatePolicies = ['ALLOW', 'REUSE', 'REJECT'] as const

/** What is to be done when the end user has a connection of the connector already. */
export type DuplicatePolicy = (typeof duplicatePolicies)[number]

/** As it comes from the API: right JSON types, everything else unchecked. */
export interface ConnectLinkInput {
  readonly connector: string
  readonly endUser?: Maybe<{
    readonly id: string
    readonly name?: Maybe<string>
    readonly email?: Maybe<string>
  }>
  readonly direction?: Maybe<Direction>
  readonly redirectUri?: Maybe<string>
  readonly errorRedirectUri?: Maybe<string>
  readonly expiresInSeconds?: Maybe<number>
  readonly tags?: Maybe<readonly Tag[]>
  readonly duplicatePolicy?: Maybe<DuplicatePolicy>
  readonly idempotencyKey?: Maybe<string>
  /** The providers' own blocks. */
  readonly options: { readonly [Key in ProviderKey]?: unknown }
}

/** The same, checked. */
export interface CheckedInput {
  readonly connector: string
  readonly endUser: EndUser
  readonly direction: Direction | null
  readonly redirectUri: string | null
  readonly errorRedirectUri: string | null
  readonly expiresInSeconds: number | null
  readonly tags: readonly Tag[]
  readonly duplicatePolicy: DuplicatePolicy
  readonly idempotencyKey: string | null
  readonly options: unknown
}

/** NUL and lone surrogates cannot be stored; control and direction characters make names lie. */
const unfit = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u

const text = (max: number) =>
  z
    .string()
    .refine((value) => value.trim() !== '', 'must not be blank')
    .refine((value) => value.length <= max, `must have at most ${max} characters`)
    .refine((value) => !unfit.test(value), 'must not contain control characters')

/** What writes a block down climbs into it, and would fall. */
const deepestLevel = 50

/** The providers' own blocks are free in form; their texts are not. Deeper ones may have line breaks: private keys do. */
function checkTexts(
  value: unknown,
  check: z.core.$RefinementCtx,
  path: readonly (string | number)[] = [],
): void {
  const isFit = path.length < 2 ? (text: string) => !unfit.test(text) : isStorable
  if (typeof value === 'string' && !isFit(value)) {
    check.addIssue({ code: 'custom', path: [...path], message: 'must not contain control characters' })
  }
  if (value === null || typeof value !== 'object') return
  if (path.length >= deepestLevel) {
    check.addIssue({ code: 'custom', path: [...path], message: 'is nested too deeply' })
    return
  }
  for (const [key, inner] of Object.entries(value)) checkTexts(inner, check, [...path, key])
}

const maxTags = 50
const uniqueKeys = (tags: readonly Tag[]) => new Set(tags.map(({ key }) => key)).size === tags.length

export const endUser = z.object(
  { id: text(250), name: text(250).nullish(), email: text(320).nullish() },
  { error: 'is required' },
)

/** Keys become path segments at some providers, so they are plain words. */
export const connectorKey = text(200).refine(
  (key) => /^[\p{L}\p{N}_][\p{L}\p{N}_.:@~-]*$/u.test(key),
  'is not a connector key',
)

export interface InputRules {
  readonly provider: ConfiguredProvider
  readonly viewer: Viewer
  readonly redirects: RedirectPolicy
  /** What only the catalogue knows of the input. */
  readonly moreIssues: readonly InputIssue[]
}

/** Finds all problems of an input at once. */
export function checkConnectLinkInput(input: ConnectLinkInput, rules: InputRules): CheckedInput {
  const { provider, viewer } = rules
  const own = input.options[provider.key] ?? {}
  const checked = schemaFor(rules).safeParse({ ...input, endUser: viewer.endUser ?? input.endUser, own })
  const issues = [
    ...(checked.success ? [] : checked.error.issues.map((issue) => toIssue(issue, provider.key))),
    ...foreignBlocks(input, provider),
    ...operatorsBlocks(input, rules),
    ...rules.moreIssues,
  ]
  if (!checked.success || issues.length > 0) throw new InvalidInputError(issues)
  const { own: options, endUser, ...rest } = checked.data
  return {
    ...rest,
    endUser: { id: endUser.id, name: endUser.name ?? null, email: endUser.email ?? null },
    tags: rest.tags ?? [],
    direction: rest.direction ?? null,
    redirectUri: rest.redirectUri ?? null,
    errorRedirectUri: rest.errorRedirectUri ?? null,
    expiresInSeconds: rest.expiresInSeconds ?? null,
    duplicatePolicy: rest.duplicatePolicy ?? 'ALLOW',
    idempotencyKey: rest.idempotencyKey ?? null,
    options,
  }
}

function schemaFor({ provider, redirects }: InputRules) {
  const longest = provider.capabilities.linkLifetimeSeconds?.max ?? 2_147_483_647
  const redirect = z.string().superRefine((target, check) => {
    const problem = redirectProblem(target, redirects)
    if (problem !== null) check.addIssue({ code: 'custom', message: problem })
  })
  return z.object({
    connector: connectorKey,
    endUser,
    direction: z.enum(['SOURCE', 'DESTINATION', 'TOOL']).nullish(),
    redirectUri: redirect.nullish(),
    errorRedirectUri: redirect.nullish(),
    expiresInSeconds: z
      .number()
      .refine((seconds) => seconds >= 1 && seconds <= longest, `must be between 1 and ${longest}`)
      .nullish(),
    tags: z
      .array(z.object({ key: text(64), value: text(500) }))
      .max(maxTags, `must have at most ${maxTags} entries`)
      .refine(uniqueKeys, 'must not have the same key twice')
      .nullish(),
    duplicatePolicy: z.enum(duplicatePolicies).nullish(),
    idempotencyKey: text(255).nullish(),
    own: z.unknown().superRefine(checkTexts).pipe(provider.linkOptions),
  })
}

function toIssue(issue: z.core.$ZodIssue, provider: ProviderKey): InputIssue {
  const [first, ...rest] = issue.path.map(String)
  const path = [
    'input',
    ...(first === 'own' ? [blockName(provider)] : first === undefined ? [] : [first]),
    ...rest,
  ]
  return { path, message: issue.message }
}

/** The input field of a provider's own block. */
export const blockName = (provider: ProviderKey): string => provider.toLowerCase()

const foreignBlocks = (
  { options }: ConnectLinkInput,
  { key, name }: ConfiguredProvider,
): readonly InputIssue[] =>
  providerKeys
    .filter((other) => other !== key && options[other] != null)
    .map((other) => ({ path: ['input', blockName(other)], message: `does not belong to a link of ${name}` }))

/** Where connections are put and under whose name is the application's to say, not its end users'. */
const operatorsBlocks = (
  { options }: ConnectLinkInput,
  { provider: { key }, viewer }: InputRules,
): readonly InputIssue[] =>
  viewer.kind === 'END_USER' && options[key] != null
    ? [{ path: ['input', blockName(key)], message: 'is for API keys only' }]
    : []
