import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { advisoryLock, type Database } from './database.ts'
import type { AuditEventRow } from './schema.ts'

/** A place in the chain: the event with this number, and its hash. */
export interface ChainPosition {
  readonly number: number
  readonly hash: string
}

/** The ends of the chain. */
export interface AuditChain {
  /** The last event that the retention has removed. */
  readonly trimmed: ChainPosition
  readonly head: ChainPosition
}

const start: ChainPosition = { number: 0, hash: '0'.repeat(64) }
const batchSize = 1_000

/**
 * Hash of an event: SHA-256, in hexadecimal, of a JSON array of all its columns and the hash of the event before it. It
 * covers the personal columns through their digest.
 */
export const hashOf = (row: AuditEventRow, { number, hash: previousHash }: ChainPosition): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        number + 1,
        row.createdAt.toISOString(),
        row.actorKind,
        row.actorId,
        row.actorName,
        row.organizationId,
        row.operation,
        row.outcome,
        row.errorCode,
        row.targets,
        row.requestId,
        row.personalDigest,
        previousHash,
      ]),
    )
    .digest('hex')

/**
 * Adds the events that are not part of the hash chain yet. Events are inserted without a hash, because a chain needs one
 * writer at a time: transactions would wait for each other until their commits, and could deadlock. Until it is part of
 * the chain, usually for a second, an event can be changed without a trace.
 */
export async function sealAuditEvents(db: Database): Promise<void> {
  while (await hasUnsealed(db)) await db.transaction().execute(sealBatch)
}

const hasUnsealed = async (db: Database): Promise<boolean> =>
  (await db.selectFrom('auditEvents').select('id').where('number', 'is', null).limit(1).execute()).length > 0

async function sealBatch(transaction: Database): Promise<void> {
  const chain = await lockChain(transaction)
  const rows = await transaction
    .selectFrom('auditEvents')
    .selectAll()
    .where('number', 'is', null)
    .orderBy('id')
    .limit(batchSize)
    .execute()
  let head = chain.head
  const hashes = rows.map((row) => {
    head = { number: head.number + 1, hash: hashOf(row, head) }
    return head.hash
  })
  const previousHashes = [chain.head.hash, ...hashes.slice(0, -1)]
  await sql`
    update audit_events set number = ${chain.head.number} + sealed.at, previous_hash = sealed.previous_hash, hash = sealed.hash
    from unnest(${rows.map(({ id }) => id)}::bigint[], ${previousHashes}::text[], ${hashes}::text[])
      with ordinality as sealed(id, previous_hash, hash, at)
    where audit_events.id = sealed.id`.execute(transaction)
  await saveChain(transaction, { ...chain, head })
}

/** Few enough for the time limit of a statement; the retention runs every minute. */
const maxTrimmed = 10_000

/**
 * Removes the oldest events up to the first one that is not older than `before`, at most 10,000. Keeps the hash of the
 * last one.
 */
export async function trimAuditEvents(db: Database, before: Date): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const chain = await lockChain(transaction)
    const { rows } = await sql<ChainPosition>`
      select number, hash from audit_events
      where number <= ${chain.trimmed.number + maxTrimmed}::bigint and number < coalesce(
        (select min(number) from audit_events where created_at >= ${before}::timestamptz), ${chain.head.number + 1}::bigint)
      order by number desc limit 1`.execute(transaction)
    const [trimmed] = rows
    if (trimmed === undefined) return
    await saveChain(transaction, { ...chain, trimmed })
    await transaction.deleteFrom('auditEvents').where('number', '<=', trimmed.number).execute()
  })
}

/** Clears end user, address and user agent in all events about an end user; the chain still verifies. */
export async function eraseEndUserFromAudit(db: Database, endUserId: string): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // Events that are being added to the chain are locked in another order.
    await lockChain(transaction)
    await transaction
      .updateTable('auditEvents')
      .set({ endUserId: null, address: null, userAgent: null, personalSalt: null })
      .where('endUserId', '=', endUserId)
      .execute()
  })
}

async function lockChain(transaction: Database): Promise<AuditChain> {
  await advisoryLock(transaction, 'audit chain')
  return readChain(transaction)
}

/** The ends of the chain, as they are stored. */
export async function readChain(db: Database): Promise<AuditChain> {
  const row = await db.selectFrom('auditChain').selectAll().executeTakeFirst()
  if (row === undefined) return { trimmed: start, head: start }
  return {
    trimmed: { number: row.trimmedNumber, hash: row.trimmedHash },
    head: { number: row.headNumber, hash: row.headHash },
  }
}

async function saveChain(transaction: Database, { trimmed, head }: AuditChain): Promise<void> {
  const columns = {
    trimmedNumber: trimmed.number,
    trimmedHash: trimmed.hash,
    headNumber: head.number,
    headHash: head.hash,
  }
  await transaction
    .insertInto('auditChain')
    .values({ id: 1, ...columns })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute()
}

/** The events of the chain in order; with `since`, only those of that time or later. */
export async function* sealedEvents(
  db: Database,
  since: Date | null = null,
): AsyncGenerator<AuditEventRow & { readonly number: number }> {
  let after = 0
  for (;;) {
    const rows = await db
      .selectFrom('auditEvents')
      .selectAll()
      .where('number', '>', after)
      .$narrowType<{ number: number }>()
      .$if(since !== null, (query) => query.where('createdAt', '>=', since ?? new Date(0)))
      .orderBy('number')
      .limit(batchSize)
      .execute()
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < batchSize) return
    after = last.number
  }
}
