import { createHash } from 'node:crypto'
import { createSingleFlight } from '../../http/single-flight.ts'
import type { Database } from '../../store/database.ts'
import {
  findOldSessionKeys,
  findRevocations,
  insertRevocation,
  lastRevocationNumber,
} from '../../store/session-revocations.ts'

/** Which sessions are not accepted any more, at all gateways that share the store. */
export interface Revocations {
  /** Number of the latest revocation: that of a session which is issued now. */
  latest(): Promise<number>
  /** Revokes all sessions of the end user that have been issued until now. Returns the time. */
  revoke(endUserId: string): Promise<Date>
  /** Throws if the store cannot be read. At most one second late for a revocation by another gateway. */
  isRevoked(session: IssuedSession): Promise<boolean>
}

export interface IssuedSession {
  readonly endUserId: string
  /** `latest` when it was issued. */
  readonly number: number
  /** Of the key that has signed it. */
  readonly keyId: string
}

export const maxSessionSeconds = 86_400
const maxAgeMs = 1_000
/** Sessions from before the last 100,000 revocations are refused: whether they are revoked is not kept in memory. */
const maxRemembered = 100_000

/** Reads the store at most once in a second, and only what is new. */
export function createRevocations(
  { db, now }: { readonly db: Database; readonly now: () => Date },
  limit = maxRemembered,
): Revocations {
  const numbers = new Map<string, number>()
  let oldKeys: ReadonlyMap<string, Date> = new Map()
  /** All revocations up to this number have been read, and those up to the other one forgotten. */
  let readUpTo = 0
  let forgottenUpTo = 0
  let readAt = Number.NEGATIVE_INFINITY
  const reading = createSingleFlight<void>()

  async function read(): Promise<void> {
    const startedAt = performance.now()
    const [found, keys] = await Promise.all([
      findRevocations(db, { after: readUpTo, limit }),
      findOldSessionKeys(db),
    ])
    for (const { endUserHash, number } of found.toReversed()) remember(endUserHash, number)
    if (found.length === limit) forgottenUpTo = Math.max(forgottenUpTo, (found.at(-1)?.number ?? 0) - 1)
    readUpTo = found[0]?.number ?? readUpTo
    oldKeys = keys
    readAt = startedAt
  }

  function remember(endUserHash: string, number: number): void {
    // Deleted first, so that the map is ordered by number.
    numbers.delete(endUserHash)
    numbers.set(endUserHash, number)
    const [oldest] = numbers
    if (numbers.size <= limit || oldest === undefined) return
    numbers.delete(oldest[0])
    forgottenUpTo = oldest[1]
  }

  /** The session of an old key may have been issued until the key became old, and is valid for at most a day. */
  function isRetired(keyId: string): boolean {
    const oldSince = oldKeys.get(keyId)
    return oldSince !== undefined && now().getTime() - oldSince.getTime() >= maxSessionSeconds * 1_000
  }

  return {
    latest: () => lastRevocationNumber(db),
    async revoke(endUserId) {
      const revokedAt = now()
      await insertRevocation(db, hashOf(endUserId), revokedAt)
      readAt = Number.NEGATIVE_INFINITY
      return revokedAt
    },
    async isRevoked({ endUserId, number, keyId }) {
      if (performance.now() - readAt > maxAgeMs) await reading.run('all', read)
      return number < Math.max(forgottenUpTo, numbers.get(hashOf(endUserId)) ?? 0) || isRetired(keyId)
    },
  }
}

const hashOf = (endUserId: string) => createHash('sha256').update(endUserId).digest('base64url')
