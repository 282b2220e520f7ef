import { mkdirSync } from 'node:fs'
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
import { listenOnPglite, listenOnPostgres, type Notifications } from './listen.ts'
import { lockFolder } from './lock-file.ts'
import type { Schema } from './schema.ts'

export type Database = Kysely<Schema>

export interface OpenDatabase extends Notifications {
  readonly db: Database
  /** No other process can use it. */
  readonly isExclusive: boolean
  /** Where the data lives, for the start screen: a folder or a host, never a password. */
  readonly location: string
  close(): Promise<void>
}

/** Lets one transaction at a time pass, over all processes on one database; it passes on at its end. */
export async function advisoryLock(transaction: Database, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${name}))`.execute(transaction)
}

export type DatabaseLocation =
  | { readonly url: string }
  | { readonly folder: string }
  | { readonly memory: true }

/**
 * PostgreSQL by URL, else PGlite in a folder that this process alone may use, else PGlite in memory. `onLost` is told
 * when the folder is no longer ours.
 */
export async function openDatabase(
  location: DatabaseLocation,
  onLost: () => void = () => undefined,
): Promise<OpenDatabase> {
  if ('url' in location) {
    const pool = new pg.Pool({ connectionString: location.url, max: 10, connectionTimeoutMillis: 10_000 })
    // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
    pool.on('error', () => undefined)
    // The same while a query uses it: the query fails, and that is how its user hears of it.
    pool.on('connect', (client) => client.on('error', () => undefined))
    const place = `PostgreSQL at ${new URL(location.url).host}`
    return opened(
      pool,
      { location: place, isExclusive: false, listen: listenOnPostgres(location.url) },
      async () => undefined,
    )
  }
  if ('memory' in location) {
    const pglite = await PGlite.create()
    const pool = poolOf(pglite)
    return opened(pool, { location: 'memory', isExclusive: true, listen: listenOnPglite(pglite, pool) }, () =>
      pglite.close(),
    )
  }
  mkdirSync(location.folder, { recursive: true, mode: 0o700 })
  const lock = await lockFolder(join(location.folder, 'gateway.lock'), onLost)
  // The lock must not outlive a store that could not be opened.
  try {
    const pglite = await PGlite.create(join(location.folder, 'pg'))
    const pool = poolOf(pglite)
    const about = { location: location.folder, isExclusive: true, listen: listenOnPglite(pglite, pool) }
    return opened(pool, about, async () => {
      await pglite.close()
      lock.release()
    })
  } catch (error) {
    lock.release()
    throw error
  }
}

function opened(
  pool: PostgresPool,
  about: Pick<OpenDatabase, 'location' | 'isExclusive' | 'listen'>,
  end: () => Promise<void>,
): OpenDatabase {
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool }),
    // Keys inside JSON values are not column names: they stay as they are.
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
  return {
    db,
    ...about,
    close: async () => {
      await db.destroy()
      await end()
    },
  }
}

/**
 * PGlite has one connection, so it is lent out to one user at a time. Never wait for a query on the outer
 * handle inside a transaction: it would wait for itself.
 */
function poolOf(pglite: PGlite): PostgresPool {
  let free: Promise<void> = Promise.resolve()
  return {
    async connect() {
      const before = free
      let release = () => {}
      free = new Promise((resolve) => {
        release = resolve
      })
      await before
      return { query: queryOn(pglite), release }
    },
    end: async () => undefined,
  }
}

function queryOn(pglite: PGlite): PostgresPoolClient['query'] {
  function query<Row>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>
  function query<Row>(
    text: string | PostgresCursor<Row>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<Row>> | PostgresCursor<Row> {
    if (typeof text !== 'string') throw new Error('PGlite is not asked for cursors')
    return pglite.query<Row>(text, [...parameters]).then(({ rows, affectedRows }) => ({
      rows,
      rowCount: affectedRows ?? rows.length,
      command: commandOf(text),
    }))
  }
  return query
}

const commands = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'] as const

/** Kysely counts affected rows only for these. */
const commandOf = (text: string) =>
  commands.find((word) => text.slice(0, 6).toUpperCase().startsWith(word)) ?? 'SELECT'
