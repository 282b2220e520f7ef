import { type AuditChain, type ChainPosition, hashOf, readChain, sealedEvents } from './audit-chain.ts'
import { personalDigest } from './audit-events.ts'
import type { Database } from './database.ts'
import type { AuditEventRow } from './schema.ts'

export interface Verification extends AuditChain {
  readonly events: number
  /** How many of them have no personal data any more. */
  readonly erased: number
  /** What is wrong with the first event that does not verify; `null`: all do. */
  readonly problem: string | null
}

/**
 * Recomputes the chain in one snapshot. `knownHash`: the hash of an event that was kept elsewhere; it must be part of the
 * chain. Without one, a writer who replaces the whole chain, its end or its ends in `audit_chain` included, goes unnoticed.
 */
export async function verifyAuditChain(db: Database, knownHash: string | null = null): Promise<Verification> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (transaction) => {
      const chain = await readChain(transaction)
      let last = chain.trimmed
      let erased = 0
      let isKnown = knownHash === null || last.hash === knownHash
      const result = (problem: string | null) => ({
        ...chain,
        events: last.number - chain.trimmed.number,
        erased,
        problem,
      })
      for await (const row of sealedEvents(transaction)) {
        if (row.number !== last.number + 1) return result(`Event ${last.number + 1} is missing.`)
        if (!isIntact(row, last)) return result(`Event ${row.number} was changed, or one before it replaced.`)
        if (row.personalSalt === null) erased += 1
        last = { number: row.number, hash: row.hash ?? '' }
        isKnown ||= last.hash === knownHash
      }
      if (last.number !== chain.head.number) return result(`Event ${last.number + 1} is missing.`)
      if (last.hash !== chain.head.hash) return result(`Event ${last.number} was replaced.`)
      return result(isKnown ? null : 'No event has the given hash: events were replaced or removed.')
    })
}

const isIntact = (row: AuditEventRow, last: ChainPosition): boolean =>
  row.previousHash === last.hash && row.hash === hashOf(row, last) && isPersonalDataIntact(row)

const isPersonalDataIntact = (row: AuditEventRow): boolean =>
  row.personalSalt === null
    ? row.endUserId === null && row.address === null && row.userAgent === null
    : row.personalDigest === personalDigest(row)
