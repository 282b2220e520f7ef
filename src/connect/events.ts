import { EventEmitter, on } from 'node:events'
import { connectionsChangedSince } from '../store/connection-list.ts'
import type { Database } from '../store/database.ts'
import { transitionsSince } from '../store/link-history.ts'
import type { Notifications } from '../store/listen.ts'

/** A link has come to this step of its history. */
export interface LinkStep {
  readonly linkId: string
  readonly number: number
  /** Read after the line was cut: it may be older than whoever listens. */
  readonly isReplayed: boolean
}

/** What changes, whichever process changes it. Only ids: who listens reads what it may see. */
export interface Events {
  /** Steps of one link, or of all. Begins to hear at the call, not at the first `next`. */
  linkSteps(linkId: string | null, signal: AbortSignal): AsyncIterableIterator<LinkStep>
  /** Ids of connections. */
  connections(signal: AbortSignal): AsyncIterableIterator<string>
  close(): Promise<void>
}

/** Clocks of several processes differ; what is announced twice is told apart by its number. */
const overlapMs = 10_000

export async function createEvents({
  db,
  announcements,
  now,
}: {
  readonly db: Database
  readonly announcements: Notifications
  readonly now: () => Date
}): Promise<Events> {
  const emitter = new EventEmitter().setMaxListeners(0)
  let heardAt = now()

  function publish(text: string, isReplayed = false): void {
    heardAt = now()
    const [kind, id = '', number] = text.split(' ')
    if (kind === 'connection') emitter.emit('connection', id)
    if (kind !== 'link') return
    const step: LinkStep = { linkId: id, number: Number(number), isReplayed }
    emitter.emit('link', step)
    emitter.emit(`link ${id}`, step)
  }

  /** What was announced while nobody heard it is read from the store. */
  async function catchUp(): Promise<void> {
    const since = new Date(heardAt.getTime() - overlapMs)
    for (const { linkId, number } of await transitionsSince(db, since))
      publish(`link ${linkId} ${number}`, true)
    for (const id of await connectionsChangedSince(db, since)) publish(`connection ${id}`)
  }

  // What is heard while the gap is read comes after it: a watcher takes the later steps for the whole.
  let caughtUp: Promise<void> = Promise.resolve()
  const stop = await announcements.listen({
    onMessage: (text) => void caughtUp.then(() => publish(text)),
    onReconnect: () => {
      // If the store fails again, the line is cut again, and it is tried again.
      caughtUp = caughtUp.then(catchUp).catch(() => undefined)
    },
  })

  return {
    linkSteps: (linkId, signal) =>
      iterate<LinkStep>(emitter, linkId === null ? 'link' : `link ${linkId}`, signal),
    connections: (signal) => iterate<string>(emitter, 'connection', signal),
    close: stop,
  }
}

/** What an emitter says under a name, until the signal or `return`; the emitter is of ours, so what it says is known. */
function iterate<Said>(
  emitter: EventEmitter,
  name: string,
  signal: AbortSignal,
): AsyncIterableIterator<Said> {
  const said = on(emitter, name, { signal })
  const over = { done: true, value: undefined } as const
  return {
    // An end by the signal is an end, not an error.
    next: () =>
      said.next().then(
        ({ done, value }) => (done === true ? over : { done: false, value: value[0] }),
        (error: unknown) => {
          if (signal.aborted) return over
          throw error
        },
      ),
    async return() {
      await said.return?.()
      return over
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
