import { parseArgs } from 'node:util'
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

const usage = `Usage:
  keys create --name <name> --scopes <scope,scope> [--expires-in <time>]
  keys list
  keys rotate <id> [--overlap <time>]
  keys revoke <id>
Times have a unit, such as 90d, 24h, 30m or 0s. Scopes: ${permissions.join(', ')}.`

export interface Output {
  /** For results: a new key is printed alone, so that a script can read it. */
  print(text: string): void
  /** For explanations beside the result. */
  note(text: string): void
}

/** The operator of the database, who is not limited. */
const operator: KeyAdmin = { id: 'CLI', scopes: permissions }

const actor = { kind: 'COMMAND_LINE', id: 'keys', name: null } as const

const now = () => new Date()

/** Manages the API keys of the store. Throws CommandError for invalid arguments. */
export async function keys(config: Config, args: readonly string[], output: Output): Promise<void> {
  // The arguments are checked before the database is opened.
  const run = toAction(args)
  const database = await openMigratedDatabase(databaseLocation(config)).catch(rethrowWithHint)
  // The database is closed even after an error, which releases the lock on the data folder.
  try {
    await withAuditOrigin({ actor }, () => run(database.db, output))
  } catch (error) {
    throw error instanceof GatewayError ? new CommandError(explain(error)) : error
  } finally {
    await database.close()
  }
}

type Action = (db: Database, output: Output) => Promise<void>

const contextOf = (db: Database) => ({ db, now, apiKeys: createApiKeyCache(db) })

function toAction(args: readonly string[]): Action {
  const [command, id, ...rest] = args
  if (command === 'create') return toCreate(args.slice(1))
  if (command === 'list' && id === undefined) return list
  if (command === 'rotate' && id !== undefined) return toRotate(id, rest)
  if (command === 'revoke' && id !== undefined && rest.length === 0) return toRevoke(id)
  throw new CommandError(usage)
}

function toCreate(args: readonly string[]): Action {
  const { name, scopes, 'expires-in': expiresIn } = optionsOf(args, ['name', 'scopes', 'expires-in'])
  if (name === undefined || scopes === undefined) throw new CommandError(usage)
  const input = {
    name,
    scopes: scopes.split(',').map((scope) => scope.trim()),
    expiresInSeconds: toSeconds('--expires-in', expiresIn),
  }
  return async (db, { print, note }) => {
    const { apiKey, key } = await createApiKey(contextOf(db), operator, input)
    print(key)
    note(`Created API key ${idOf(apiKey)}. It cannot be shown again.`)
  }
}

function toRotate(id: string, args: readonly string[]): Action {
  const { overlap } = optionsOf(args, ['overlap'])
  const overlapSeconds = toSeconds('--overlap', overlap)
  return async (db, { print, note }) => {
    const request = { id: decodeIdOf('ApiKey', id) ?? '', overlapSeconds }
    const { apiKey, key } = await rotateApiKey(contextOf(db), operator, request)
    print(key)
    note(
      `Rotated API key ${id}. It cannot be shown again. The former key is accepted until ${timeOf(apiKey.previousExpiresAt)}.`,
    )
  }
}

const toRevoke =
  (id: string): Action =>
  async (db, { print }) => {
    const { revokedAt } = await revokeApiKey(contextOf(db), decodeIdOf('ApiKey', id) ?? '')
    print(`Revoked API key ${id} at ${timeOf(revokedAt)}.`)
  }

const columns = ['ID', 'NAME', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED', 'REVOKED']

/** Prints one line for each key, newest first, with tabs between the columns. */
const list: Action = async (db, { print }) => {
  print(columns.join('\t'))
  let after: Position | null = null
  do {
    const page: Awaited<ReturnType<typeof listApiKeys>> = await listApiKeys(db, { first: 100, after })
    for (const row of page.rows) print(lineOf(row))
    after = page.hasNextPage ? (page.rows.at(-1) ?? null) : null
  } while (after !== null)
}

const lineOf = (row: ApiKeyRow) =>
  [
    idOf(row),
    row.name,
    row.scopes.join(','),
    ...[row.createdAt, row.expiresAt, row.lastUsedAt, row.revokedAt].map(timeOf),
  ].join('\t')

const idOf = ({ id }: ApiKeyRow) => encodeGlobalId('ApiKey', id)

const timeOf = (time: Date | null) => time?.toISOString() ?? '-'

function optionsOf(args: readonly string[], names: readonly string[]): Partial<Record<string, string>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]))
  try {
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch {
    throw new CommandError(usage)
  }
}

const secondsByUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

function toSeconds(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const [, count, unit = ''] = /^(\d{1,10})([smhd])$/.exec(text) ?? []
  const seconds = Number(count) * (secondsByUnit[unit] ?? Number.NaN)
  if (Number.isNaN(seconds))
    throw new CommandError(`${option} must be a time with a unit, such as 90d, 24h, 30m or 0s.`)
  return seconds
}

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
