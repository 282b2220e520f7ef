import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { channel, type Listener, type Notifications } from './listen.ts'
import { splitHosts } from './postgres-hosts.ts'

export interface ListenOptions {
  readonly url: string
  /** Sends a notification over another connection than the one that listens. */
  notify(text: string): Promise<void>
  /** Between the heartbeats that the process sends to itself; default 5 s. */
  readonly heartbeatMs?: number
  /** After which a heartbeat that has not come back is lost; default 3 s. */
  readonly echoTimeoutMs?: number
}

const minReconnectMs = 500
const maxReconnectMs = 15_000

/**
 * Listens on a connection of its own and reconnects when it is lost. It counts as lost, too, when the heartbeats that
 * the process sends to itself do not come back: behind a pooler in transaction mode, or if traffic is dropped silently.
 * `listen` resolves after the first attempt to connect, whether it succeeded or not.
 */
export function listenOnPostgres(options: ListenOptions): Notifications['listen'] {
  return async (listener) => {
    const stopped = new AbortController()
    let finished = Promise.resolve()
    await new Promise<void>((onAttempt) => {
      finished = keepListening(options, { listener, onAttempt, signal: stopped.signal })
    })
    return async () => {
      stopped.abort()
      await finished
    }
  }
}

interface Session {
  readonly listener: Listener
  /** Called after each attempt to connect. */
  onAttempt(): void
  readonly signal: AbortSignal
}

async function keepListening(options: ListenOptions, session: Session): Promise<void> {
  const { listener, onAttempt, signal } = session
  let delayMs = minReconnectMs
  while (!signal.aborted) {
    const hasListened = await listenOnAny(options, session)
    onAttempt()
    if (signal.aborted) return
    listener.onListening(false)
    delayMs = hasListened ? minReconnectMs : Math.min(delayMs * 2, maxReconnectMs)
    await pause(delayMs, signal)
  }
}

/** Listens on the first host of the URL that can: not on a standby. Returns as `listenOnce`. */
async function listenOnAny(options: ListenOptions, session: Session): Promise<boolean> {
  for (const url of splitHosts(options.url)) {
    if (session.signal.aborted) return false
    if (await listenOnce({ ...options, url }, session)) return true
  }
  return false
}

/** Listens until the connection is lost or the signal aborts. Returns whether a heartbeat ever came back. */
async function listenOnce(
  options: ListenOptions,
  { listener, onAttempt, signal }: Session,
): Promise<boolean> {
  const { url, heartbeatMs = 5_000 } = options
  const client = new pg.Client({
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  })
  // An error closes the connection; an error event without a listener would end the process.
  client.on('error', () => undefined)
  const lost = new AbortController()
  const abort = () => lost.abort()
  client.once('end', abort)
  signal.addEventListener('abort', abort, { once: true })
  let hasListened = false
  try {
    await client.connect()
    await client.query(`listen ${channel}`)
    client.on('notification', ({ payload }) => listener.onMessage(payload ?? ''))
    onAttempt()
    while (await isEchoed(client, options, lost.signal)) {
      if (!hasListened) listener.onListening(true)
      hasListened = true
      await pause(heartbeatMs, lost.signal)
    }
  } catch {
    // The database cannot be reached, or refuses the connection: retried by the caller.
  } finally {
    signal.removeEventListener('abort', abort)
    // Not awaited: a connection that does not answer never ends by itself.
    client.end().catch(() => undefined)
    client.connection.stream.destroy()
  }
  return hasListened
}

/** Sends a heartbeat and waits until it comes back; `false` after the timeout, or when the connection is lost. */
function isEchoed(
  client: pg.Client,
  { notify, echoTimeoutMs = 3_000 }: ListenOptions,
  lost: AbortSignal,
): Promise<boolean> {
  const heartbeat = `heartbeat ${randomUUID()}`
  return new Promise((resolve) => {
    const onNotification = ({ payload }: pg.Notification) => payload === heartbeat && finish(true)
    const onFailure = () => finish(false)
    const timer = setTimeout(onFailure, echoTimeoutMs)
    function finish(isReceived: boolean) {
      clearTimeout(timer)
      client.off('notification', onNotification)
      lost.removeEventListener('abort', onFailure)
      resolve(isReceived)
    }
    client.on('notification', onNotification)
    lost.addEventListener('abort', onFailure)
    if (lost.aborted) onFailure()
    else notify(heartbeat).catch(onFailure)
  })
}

/** Resolves after the time, or when the signal aborts. */
const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined)
