import { setTimeout as sleep } from 'node:timers/promises'
import type { PGlite } from '@electric-sql/pglite'
import type { PostgresPool } from 'kysely'
import pg from 'pg'

/** Announcements of changes, by whichever process made them. */
export interface Notifications {
  /** Hears them from now on; answers how to stop. */
  listen(listener: Listener): Promise<() => Promise<void>>
}

export interface Listener {
  onMessage(text: string): void
  /** The line was cut for a while: what was announced meanwhile was not heard. */
  onReconnect(): void
}

/** The channel that the database's triggers speak on. */
const channel = 'gateway'

/** PGlite's one connection is borrowed to begin and to end listening, so that neither falls into somebody's transaction. */
export function listenOnPglite(pglite: PGlite, pool: PostgresPool): Notifications['listen'] {
  return async ({ onMessage }) => {
    const unlisten = await alone(pool, () => pglite.listen(channel, onMessage))
    return () => alone(pool, unlisten)
  }
}

async function alone<Result>(pool: PostgresPool, act: () => Promise<Result>): Promise<Result> {
  const connection = await pool.connect()
  return act().finally(() => connection.release())
}

const reconnectAfterMs = 500

/** A connection of its own, opened again whenever it breaks. */
export function listenOnPostgres(connectionString: string): Notifications['listen'] {
  return async (listener) => {
    const stopped = new AbortController()
    let client = await connect(connectionString, listener, () => void reconnect())

    async function reconnect(): Promise<void> {
      while (!stopped.signal.aborted) {
        // Caught, because a database that restarts refuses connections for a while.
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
  // An error ends the connection; without a listener it would end the process.
  client.on('error', () => undefined)
  await client.connect()
  await client.query(`listen ${channel}`)
  client.on('notification', ({ payload }) => onMessage(payload ?? ''))
  client.once('end', onLost)
  return client
}
