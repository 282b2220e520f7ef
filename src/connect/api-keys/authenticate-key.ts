import { scopesOfApiKey } from '../../domain/permissions.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { recordApiKeyUse } from '../../store/api-keys.ts'
import { hashToken } from '../../store/encryption.ts'
import type { ApiKeyRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import type { CachedApiKey } from './key-cache.ts'
import { isApiKey } from './key-format.ts'

type Context = Pick<ConnectContext, 'apiKeys' | 'background' | 'db' | 'now'>

/**
 * The viewer of an API key of the store; `null`: the key is unknown, expired or revoked. Keys are compared by their
 * hashes, so that timing reveals nothing about them. Rejects if the store cannot be read.
 */
export async function authenticateApiKey(context: Context, key: string): Promise<Viewer | null> {
  if (!isApiKey(key)) return null
  const hash = hashToken(key)
  const cached = await context.apiKeys.find(hash)
  if (cached === null) return null
  const { id, name, revokedAt } = cached.row
  const expiresAt = expiryOf(cached.row, hash)
  if (revokedAt !== null || (expiresAt !== null && expiresAt <= context.now())) return null
  recordUse(context, cached)
  const scopes = scopesOfApiKey(cached.row.scopes)
  return {
    kind: 'API_KEY',
    id,
    name,
    scopes,
    endUser: null,
    limits: null,
    organizationAccess: null,
    expiresAt,
  }
}

/** When the key with that hash expires: a key that was replaced by a rotation, before the present one. */
function expiryOf({ hash: current, previousExpiresAt, expiresAt }: ApiKeyRow, hash: string): Date | null {
  if (hash === current || previousExpiresAt === null) return expiresAt
  return expiresAt === null || previousExpiresAt < expiresAt ? previousExpiresAt : expiresAt
}

const recordIntervalMs = 60_000

/** In the background: a request does not wait for it. */
function recordUse({ db, now, background }: Context, cached: CachedApiKey): void {
  const at = now()
  const before = new Date(at.getTime() - recordIntervalMs)
  if (cached.usedAt !== null && cached.usedAt > before) return
  cached.usedAt = at
  background('record the use of an API key', recordApiKeyUse(db, cached.row.id, { at, before }))
}
