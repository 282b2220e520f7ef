import { sql } from 'kysely'
import type { Organization } from '../domain/end-user.ts'
import { type ColumnRule, excluded, type Read } from './column-rule.ts'
import type { ConnectionRow } from './schema.ts'

/**
 * Not of a connection that an organization owns, because its end user may have been erased, nor of an orphan, which was
 * taken from its end user: the provider may still name either.
 */
const isPersonWritten = sql<boolean>`connections.end_user_id is null
  and connections.owner <> 'ORGANIZATION' and not connections.orphaned`

const personColumn = <Value extends string | null>(column: string) =>
  sql<Value>`case when ${isPersonWritten}
    then ${sql.ref(`excluded.${column}`)} else ${sql.ref(`connections.${column}`)} end`

const organizationFor = ({ connection, origin, owner }: Read): Organization | null =>
  owner ? owner.endUser.organization : connection.endUserId === null ? null : (origin.organization ?? null)

type PersonColumn =
  | 'endUserId'
  | 'ownerEvidence'
  | 'endUserName'
  | 'endUserEmail'
  | 'organizationId'
  | 'organizationName'
  | 'owner'

/** How an upsert writes whom a connection belongs to. */
export const personRules: { readonly [Column in PersonColumn]: ColumnRule<ConnectionRow[Column]> } = {
  endUserId: {
    insert: ({ connection, owner }) => owner?.endUser.id ?? connection.endUserId,
    updateClaim: personColumn('endUserId'),
    updateOwner: excluded('endUserId'),
  },
  ownerEvidence: {
    insert: ({ connection, origin, owner }) =>
      owner?.evidence ?? (connection.endUserId === null ? null : (origin.ownerEvidence ?? 'PROVIDER')),
    updateClaim: personColumn('ownerEvidence'),
    updateOwner: excluded('ownerEvidence'),
  },
  endUserName: { insert: ({ owner }) => owner?.endUser.name ?? null, updateOwner: excluded('endUserName') },
  endUserEmail: {
    insert: ({ owner }) => owner?.endUser.email ?? null,
    updateOwner: excluded('endUserEmail'),
  },
  organizationId: {
    insert: (read) => organizationFor(read)?.id ?? null,
    updateClaim: personColumn('organizationId'),
    updateOwner: excluded('organizationId'),
  },
  organizationName: {
    insert: (read) => organizationFor(read)?.name ?? null,
    updateClaim: personColumn('organizationName'),
    updateOwner: excluded('organizationName'),
  },
  owner: { insert: ({ owner }) => owner?.ownedBy ?? 'PERSON', updateOwner: excluded('owner') },
}
