import { sql } from 'kysely'
import { openStatuses } from './connect-links.ts'
import type { Database } from './database.ts'
import { defineStatement, type Placeholders, quoted } from './statement.ts'

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
  // One snapshot: a link that is created meanwhile counts once, as a reservation or as a link.
  const { rows } = await sql<{ count: number }>`
    select count_open_links(${linkId}::uuid, ${endUserId}, ${connectionId}::uuid, ${[...openStatuses]}::text[],
      ${now}::timestamptz) as count`.execute(db)
  return Number(rows[0]?.count)
}

export interface ReserveLink extends PlannedLink {
  readonly linkId: string
  readonly now: Date
  readonly expiresAt: Date
  /** How many open links the end user may have. */
  readonly limit: number
}

const callReserveLink = defineStatement((_, args: Placeholders<ReserveLink>) => {
  const { linkId, endUserId, connectionId, now, expiresAt, limit } = args
  return sql<{ isReserved: boolean }>`
      select reserve_link(${linkId}::uuid, ${endUserId}::text, ${connectionId}::uuid, ${[...openStatuses]}::text[],
        ${now}::timestamptz, ${expiresAt}::timestamptz, ${limit}::integer) as ${quoted('isReserved')}`
})

/**
 * Reserves a place for a link before it is created. Returns `false` if the end user has `limit` other links. A retry of an
 * interrupted creation takes over its reservation.
 */
export async function reserveLink(
  db: Database,
  { linkId, endUserId, connectionId, now, expiresAt, limit }: ReserveLink,
): Promise<boolean> {
  const args = { linkId, endUserId, connectionId, now, expiresAt, limit }
  // It waits for a lock: two transactions that count at once would not see each other's reservation.
  const [row] = await callReserveLink(db, args, null)
  return row?.isReserved === true
}

/** For a link that is not created; `insertLink` releases the reservation of its link. */
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
