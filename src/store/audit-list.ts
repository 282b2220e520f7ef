import { sql } from 'kysely'
import type { AuditActorKind, AuditOutcome } from '../domain/audit.ts'
import { countAtMost } from './count-at-most.ts'
import type { Database } from './database.ts'
import { type Page, toPage } from './keyset-pagination.ts'
import type { AuditEventRow } from './schema.ts'

/** All given fields must match. */
export interface AuditFilter {
  readonly actorKind?: AuditActorKind | null | undefined
  readonly actorId?: string | null | undefined
  readonly endUserId?: string | null | undefined
  readonly organizationId?: string | null | undefined
  readonly operation?: string | null | undefined
  readonly outcome?: AuditOutcome | null | undefined
  /** At this time or later. */
  readonly since?: Date | null | undefined
  /** Before this time. */
  readonly until?: Date | null | undefined
}

/** Sort position of an event, newest first; a page starts after it. */
export interface AuditPosition {
  readonly createdAt: Date
  readonly id: number
}

export interface AuditPageRequest {
  readonly first: number
  readonly after: AuditPosition | null
}

export const findAuditEvent = (db: Database, id: number): Promise<AuditEventRow | undefined> =>
  db.selectFrom('auditEvents').selectAll().where('id', '=', id).executeTakeFirst()

/** Reads one range of an index: that of a column of the filter, or that of the time. */
export async function listAuditEvents(
  db: Database,
  filter: AuditFilter,
  page: AuditPageRequest,
): Promise<Page<AuditEventRow>> {
  const { first, after } = page
  const rows = await matching(db, filter)
    .selectAll()
    .$if(after !== null, (query) =>
      query.where(sql<boolean>`(created_at, id) < (${after?.createdAt}::timestamptz, ${after?.id}::bigint)`),
    )
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(first + 1)
    .execute()
  return toPage(rows, { first })
}

/** Returns `null` above `maxCount`. */
export const countAuditEvents = (db: Database, filter: AuditFilter): Promise<number | null> =>
  countAtMost(db, matching(db, filter).select('id'))

const matching = (db: Database, { since, until, ...equals }: AuditFilter) =>
  db.selectFrom('auditEvents').where((where) =>
    where.and([
      ...equalColumns.flatMap((column) => {
        const value = equals[column]
        return value == null ? [] : [where(column, '=', value)]
      }),
      ...(since == null ? [] : [where('createdAt', '>=', since)]),
      ...(until == null ? [] : [where('createdAt', '<', until)]),
    ]),
  )

const equalColumns = ['actorKind', 'actorId', 'endUserId', 'organizationId', 'operation', 'outcome'] as const
