import { AsyncResource } from 'node:async_hooks'
import type { PGlite } from '@electric-sql/pglite'
import type { PostgresPool, PostgresPoolClient } from 'kysely'

/** Change notifications from all processes on the database. */
export interface Notifications {
  /** Subscribes; resolves to a function that unsubscribes. */
  listen(listener: Listener): Promise<() => Promise<void>>
}

export interface Listener {
  onMessage(text: string): void
  /**
   * `false`: notifications do not arrive, so that changes have to be read from the tables. `true`: they arrive again;
   * those in between were missed.
   */
  onListening(isListening: boolean): void
}

/** The channel of the `pg_notify` calls in the database triggers, and of heartbeats. */
export const channel = 'gateway'

/**
 * LISTEN and UNLISTEN take PGlite's one connection from the pool, so that they do not run inside another caller's
 * transaction.
 */
export function listenOnPglite(pglite: PGlite, pool: PostgresPool): Notifications['listen'] {
  return async ({ onMessage }) => {
    // Called while a statement runs, but not on behalf of the request that has sent it.
    const onOwn = AsyncResource.bind(onMessage)
    const unlisten = await withConnection(pool, () => pglite.listen(channel, onOwn))
    return () => withConnection(pool, () => unlisten())
  }
}

/** Runs work on a connection of the pool. */
export async function withConnection<Result>(
  pool: PostgresPool,
  work: (client: PostgresPoolClient) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.connect()
  return work(connection).finally(() => connection.release())
}
