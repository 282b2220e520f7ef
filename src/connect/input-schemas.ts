import { z } from 'zod'
import { InvalidInputError } from '../domain/errors.ts'
import type { Tag } from '../domain/tag.ts'
import { hasNoFormatCharacters, isPrintableText } from '../domain/valid-text.ts'

/** Text of at most `max` characters, not blank, without control characters. */
export const text = (max: number) =>
  z
    .string()
    .refine((value) => value.trim() !== '', 'must not be blank')
    .refine((value) => value.length <= max, `must have at most ${max} characters`)
    .refine(isPrintableText, 'must not contain control characters')

/** An ID of the application's own. Not for names: some scripts need format characters in words. */
const ownIdSchema = text(250).refine(hasNoFormatCharacters, 'must not contain invisible format characters')

export const organizationIdSchema = ownIdSchema
export const endUserIdSchema = ownIdSchema

/** An organization as given by a caller; the output is an `Organization`. */
export const organizationSchema = z
  .object({ id: organizationIdSchema, name: text(250).nullish() })
  .transform(({ id, name }) => ({ id, name: name ?? null }))

/** An end user as given by a caller; the output is an `EndUser`. */
export const endUserSchema = z
  .object(
    {
      id: endUserIdSchema,
      name: text(250).nullish(),
      email: text(320).nullish(),
      organization: organizationSchema.nullish(),
    },
    { error: 'is required' },
  )
  .transform(({ id, name, email, organization }) => ({
    id,
    name: name ?? null,
    email: email ?? null,
    organization: organization ?? null,
  }))

/** Some providers take the key as a path segment, so only these characters are allowed. */
export const connectorKeySchema = text(200).refine(
  (key) => /^[\p{L}\p{N}_][\p{L}\p{N}_.:@~-]*$/u.test(key),
  'is not a connector key',
)

/** A PKCE code challenge of the method S256 (RFC 7636): SHA-256 in Base64url, 43 characters. */
export const codeChallengeSchema = z
  .string()
  .refine((text) => /^[\w-]{43}$/.test(text), 'must be a SHA-256 hash in Base64url, with 43 characters')

/** A PKCE code verifier (RFC 7636). */
export const codeVerifierSchema = z
  .string()
  .refine((text) => /^[\w.~-]{43,128}$/.test(text), 'must have 43 to 128 letters, digits and -._~')
const maxTags = 50
const hasUniqueKeys = (tags: readonly Tag[]) => new Set(tags.map(({ key }) => key)).size === tags.length

export const tagsSchema = z
  .array(z.object({ key: text(64), value: text(500) }))
  .max(maxTags, `must have at most ${maxTags} entries`)
  .refine(hasUniqueKeys, 'must not have the same key twice')

/** The parsed input; throws InvalidInputError with all issues, whose paths start with `path`. */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  path: readonly string[],
): z.output<Schema> {
  const { data, error } = schema.safeParse(input)
  if (error === undefined) return data
  throw new InvalidInputError(
    error.issues.map((issue) => ({ path: [...path, ...issue.path.map(String)], message: issue.message })),
  )
}
