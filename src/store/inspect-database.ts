import { sql } from 'kysely'
import type { Database } from './database.ts'

/** The clock of the database, between two readings of this process's clock. */
export interface ClockReading {
  readonly sentAt: Date
  readonly at: Date
  readonly receivedAt: Date
}

/** Reads the clock of the database. */
export async function readDatabaseClock(db: Database): Promise<ClockReading> {
  const sentAt = new Date()
  const { rows } = await sql<{ ms: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::double precision as ms`.execute(db)
  return { sentAt, at: new Date(Number(rows[0]?.ms)), receivedAt: new Date() }
}

/** Whether the role of this connection is exempt from row-level security. */
export async function bypassesRowSecurity(db: Database): Promise<boolean> {
  const { rows } = await sql<{ exempt: boolean }>`
    select rolsuper or rolbypassrls as exempt from pg_roles where rolname = current_user`.execute(db)
  return rows[0]?.exempt === true
}

/** Rolls back what `tryWrite` writes. */
class RolledBack extends Error {}

/** Inserts a row and rolls it back. Throws the error of the database if it accepts no writes from this role. */
export async function tryWrite(db: Database): Promise<void> {
  await db
    .transaction()
    .execute(async (transaction) => {
      const at = new Date()
      await transaction
        .insertInto('syncState')
        .values({
          accountKey: 'doctor',
          kind: 'CONNECTORS',
          startedAt: at,
          failedAt: null,
          error: null,
          syncedAt: at,
          skipped: 0,
        })
        .execute()
      throw new RolledBack()
    })
    .catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error
    })
}
