import { connectionsChangedSince } from '../../store/connection-list.ts'
import type { Database } from '../../store/database.ts'
import { findTransitionsSince } from '../../store/link-history.ts'

/** Reads the changes whose notifications did not arrive. */
export interface MissedChanges {
  /** Publishes the changes since the time until which all are known, each once. */
  publish(): Promise<void>
  /** All changes until this time have been notified. */
  setCompleteUntil(time: Date): void
}

/** Tolerated clock skew between processes: 10 s. */
const overlapMs = 10_000

export function createMissedChanges(options: {
  readonly db: Database
  readonly now: () => Date
  /** Receives texts as the database's triggers send them. */
  publish(text: string): void
}): MissedChanges {
  const { db, now } = options
  let completeUntil = now()
  /** Changes of the last read, which the next one finds again because of the overlap. */
  let published = new Set<string>()

  return {
    async publish() {
      const since = new Date(completeUntil.getTime() - overlapMs)
      const readAt = now()
      const [transitions, connections] = await Promise.all([
        findTransitionsSince(db, since),
        connectionsChangedSince(db, since),
      ])
      const found = [
        ...transitions.map(({ linkId, number }) => ({ text: `link ${linkId} ${number}`, version: '' })),
        ...connections.map(({ id, updatedAt }) => ({
          text: `connection ${id}`,
          version: updatedAt.toISOString(),
        })),
      ].map((change) => ({ ...change, key: `${change.text} ${change.version}` }))
      for (const { key, text } of found) if (!published.has(key)) options.publish(text)
      published = new Set(found.map(({ key }) => key))
      completeUntil = readAt
    },
    setCompleteUntil(time) {
      completeUntil = time
      published.clear()
    },
  }
}
