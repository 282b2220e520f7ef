import { setTimeout as sleep } from 'node:timers/promises'
import type { PGlite } from '@electric-sql/pglite'
import type { PostgresPool } from 'kysely'
import pg from 'pg'

/** Change notifications from all processes on the database. */
export interface Notifications {
  /** Subscribes; resolves to a function that unsubscribes. */
  listen(listener: Listener): Promise<() => Promise<void>>
}

export interface Listener {
  onMessage(text: string): void
  /** The connection was lost and is open again: notifications in between were missed. */
  onReconnect(): void
}

/** The channel of the `pg_notify` calls in the database triggers. */
const channel = 'gateway'

/**
 * LISTEN and UNLISTEN take PGlite's one connection from the pool, so that they do not run inside another caller's
 * transaction.
 */
export function listenOnPglite(pglite: PGlite, pool: PostgresPool): Notifications['listen'] {
  return async ({ onMessage }) => {
    const unlisten = await withConnection(pool, () => pglite.listen(channel, onMessage))
    return () => withConnection(pool, unlisten)
  }
}

async function withConnection<Result>(pool: PostgresPool, work: () => Promise<Result>): Promise<Result> {
  const connection = await pool.connect()
  return work().finally(() => connection.release())
}

const reconnectAfterMs = 500

/** Listens on a dedicated connection and reconnects when it is lost. */
export function listenOnPostgres(connectionString: string): Notifications['listen'] {
  return async (listener) => {
    const stopped = new AbortController()
    let client = await connect(connectionString, listener, () => void reconnect())

    async function reconnect(): Promise<void> {
      while (!stopped.signal.aborted) {
        // Caught, because a restarting database refuses connections for a while.
        try {
          client = await connect(connectionString, listener, () => void reconnect())
          break
        } catch {
          await sleep(reconnectAfterMs)
        }
      }
      if (stopped.signal.aborted) await client.end()
      else listener.onReconnect()
    }

    return async () => {
      stopped.abort()
      await client.end()
    }
  }
}

async function connect(
  connectionString: string,
  { onMessage }: Listener,
  onLost: () => void,
): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, keepAlive: true, connectionTimeoutMillis: 10_000 })
  // An error closes the connection; an error event without a listener would end the process.
  client.on('error', () => undefined)
  await client.connect()
  await client.query(`listen ${channel}`)
  client.on('notification', ({ payload }) => onMessage(payload ?? ''))
  client.once('end', onLost)
  return client
}
