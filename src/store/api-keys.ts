import { type Insertable, sql } from 'kysely'
import type { Database } from './database.ts'
import { isUuid, type Page, type PageRequest } from './keyset-pagination.ts'
import { pageNewestFirst } from './newest-first.ts'
import type { ApiKeyRow, ApiKeysTable } from './schema.ts'
import { columnsAs, defineStatement, type Placeholders } from './statement.ts'

export type NewApiKey = Pick<
  Insertable<ApiKeysTable>,
  'id' | 'name' | 'hash' | 'scopes' | 'createdAt' | 'createdBy' | 'expiresAt'
>

export const insertApiKey = (db: Database, key: NewApiKey): Promise<ApiKeyRow> =>
  db.insertInto('apiKeys').values(key).returningAll().executeTakeFirstOrThrow()

/** A record, so that a missing column is a compile error. */
const columns = {
  id: true,
  name: true,
  hash: true,
  previousHash: true,
  previousExpiresAt: true,
  scopes: true,
  createdAt: true,
  createdBy: true,
  expiresAt: true,
  lastUsedAt: true,
  revokedAt: true,
} as const satisfies Record<keyof ApiKeyRow, true>

const selectByHash = defineStatement((db, { hash }: Placeholders<{ hash: string }>) =>
  db
    .selectFrom('apiKeys')
    .select(columnsAs('apiKeys', columns))
    .where(({ or, eb }) => or([eb('hash', '=', hash), eb('previousHash', '=', hash)])),
)

/** The key with that hash, or with that hash before its last rotation; also a revoked or an expired one. */
export async function findApiKeyByHash(db: Database, hash: string): Promise<ApiKeyRow | undefined> {
  const [row] = await selectByHash(db, { hash }, null)
  return row
}

export async function findApiKeys(db: Database, ids: readonly string[]): Promise<readonly ApiKeyRow[]> {
  const uuids = ids.filter(isUuid)
  return uuids.length === 0 ? [] : db.selectFrom('apiKeys').selectAll().where('id', 'in', uuids).execute()
}

/** Newest first. There are few keys: the list needs no index. */
export const listApiKeys = (db: Database, page: PageRequest): Promise<Page<ApiKeyRow>> =>
  pageNewestFirst(db.selectFrom('apiKeys').selectAll(), page)

export async function countApiKeys(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom('apiKeys')
    .select(sql<number>`count(*)::int`.as('count'))
    .executeTakeFirstOrThrow()
  return count
}

export interface Rotation {
  /** SHA-256 of the new key. */
  readonly hash: string
  /** Until when the former key is accepted. */
  readonly previousExpiresAt: Date
  readonly at: Date
}

/** Returns `undefined` for a key that does not exist, or that is revoked or expired. */
export const rotateApiKey = (
  db: Database,
  id: string,
  { hash, previousExpiresAt, at }: Rotation,
): Promise<ApiKeyRow | undefined> =>
  db
    .updateTable('apiKeys')
    .set((eb) => ({ hash, previousHash: eb.ref('hash'), previousExpiresAt }))
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .where(({ or, eb }) => or([eb('expiresAt', 'is', null), eb('expiresAt', '>', at)]))
    .returningAll()
    .executeTakeFirst()

/** A key that is revoked already keeps its time. Returns `undefined` if there is none with that ID. */
export async function revokeApiKey(db: Database, id: string, at: Date): Promise<ApiKeyRow | undefined> {
  if (!isUuid(id)) return undefined
  return db
    .updateTable('apiKeys')
    .set({ revokedAt: sql<Date>`coalesce(revoked_at, ${at}::timestamptz)` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

/** Sets `lastUsedAt`, unless another gateway has set it to a time after `before`. */
export async function recordApiKeyUse(
  db: Database,
  id: string,
  { at, before }: { readonly at: Date; readonly before: Date },
): Promise<void> {
  await db
    .updateTable('apiKeys')
    .set({ lastUsedAt: at })
    .where('id', '=', id)
    .where(({ or, eb }) => or([eb('lastUsedAt', 'is', null), eb('lastUsedAt', '<=', before)]))
    .execute()
}
