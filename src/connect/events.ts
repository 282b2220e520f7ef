import { EventEmitter, on } from 'node:events'
import { connectionsChangedSince } from '../store/connection-list.ts'
import type { Database } from '../store/database.ts'
import { findTransitionsSince } from '../store/link-history.ts'
import type { Notifications } from '../store/listen.ts'

/** A link has a new history entry. */
export interface LinkTransitionEvent {
  readonly linkId: string
  /** Number of the history entry, from 1. */
  readonly number: number
  /** Read from the store after a reconnect: it may be older than the subscription. */
  readonly isReplayed: boolean
}

/** A connection has changed. */
export interface ConnectionChangeEvent {
  readonly connectionId: string
}

/**
 * Changes made by any process that shares the store. Events carry only ids. All subscribers get the same event object,
 * so that what has changed can be read once for all of them.
 */
export interface Events {
  /** Transitions of one link, or of all (`null`). Subscribes at the call, not at the first `next`. */
  linkTransitions(linkId: string | null, signal: AbortSignal): AsyncIterableIterator<LinkTransitionEvent>
  connections(signal: AbortSignal): AsyncIterableIterator<ConnectionChangeEvent>
  close(): Promise<void>
}

/**
 * Tolerated clock skew between processes: 10 s. Transitions that are published twice are recognised by their number.
 */
const overlapMs = 10_000

export async function createEvents({
  db,
  announcements: notifications,
  now,
}: {
  readonly db: Database
  readonly announcements: Notifications
  readonly now: () => Date
}): Promise<Events> {
  const emitter = new EventEmitter().setMaxListeners(0)
  let lastMessageAt = now()

  function publish(text: string, isReplayed = false): void {
    lastMessageAt = now()
    const [kind, id = '', number] = text.split(' ')
    if (kind === 'connection')
      emitter.emit('connection', { connectionId: id } satisfies ConnectionChangeEvent)
    if (kind !== 'link') return
    const event: LinkTransitionEvent = { linkId: id, number: Number(number), isReplayed }
    emitter.emit('link', event)
    emitter.emit(`link ${id}`, event)
  }

  /** Publishes the changes that were notified while the database connection was lost. */
  async function catchUp(): Promise<void> {
    const since = new Date(lastMessageAt.getTime() - overlapMs)
    for (const { linkId, number } of await findTransitionsSince(db, since))
      publish(`link ${linkId} ${number}`, true)
    for (const id of await connectionsChangedSince(db, since)) publish(`connection ${id}`)
  }

  // Messages wait for a running catch-up: a watcher that gets a later transition first would skip the earlier ones.
  let caughtUp: Promise<void> = Promise.resolve()
  const stop = await notifications.listen({
    onMessage: (text) => void caughtUp.then(() => publish(text)),
    onReconnect: () => {
      // If the read fails, the connection is lost again too, and its next reconnect retries.
      caughtUp = caughtUp.then(catchUp).catch(() => undefined)
    },
  })

  return {
    linkTransitions: (linkId, signal) =>
      iterate<LinkTransitionEvent>(emitter, linkId === null ? 'link' : `link ${linkId}`, signal),
    connections: (signal) => iterate<ConnectionChangeEvent>(emitter, 'connection', signal),
    close: stop,
  }
}

/**
 * Iterates over the events of one name until the signal aborts or `return` is called. `Payload` is not checked: only
 * `publish` emits on the emitter.
 */
function iterate<Payload>(
  emitter: EventEmitter,
  name: string,
  signal: AbortSignal,
): AsyncIterableIterator<Payload> {
  const events = on(emitter, name, { signal })
  const end = { done: true, value: undefined } as const
  return {
    // An abort ends the iteration without an error.
    next: () =>
      events.next().then(
        ({ done, value }) => (done === true ? end : { done: false, value: value[0] }),
        (error: unknown) => {
          if (signal.aborted) return end
          throw error
        },
      ),
    async return() {
      await events.return?.()
      return end
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
