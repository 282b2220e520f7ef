import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import {
  CamelCasePlugin,
  Kysely,
  type PostgresCursor,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
  sql,
} from 'kysely'
import pg from 'pg'
import { openDataFolder } from './data-folder.ts'
import { listenOnPglite, listenOnPostgres, type Notifications } from './listen.ts'
import { lockFolder } from './lock-file.ts'
import type { Schema } from './schema.ts'

export type Database = Kysely<Schema>

export interface OpenDatabase extends Notifications {
  readonly db: Database
  /** Whether no other process can use the database. */
  readonly isExclusive: boolean
  /** Where the data is stored, for the startup banner: a folder or a host, never a password. */
  readonly location: string
  close(): Promise<void>
}

/** Waits for a lock across all processes on one database; it is released when the transaction ends. */
export async function advisoryLock(transaction: Database, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${name}))`.execute(transaction)
}

export type DatabaseLocation =
  | { readonly url: string }
  | { readonly folder: string }
  | { readonly memory: true }

/**
 * Opens PostgreSQL by URL, PGlite in a folder, or PGlite in memory. Throws FolderInUseError if another process holds
 * the folder's lock; `onLost` is called when this process no longer holds it.
 */
export async function openDatabase(
  location: DatabaseLocation,
  onLost: () => void = () => undefined,
): Promise<OpenDatabase> {
  if ('url' in location) {
    const pool = new pg.Pool({ connectionString: location.url, max: 10, connectionTimeoutMillis: 10_000 })
    // An idle connection that breaks is replaced at the next query; an error event without a listener would end the
    // process.
    pool.on('error', () => undefined)
    // The same for a connection in use: its query rejects, which reports the error to the caller.
    pool.on('connect', (client) => client.on('error', () => undefined))
    const host = `PostgreSQL at ${new URL(location.url).host}`
    return toOpenDatabase(
      pool,
      { location: host, isExclusive: false, listen: listenOnPostgres(location.url) },
      async () => undefined,
    )
  }
  if ('memory' in location) {
    const pglite = await PGlite.create()
    const pool = createPool(pglite)
    const properties = { location: 'memory', isExclusive: true, listen: listenOnPglite(pglite, pool) }
    return toOpenDatabase(pool, properties, () => pglite.close())
  }
  openDataFolder(location.folder)
  const lock = await lockFolder(join(location.folder, 'gateway.lock'), onLost)
  // Caught, so that the lock is released if the database cannot be opened.
  try {
    const pglite = await PGlite.create(join(location.folder, 'pg'))
    const pool = createPool(pglite)
    const properties = { location: location.folder, isExclusive: true, listen: listenOnPglite(pglite, pool) }
    return toOpenDatabase(pool, properties, async () => {
      await pglite.close()
      lock.release()
    })
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Rows are camelCase. Keys inside JSON values are not column names and must not be converted. */
export const storePlugins = [new CamelCasePlugin({ maintainNestedObjectKeys: true })]

function toOpenDatabase(
  pool: PostgresPool,
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
function createPool(pglite: PGlite): PostgresPool {
  let released: Promise<void> = Promise.resolve()
  return {
    async connect() {
      const previous = released
      let release = () => {}
      released = new Promise((resolve) => {
        release = resolve
      })
      await previous
      return { query: createQuery(pglite), release }
    },
    end: async () => undefined,
  }
}

function createQuery(pglite: PGlite): PostgresPoolClient['query'] {
  function query<Row>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>
  function query<Row>(
    text: string | PostgresCursor<Row>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<Row>> | PostgresCursor<Row> {
    if (typeof text !== 'string') throw new Error('cursors are not supported on PGlite')
    return pglite.query<Row>(text, [...parameters]).then(({ rows, affectedRows }) => ({
      rows,
      rowCount: affectedRows ?? rows.length,
      command: commandOf(text),
    }))
  }
  return query
}

const commands = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'] as const

/** Kysely reads the number of affected rows only for these commands. */
const commandOf = (text: string) =>
  commands.find((command) => text.slice(0, 6).toUpperCase().startsWith(command)) ?? 'SELECT'
