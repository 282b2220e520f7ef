import { sql } from 'kysely'
import { openStatuses } from './connect-links.ts'
import { advisoryLock, type Database } from './database.ts'

/** A link that is to be created. */
export interface PlannedLink {
  /** `null`: not known yet. */
  readonly linkId: string | null
  readonly endUserId: string
  /** The connection that it reconnects; `null`: it makes a new one. */
  readonly connectionId: string | null
}

/**
 * The number of the end user's open links that have not expired and of those that are being created, without the planned
 * one. Links that reconnect the same connection do not count: the new one supersedes them.
 */
export async function countOpenLinks(
  db: Database,
  { linkId, endUserId, connectionId }: PlannedLink,
  now: Date,
): Promise<number> {
  // One statement, and so one snapshot: a link that is created meanwhile counts once, as a reservation or as a link.
  const { rows } = await sql<{ count: string }>`
    select
      (select count(*) from connect_links
        where end_user_id = ${endUserId} and status = any(${[...openStatuses]}::text[])
          and (expires_at is null or expires_at > ${now}::timestamptz)
          and (purpose = 'RECONNECT' and connection_id = ${connectionId}::uuid) is not true) +
      (select count(*) from link_reservations
        where end_user_id = ${endUserId} and expires_at > ${now}::timestamptz
          and (link_id = ${linkId}::uuid) is not true
          and (connection_id = ${connectionId}::uuid) is not true) as count`.execute(db)
  return Number(rows[0]?.count)
}

export interface ReserveLink extends PlannedLink {
  readonly linkId: string
  readonly now: Date
  readonly expiresAt: Date
  /** How many open links the end user may have. */
  readonly limit: number
}

/**
 * Reserves a place for a link before it is created. Returns `false` if the end user has `limit` other links. A retry of an
 * interrupted creation takes over its reservation.
 */
export function reserveLink(db: Database, { now, limit, ...reservation }: ReserveLink): Promise<boolean> {
  const { endUserId } = reservation
  return db.transaction().execute(async (transaction) => {
    // Two transactions that count at once would not see each other's reservation.
    await advisoryLock(transaction, `open links ${endUserId}`)
    if ((await countOpenLinks(transaction, reservation, now)) >= limit) return false
    await transaction
      .insertInto('linkReservations')
      .values(reservation)
      .onConflict((conflict) => conflict.column('linkId').doUpdateSet(reservation))
      .execute()
    return true
  })
}

/** Call it in the transaction that inserts the link, so that the link counts once. */
export async function releaseReservation(db: Database, linkId: string): Promise<void> {
  await db.deleteFrom('linkReservations').where('linkId', '=', linkId).execute()
}

/** Deletes reservations whose process was killed. */
export async function deleteExpiredReservations(db: Database, now: Date): Promise<void> {
  await db.deleteFrom('linkReservations').where('expiresAt', '<=', now).execute()
}

export async function deleteReservationsOfEndUser(db: Database, endUserId: string): Promise<void> {
  await db.deleteFrom('linkReservations').where('endUserId', '=', endUserId).execute()
}
