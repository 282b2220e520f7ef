import type { Config } from '../app/config.ts'
import { createApiKeyCache } from '../connect/api-keys/key-cache.ts'
import { createApiKey, type KeyAdmin, revokeApiKey, rotateApiKey } from '../connect/api-keys/manage-keys.ts'
import { GatewayError, InvalidInputError } from '../domain/errors.ts'
import { permissions } from '../domain/permissions.ts'
import { decodeIdOf, encodeGlobalId } from '../graphql/ids.ts'
import { listApiKeys } from '../store/api-keys.ts'
import { withAuditOrigin } from '../store/audit-origin.ts'
import type { Database } from '../store/database.ts'
import type { Position } from '../store/keyset-pagination.ts'
import { FolderInUseError } from '../store/lock-file.ts'
import { openMigratedDatabase } from '../store/open-migrated.ts'
import type { ApiKeyRow } from '../store/schema.ts'
import { CommandError } from './command-error.ts'
import { databaseLocation } from './database-location.ts'
import type { Output } from './output.ts'
import { toSeconds } from './time-option.ts'

/** The operator of the database, who is not limited. */
const operator: KeyAdmin = { id: 'CLI', scopes: permissions }

const actor = { kind: 'COMMAND_LINE', id: 'keys', name: null } as const

const now = () => new Date()

/** What a command does in the database. */
export type Action = (db: Database, output: Output) => Promise<void>

/** Runs an action on the API keys of the store. Throws CommandError for invalid arguments. */
export async function runOnKeys(config: Config, action: Action, output: Output): Promise<void> {
  const database = await openMigratedDatabase(databaseLocation(config)).catch(rethrowWithHint)
  // The database is closed even after an error, which releases the lock on the data folder.
  try {
    await withAuditOrigin({ actor }, () => action(database.db, output))
  } catch (error) {
    throw error instanceof GatewayError ? new CommandError(explain(error)) : error
  } finally {
    await database.close()
  }
}

const contextOf = (db: Database) => ({ db, now, apiKeys: createApiKeyCache(db) })

interface CreateOptions {
  readonly name: string
  /** Separated by commas. */
  readonly scopes: string
  readonly expiresIn?: string
}

/** Creates a key, which is the result. Throws CommandError for an invalid time. */
export function createKey({ name, scopes, expiresIn }: CreateOptions): Action {
  const input = {
    name,
    scopes: scopes.split(',').map((scope) => scope.trim()),
    expiresInSeconds: expiresIn === undefined ? undefined : toSeconds('--expires-in', expiresIn),
  }
  return async (db, { result, note }) => {
    const { apiKey, key } = await createApiKey(contextOf(db), operator, input)
    result(key, { key, ...toDocument(apiKey) })
    note(`Created API key ${idOf(apiKey)}. It cannot be shown again.`)
  }
}

/** Replaces a key; the new one is the result. Throws CommandError for an invalid time. */
export function rotateKey(id: string, { overlap }: { readonly overlap?: string }): Action {
  const overlapSeconds = overlap === undefined ? undefined : toSeconds('--overlap', overlap)
  return async (db, { result, note }) => {
    const request = { id: decodeIdOf('ApiKey', id) ?? '', overlapSeconds }
    const { apiKey, key } = await rotateApiKey(contextOf(db), operator, request)
    result(key, { key, ...toDocument(apiKey) })
    note(
      `Rotated API key ${id}. It cannot be shown again. The former key is accepted until ${timeOf(apiKey.previousExpiresAt)}.`,
    )
  }
}

export const revokeKey =
  (id: string): Action =>
  async (db, { result }) => {
    const revoked = await revokeApiKey(contextOf(db), decodeIdOf('ApiKey', id) ?? '')
    result(`Revoked API key ${id} at ${timeOf(revoked.revokedAt)}.`, toDocument(revoked))
  }

const columns = ['ID', 'NAME', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED', 'REVOKED']

/** The result has one line for each key, newest first, with tabs between the columns. */
export const listKeys: Action = async (db, { result }) => {
  const rows: ApiKeyRow[] = []
  let after: Position | null = null
  do {
    const page: Awaited<ReturnType<typeof listApiKeys>> = await listApiKeys(db, { first: 100, after })
    rows.push(...page.rows)
    after = page.hasNextPage ? (page.rows.at(-1) ?? null) : null
  } while (after !== null)
  result([columns.join('\t'), ...rows.map(lineOf)].join('\n'), { apiKeys: rows.map(toDocument) })
}

const lineOf = (row: ApiKeyRow) =>
  [
    idOf(row),
    row.name,
    row.scopes.join(','),
    ...[row.createdAt, row.expiresAt, row.lastUsedAt, row.revokedAt].map(timeOf),
  ].join('\t')

/** What may be known of a stored key; its times are written in ISO 8601. */
const toDocument = (row: ApiKeyRow) => ({
  id: idOf(row),
  name: row.name,
  scopes: row.scopes,
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
  lastUsedAt: row.lastUsedAt,
  previousExpiresAt: row.previousExpiresAt,
  revokedAt: row.revokedAt,
})

const idOf = ({ id }: ApiKeyRow) => encodeGlobalId('ApiKey', id)

const timeOf = (time: Date | null) => time?.toISOString() ?? '-'

const optionByField: Readonly<Record<string, string>> = {
  name: '--name',
  scopes: '--scopes',
  expiresInSeconds: '--expires-in',
  overlapSeconds: '--overlap',
}

function explain(error: GatewayError): string {
  if (!(error instanceof InvalidInputError)) return error.message
  const lines = error.issues.map(({ path, message }) => {
    const field = path.find((part) => part in optionByField) ?? ''
    return `${optionByField[field]} ${message}`
  })
  return [...new Set(lines)].join('\n')
}

function rethrowWithHint(error: unknown): never {
  if (!(error instanceof FolderInUseError)) throw error
  throw new CommandError(
    `${error.message} Or use the running gateway: its mutations createApiKey, rotateApiKey and revokeApiKey do the same.`,
  )
}
