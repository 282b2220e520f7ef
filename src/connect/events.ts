import { EventEmitter } from 'node:events'
import type { Log } from '../domain/log.ts'
import type { Database } from '../store/database.ts'
import type { Notifications } from '../store/listen.ts'
import { iterateEvents } from './util/iterate-events.ts'
import { createMissedChanges } from './util/missed-changes.ts'
import { createPolling } from './util/polling.ts'

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
  /** Calls the listener after every change of the stored provider accounts, and when one may have been missed. */
  onAccountsChanged(listener: () => void): void
  /** Calls the listener when messages to webhook endpoints have been queued; not for each, and not if it is missed. */
  onWebhooksQueued(listener: () => void): void
  close(): Promise<void>
}

export async function createEvents({
  db,
  announcements: notifications,
  log,
  now,
}: {
  readonly db: Database
  readonly announcements: Notifications
  readonly log: Log
  readonly now: () => Date
}): Promise<Events> {
  const emitter = new EventEmitter().setMaxListeners(0)
  function publish(text: string, isReplayed = false): void {
    const [kind, id = '', number] = text.split(' ')
    if (kind === 'connection')
      emitter.emit('connection', { connectionId: id } satisfies ConnectionChangeEvent)
    if (kind === 'provider-accounts' || kind === 'webhooks') emitter.emit(kind)
    if (kind !== 'link') return
    const event: LinkTransitionEvent = { linkId: id, number: Number(number), isReplayed }
    emitter.emit('link', event)
    emitter.emit(`link ${id}`, event)
  }

  const missed = createMissedChanges({ db, now, publish: (text) => publish(text, true) })
  async function readMissed(): Promise<void> {
    await missed.publish()
    publish('provider-accounts')
  }
  const polling = createPolling({ read: readMissed, log })
  const stop = await notifications.listen({
    onMessage(text) {
      // While notifications are unreliable, changes are read from the tables; reading them twice would be in vain.
      if (!polling.isListening()) return
      missed.setCompleteUntil(now())
      // Messages wait for a running read: a watcher that gets a later transition first would skip the earlier ones.
      void polling.finished().then(() => publish(text))
    },
    onListening: polling.setListening,
  })

  return {
    linkTransitions: (linkId, signal) =>
      iterateEvents<LinkTransitionEvent>(emitter, linkId === null ? 'link' : `link ${linkId}`, signal),
    connections: (signal) => iterateEvents<ConnectionChangeEvent>(emitter, 'connection', signal),
    onAccountsChanged: (listener) => void emitter.on('provider-accounts', listener),
    onWebhooksQueued: (listener) => void emitter.on('webhooks', listener),
    async close() {
      polling.stop()
      await stop()
    },
  }
}
