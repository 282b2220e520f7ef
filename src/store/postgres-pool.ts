import type { PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { DatabaseUnavailableError, toDatabaseError, toUnavailable } from './database-error.ts'
import { parseTime } from './parse-time.ts'
import { type MeasuredPool, toPoolClient } from './pool-client.ts'
import { splitHosts } from './postgres-hosts.ts'
import { statementName } from './statement-names.ts'

// As PGlite: a number instead of a text.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, parseTime)

export interface PoolLimits {
  /** Longest duration of a statement; `null`: no limit, for migrations. */
  readonly statementTimeoutMs: number | null
}

const maxClients = 10
/** How long a caller waits for a free connection, or for a new one. */
const checkoutTimeoutMs = 5_000
/** The server cancels a statement first, which keeps the connection; the client gives up when it does not answer. */
const answerMarginMs = 1_000
/** TCP keep-alive probes start after this time without traffic, so that a proxy or firewall keeps the connection open. */
const keepAliveDelayMs = 10_000

/**
 * Connections to PostgreSQL. Rejects with DatabaseUnavailableError when the database cannot be used; a connection that
 * did not answer is closed, so that the next caller does not get it. Of several hosts in the URL, the one that last
 * worked is used, else the next one that accepts writes.
 */
export function openPostgresPool(url: string, limits: PoolLimits): MeasuredPool {
  const hosts = splitHosts(url)
  const pools = hosts.map((host) => createPool(host, { ...limits, mustBeWritable: hosts.length > 1 }))
  let current = 0
  return {
    async connect() {
      let failure: unknown
      for (let tried = 0; tried < pools.length; tried += 1) {
        const index = (current + tried) % pools.length
        try {
          const client = await checkOut(pools[index] as pg.Pool)
          current = index
          return discardIfLost(client)
        } catch (error) {
          failure = error
        }
      }
      // Whatever the cause: a password that was changed a moment ago, a database that is being restored.
      throw toUnavailable(failure)
    },
    async end() {
      await Promise.all(pools.map((pool) => pool.end()))
    },
    usage() {
      const sum = (countOf: (pool: pg.Pool) => number) =>
        pools.reduce((total, pool) => total + countOf(pool), 0)
      return {
        in_use: sum(({ totalCount, idleCount }) => totalCount - idleCount),
        idle: sum(({ idleCount }) => idleCount),
        waiting: sum(({ waitingCount }) => waitingCount),
      }
    },
  }
}

function createPool(
  connectionString: string,
  { statementTimeoutMs, mustBeWritable }: PoolLimits & { readonly mustBeWritable: boolean },
): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: maxClients,
    connectionTimeoutMillis: checkoutTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelayMs,
    application_name: 'connect-gateway',
    ...(statementTimeoutMs !== null && { query_timeout: statementTimeoutMs + answerMarginMs }),
    onConnect: async (client: ConnectedClient) => {
      const { isPooled, isReadOnly } = await inspect(client)
      if (!isPooled) direct.add(client)
      // A pooler would apply these settings to statements of its other clients, and not to all of ours; of the date style it
      // keeps that of each client. No statement runs so long that compiling it would pay.
      const own = isPooled ? '' : `; set jit to off; set statement_timeout to ${statementTimeoutMs ?? 0}`
      await client.query(`set datestyle to iso${own}`)
      if (mustBeWritable && isReadOnly)
        throw new DatabaseUnavailableError(new Error('the host is read-only'), true)
    },
  })
  // An idle connection that breaks is replaced at the next query; an error event without a listener would end the
  // process.
  pool.on('error', () => undefined)
  // The same for a connection in use: its query rejects, which reports the error to the caller.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** How long a pool keeps the size that the server allowed. */
const reducedSizeMs = 10_000

/** A free connection, or a new one. If the server has no more for us, the callers share those that there are. */
async function checkOut(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await connectInTime(pool)
  } catch (error) {
    const isRefused = error instanceof Error && 'code' in error && error.code === tooManyConnections
    if (!isRefused || pool.totalCount === 0) throw error
    pool.options.max = pool.totalCount
    setTimeout(() => {
      pool.options.max = maxClients
    }, reducedSizeMs).unref()
    return connectInTime(pool)
  }
}

const tooManyConnections = '53300'

/** The pool's own time limit does not cover `onConnect` and the closing of a connection that does not answer. */
function connectInTime(pool: pg.Pool): Promise<pg.PoolClient> {
  return new Promise((resolve, reject) => {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      reject(new DatabaseUnavailableError(new Error('no connection within the time limit'), true))
    }, checkoutTimeoutMs + answerMarginMs)
    pool.connect().then(
      (client) => {
        clearTimeout(timer)
        if (isLate) client.release()
        else resolve(client)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}

/** The process of the server that the connection was opened with; a pooler sends a number of its own. */
type ConnectedClient = pg.ClientBase & { readonly processID?: number | null }

async function inspect(client: ConnectedClient) {
  const { rows } = await client.query<{ process: number; read_only: string }>(
    `select pg_backend_pid() as process, current_setting('transaction_read_only') as read_only`,
  )
  return { isPooled: rows[0]?.process !== client.processID, isReadOnly: rows[0]?.read_only === 'on' }
}

/** Connections without a pooler, which could run a prepared statement on a connection where it was not prepared. */
const direct = new WeakSet<pg.ClientBase>()

/**
 * SQLSTATE of a prepared statement that cannot be used: another process has changed the type of one of its columns
 * ("cached plan must not change result type"), something between has discarded it, or has given it to another client.
 */
const unusableStatement = /^(0A000|26000|42P05)$/

function discardIfLost(client: pg.PoolClient): PostgresPoolClient {
  let lost: Error | undefined
  async function execute(text: string, parameters: unknown[]) {
    const name = direct.has(client) ? statementName(text) : undefined
    if (name === undefined) return client.query(text, parameters)
    try {
      return await client.query({ name, text, values: parameters })
    } catch (error) {
      const isUnusable = error instanceof pg.DatabaseError && unusableStatement.test(error.code ?? '')
      if (!isUnusable) throw error
      direct.delete(client)
      // A failed transaction runs nothing more.
      if (client.getTransactionStatus() !== 'I') throw new DatabaseUnavailableError(error, false)
      return client.query(text, parameters)
    }
  }
  async function run(text: string, parameters: unknown[]) {
    // A transaction ends with ROLLBACK, which would wait on a connection that does not answer.
    if (lost) throw lost
    try {
      return await execute(text, parameters)
    } catch (cause) {
      const error = toDatabaseError(cause)
      if (error instanceof DatabaseUnavailableError && error.isConnectionLost) lost = error
      throw error
    }
  }
  return toPoolClient(run, () => client.release(lost))
}
