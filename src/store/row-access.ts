import { sql } from 'kysely'
import type { ConnectionOwner } from '../domain/statuses.ts'
import type { Database } from './database.ts'

/** The rows that a session may read, as the policies of migrations/2026-12-04-row-security.ts apply it. */
export interface RowAccess {
  /** Rows of this end user in exactly this organization; `null`: rows without an organization. */
  readonly endUserId: string
  readonly organizationId: string | null
  /** Also the connections that this organization owns; `null`: none. */
  readonly sharedOrganizationId: string | null
}

/**
 * Runs reads with the access of a caller; `null`: without restriction. On PostgreSQL its policies hide all other rows from
 * every statement of `read`, whatever its conditions are. They do not apply to superusers, thus not on PGlite.
 */
export function asViewer<Result>(
  db: Database,
  access: RowAccess | null,
  read: (reader: Database) => Promise<Result>,
): Promise<Result> {
  if (access === null) return read(db)
  return db
    .transaction()
    .setAccessMode('read only')
    .execute(async (transaction) => {
      // Until the end of the transaction, as SET LOCAL, which takes no parameters.
      await sql`select set_config('gateway.viewer', ${JSON.stringify(access)}, true)`.execute(transaction)
      return read(transaction)
    })
}

/** A condition on the columns that decide who may see a row; an absent one accepts any value. */
export interface OwnerCondition {
  readonly endUserId?: string
  /** `null`: rows without an organization. */
  readonly organizationId?: string | null
  readonly owner?: ConnectionOwner
}

export interface OwnerFilter {
  readonly endUserId?: string | null | undefined
  readonly organizationId?: string | null | undefined
  /** Only rows that meet one of these conditions, which exclude each other. Default: all rows. */
  readonly within?: readonly OwnerCondition[]
}

/** The filter as conditions that exclude each other. None: no row can match. */
export function ownerConditions({
  endUserId,
  organizationId,
  within = [{}],
}: OwnerFilter): readonly OwnerCondition[] {
  const wanted: OwnerCondition = {
    ...(endUserId != null && { endUserId }),
    ...(organizationId != null && { organizationId }),
  }
  return within
    .filter((condition) => !areContradictory(wanted, condition))
    .map((condition) => ({ ...wanted, ...condition }))
}

const areContradictory = (wanted: OwnerCondition, { endUserId, organizationId }: OwnerCondition): boolean =>
  differ(wanted.endUserId, endUserId) || differ(wanted.organizationId, organizationId)

const differ = (a: string | null | undefined, b: string | null | undefined): boolean =>
  a !== undefined && b !== undefined && a !== b
