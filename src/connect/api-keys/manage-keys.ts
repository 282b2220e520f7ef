import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { ConflictError, NotFoundError } from '../../domain/errors.ts'
import { permissions } from '../../domain/permissions.ts'
import type { Viewer } from '../../domain/viewer.ts'
import * as store from '../../store/api-keys.ts'
import { hashToken } from '../../store/encryption.ts'
import type { ApiKeyRow } from '../../store/schema.ts'
import { recordedChange } from '../audit/recorded-change.ts'
import { requirePermission } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'
import { parseInput, text } from '../input-schemas.ts'
import { newApiKey } from './key-format.ts'

type Context = Pick<ConnectContext, 'apiKeys' | 'db' | 'now'>
/** Who manages keys: identified by `id`, and limited to `scopes`. */
export type KeyAdmin = Pick<Viewer, 'id' | 'scopes'>

/** The only time at which the key itself is known. */
export interface IssuedApiKey {
  readonly apiKey: ApiKeyRow
  readonly key: string
}

/** `CreateApiKeyInput` as GraphQL delivers it: the types are right, nothing else is checked. */
export interface ApiKeyInput {
  readonly name: string
  readonly scopes: readonly string[]
  readonly expiresInSeconds?: number | null | undefined
}

const maxScopes = 50
const maxExpirySeconds = 10 * 365 * 86_400
const maxOverlapSeconds = 30 * 86_400
const defaultOverlapSeconds = 86_400

const seconds = (min: number, max: number) =>
  z
    .number()
    .refine((value) => value >= min && value <= max, `must be between ${min} and ${max}`)
    .nullish()

const inputSchema = z.object({
  name: text(100),
  // The number is checked first, so that it bounds the number of issues.
  scopes: z
    .array(z.string())
    .min(1, 'must not be empty')
    .max(maxScopes, `must have at most ${maxScopes} entries`)
    .pipe(z.array(z.enum(permissions, `must be one of ${permissions.join(', ')}`))),
  expiresInSeconds: seconds(1, maxExpirySeconds),
})

/**
 * Creates a key. Throws InvalidInputError with all issues, and ForbiddenError for a scope that the caller itself does
 * not have.
 */
export async function createApiKey(
  { db, now }: Context,
  admin: KeyAdmin,
  input: ApiKeyInput,
): Promise<IssuedApiKey> {
  const { name, scopes, expiresInSeconds } = parseInput(inputSchema, input, ['input'])
  for (const scope of scopes) requirePermission(admin, scope)
  const key = newApiKey()
  const createdAt = now()
  const row = {
    id: randomUUID(),
    name,
    hash: hashToken(key),
    scopes: JSON.stringify([...new Set(scopes)]),
    createdAt,
    createdBy: admin.id,
    expiresAt: expiresInSeconds == null ? null : after(createdAt, expiresInSeconds),
  }
  const apiKey = await recordedChange({ db, now }, change('created', row.id), (transaction) =>
    store.insertApiKey(transaction, row),
  )
  return { apiKey, key }
}

const change = (name: string, id: string) => ({
  operation: `apiKey.${name}`,
  target: { type: 'ApiKey', id },
})

/**
 * Replaces a key by a new one with the same scopes and expiry. The former is accepted for `overlapSeconds` more, by
 * default for a day; one that an earlier rotation left is not any more. Throws NotFoundError, InvalidInputError,
 * ConflictError for a revoked or an expired key, and ForbiddenError for a key with a scope that the caller itself does
 * not have: the caller would receive it.
 */
export async function rotateApiKey(
  { db, now, apiKeys }: Context,
  admin: KeyAdmin,
  { id, overlapSeconds }: { readonly id: string; readonly overlapSeconds?: number | null | undefined },
): Promise<IssuedApiKey> {
  const overlap = parseInput(seconds(0, maxOverlapSeconds), overlapSeconds, ['overlapSeconds'])
  const [found] = await store.findApiKeys(db, [id])
  if (found === undefined) throw notFound()
  for (const scope of found.scopes) requirePermission(admin, scope)
  const key = newApiKey()
  const at = now()
  const previousExpiresAt = after(at, overlap ?? defaultOverlapSeconds)
  const rotation = { hash: hashToken(key), previousExpiresAt, at }
  const apiKey = await recordedChange({ db, now }, change('rotated', id), (transaction) =>
    store.rotateApiKey(transaction, id, rotation),
  )
  if (apiKey === undefined) throw new ConflictError('INVALID_STATE', 'The API key is revoked or expired.')
  apiKeys.clear()
  return { apiKey, key }
}

/** Revokes a key; a repeated call changes nothing. Throws NotFoundError. */
export async function revokeApiKey({ db, now, apiKeys }: Context, id: string): Promise<ApiKeyRow> {
  const apiKey = await recordedChange({ db, now }, change('revoked', id), (transaction) =>
    store.revokeApiKey(transaction, id, now()),
  )
  if (apiKey === undefined) throw notFound()
  apiKeys.clear()
  return apiKey
}

const after = (time: Date, durationSeconds: number) => new Date(time.getTime() + durationSeconds * 1_000)

const notFound = () => new NotFoundError('There is no such API key.')
