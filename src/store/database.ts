import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { CamelCasePlugin, Kysely, PostgresDialect, type PostgresPoolClient, sql } from 'kysely'
import { noTracing, type Tracing } from '../domain/tracing.ts'
import { openDataFolder, toDataFolderError } from './data-folder.ts'
import { toDatabaseError } from './database-error.ts'
import { channel, listenOnPglite, type Notifications, withConnection } from './listen.ts'
import { listenOnPostgres } from './listen-postgres.ts'
import { lockFolder } from './lock-file.ts'
import { type MeasuredPool, type PoolUsage, toPoolClient } from './pool-client.ts'
import { hostsOf } from './postgres-hosts.ts'
import { openPostgresPool } from './postgres-pool.ts'
import type { Schema } from './schema.ts'
import { tracePool } from './traced-pool.ts'

export type Database = Kysely<Schema>

export interface OpenDatabase extends Notifications {
  readonly db: Database
  /** Whether no other process can use the database. */
  readonly isExclusive: boolean
  /** Where the data is stored, for the startup banner: a folder or a host, never a password. */
  readonly location: string
  /** Those of this process. */
  connections(): PoolUsage
  close(): Promise<void>
}

/** Waits for a lock across all processes on one database; it is released when the transaction ends. */
export async function advisoryLock(transaction: Database, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${name}))`.execute(transaction)
}

export type DatabaseLocation =
  | {
      readonly url: string
      /** A direct connection for notifications, if `url` leads to a pooler that cannot listen. */
      readonly listenUrl?: string
    }
  | { readonly folder: string }
  | { readonly memory: true }

export interface OpenOptions {
  /** Called when this process no longer holds the lock of the folder. */
  readonly onLost?: () => void
  /** PostgreSQL only. Longest duration of a statement, 10 s by default; `null`: no limit, for migrations. */
  readonly statementTimeoutMs?: number | null
  /** Default: statements are not recorded. */
  readonly tracing?: Tracing
}

const defaultStatementTimeoutMs = 10_000

/**
 * Opens PostgreSQL by URL, PGlite in a folder, or PGlite in memory. Throws FolderInUseError if another process holds
 * the folder's lock.
 */
export async function openDatabase(
  location: DatabaseLocation,
  {
    onLost = () => undefined,
    statementTimeoutMs = defaultStatementTimeoutMs,
    tracing = noTracing,
  }: OpenOptions = {},
): Promise<OpenDatabase> {
  const traced = (pool: MeasuredPool) => (tracing.isOn ? tracePool(pool, tracing) : pool)
  if ('url' in location) {
    const pool = traced(openPostgresPool(location.url, { statementTimeoutMs }))
    const listen = listenOnPostgres({
      url: location.listenUrl ?? location.url,
      notify: (text) => withConnection(pool, (client) => notify(client, text)),
    })
    const host = `PostgreSQL at ${hostsOf(location.url)}`
    return toOpenDatabase(pool, { location: host, isExclusive: false, listen }, async () => undefined)
  }
  if ('memory' in location) {
    const pglite = await createPglite()
    const pool = traced(createPool(pglite))
    const properties = { location: 'memory', isExclusive: true, listen: listenOnPglite(pglite, pool) }
    return toOpenDatabase(pool, properties, () => pglite.close())
  }
  openDataFolder(location.folder)
  const lock = await lockFolder(join(location.folder, 'gateway.lock'), onLost)
  // Caught, so that the lock is released if the database cannot be opened.
  try {
    const pglite = await createPglite(join(location.folder, 'pg'))
    const pool = traced(createPool(pglite))
    const properties = { location: location.folder, isExclusive: true, listen: listenOnPglite(pglite, pool) }
    return toOpenDatabase(pool, properties, async () => {
      await pglite.close()
      lock.release()
    })
  } catch (error) {
    lock.release()
    throw toDataFolderError(error, location.folder)
  }
}

/** Imported on demand: with PostgreSQL it is never loaded. */
async function createPglite(folder?: string): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite')
  return PGlite.create(folder)
}

async function notify(client: PostgresPoolClient, text: string): Promise<void> {
  await client.query('select pg_notify($1, $2)', [channel, text])
}

/** Rows are camelCase. Keys inside JSON values are not column names and must not be converted. */
export const storePlugins = [new CamelCasePlugin({ maintainNestedObjectKeys: true })]

function toOpenDatabase(
  pool: MeasuredPool,
  properties: Pick<OpenDatabase, 'location' | 'isExclusive' | 'listen'>,
  closeStore: () => Promise<void>,
): OpenDatabase {
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool }),
    plugins: storePlugins,
  })
  return {
    db,
    ...properties,
    connections: pool.usage,
    close: async () => {
      await db.destroy()
      await closeStore()
    },
  }
}

/**
 * A pool for PGlite's single connection: it is used by one caller at a time. Do not await a query on the outer handle
 * inside a transaction: it would deadlock.
 */
function createPool(pglite: PGlite): MeasuredPool {
  let released: Promise<void> = Promise.resolve()
  let callers = 0
  return {
    async connect() {
      callers += 1
      const previous = released
      let release = () => {}
      released = new Promise((resolve) => {
        release = resolve
      })
      await previous
      return toPoolClient(runOn(pglite), () => {
        callers -= 1
        release()
      })
    },
    end: async () => undefined,
    usage: () => ({
      in_use: Math.min(callers, 1),
      idle: callers > 0 ? 0 : 1,
      waiting: Math.max(callers - 1, 0),
    }),
  }
}

const runOn = (pglite: PGlite) => async (text: string, parameters: unknown[]) => {
  const { rows, affectedRows } = await pglite.query(text, parameters).catch((error: unknown) => {
    throw toDatabaseError(error)
  })
  return { rows, rowCount: affectedRows ?? rows.length, command: commandOf(text) }
}

const commands = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'] as const

/** Kysely reads the number of affected rows only for these commands. */
const commandOf = (text: string) =>
  commands.find((command) => text.slice(0, 6).toUpperCase().startsWith(command)) ?? 'SELECT'
