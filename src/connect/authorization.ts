import { ForbiddenError } from '../domain/errors.ts'
import type { Permission } from '../domain/permissions.ts'
import type { Tag } from '../domain/tag.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { Database } from '../store/database.ts'
import { asViewer, type OwnerCondition, type OwnerFilter, type RowAccess } from '../store/row-access.ts'
import type { ConnectionRow } from '../store/schema.ts'

/** Throws ForbiddenError unless the caller has the permission. */
export function requirePermission({ scopes }: Pick<Viewer, 'scopes'>, permission: Permission): void {
  if (!scopes.includes(permission)) throw new ForbiddenError(`The permission "${permission}" is required.`)
}

/** Whether the caller is an end user with a session, restricted to their own links and connections. */
export const isEndUser = ({ kind }: Viewer): boolean => kind === 'END_USER'

/** The organization whose provider accounts the caller uses; `null`: those of the environment. */
export const organizationOfViewer = ({ endUser }: Viewer): string | null => endUser?.organization?.id ?? null

/** The organization whose provider accounts a link uses. A session is always its own end user. */
export const organizationFor = (viewer: Viewer, { endUser }: LinkOwner): string | null =>
  (viewer.endUser ?? endUser)?.organization?.id ?? null

interface LinkOwner {
  readonly endUser?: { readonly organization?: { readonly id: string } | null | undefined } | null | undefined
}

/**
 * What a caller may read; `null`: everything. This is the only definition: `canRead…` apply it to a row, `restrict…` to
 * a list, and `readAs` to all rows of the database.
 *
 * A session has the rows whose end user and organization are both those of the session: an end user without an organization
 * has only rows without one, and the same end user in another organization has other rows. With `organizationAccess` it
 * also reads the connections that its organization owns.
 */
export function accessOf(viewer: Viewer): RowAccess | null {
  const { endUser, organizationAccess } = viewer
  if (!isEndUser(viewer)) return null
  if (endUser === null || endUser.id === '') throw new Error('a session has no end user')
  const organizationId = endUser.organization?.id ?? null
  return {
    endUserId: endUser.id,
    organizationId,
    sharedOrganizationId: organizationAccess === null ? null : organizationId,
  }
}

type Owned = Pick<ConnectionRow, 'endUserId' | 'organizationId'>

/** Whether the row is one of the caller's end user; always true for API keys. */
function isOwn(viewer: Viewer, row: Owned): boolean {
  const access = accessOf(viewer)
  return (
    access === null || (access.endUserId === row.endUserId && access.organizationId === row.organizationId)
  )
}

/** Whether the caller may read and change the link; otherwise it is reported as not found. */
export const canReadLink = (viewer: Viewer, link: Owned): boolean => isOwn(viewer, link)

/** Whether the caller may read the connection; otherwise it is reported as not found. */
export function canReadConnection(viewer: Viewer, connection: Owned & Pick<ConnectionRow, 'owner'>): boolean {
  if (isOwn(viewer, connection)) return true
  const shared = accessOf(viewer)?.sharedOrganizationId ?? null
  return connection.owner === 'ORGANIZATION' && shared !== null && connection.organizationId === shared
}

/**
 * Throws ForbiddenError if a session without MANAGE changes a connection that its organization owns, even one that its own
 * end user has made. Not NotFoundError: the caller may read the connection.
 */
export function requireChangeAccess(viewer: Viewer, { owner }: Pick<ConnectionRow, 'owner'>): void {
  if (isEndUser(viewer) && owner === 'ORGANIZATION' && viewer.organizationAccess !== 'MANAGE')
    throw new ForbiddenError(
      'The connection belongs to the organization: the session needs organizationAccess MANAGE.',
    )
}

/**
 * The connection as the caller may see it: of one that the organization owns, without what names another end user or that
 * person's account. Providers name connections after either.
 */
export const hideOtherPerson = (viewer: Viewer, connection: ConnectionRow): ConnectionRow =>
  isOwn(viewer, connection)
    ? connection
    : {
        ...connection,
        name: null,
        healthMessage: null,
        endUserId: null,
        endUserName: null,
        endUserEmail: null,
        ownerEvidence: null,
        externalAccountId: null,
        externalAccountName: null,
        externalAccountEmail: null,
      }

/** Equal for callers that may read the same. */
export const accessKey = (viewer: Viewer): string => JSON.stringify(accessOf(viewer))

/** Runs reads for the caller. */
export const readAs = <Result>(
  db: Database,
  viewer: Viewer,
  read: (reader: Database) => Promise<Result>,
): Promise<Result> => asViewer(db, accessOf(viewer), read)

interface ListFilter extends OwnerFilter {
  readonly tag?: Tag | null | undefined
}

/** The links of a filter that the caller may read. Throws ForbiddenError if a session filters by a tag. */
export function restrictLinks<Filter extends ListFilter>(viewer: Viewer, filter: Filter): Filter {
  const access = accessOf(viewer)
  if (access === null) return filter
  requireNoTag(filter)
  return { ...filter, within: [ownRows(access)] }
}

/**
 * The connections of a filter that the caller may read. In a session, a filter by end user finds only connections of its
 * own end user: otherwise it would show what `hideOtherPerson` hides. Throws ForbiddenError if a session filters by a tag.
 */
export function restrictConnections<Filter extends ListFilter>(viewer: Viewer, filter: Filter): Filter {
  const access = accessOf(viewer)
  if (access === null) return filter
  requireNoTag(filter)
  const { sharedOrganizationId: organizationId } = access
  if (organizationId === null || filter.endUserId != null) return { ...filter, within: [ownRows(access)] }
  const shared = { organizationId, owner: 'ORGANIZATION' } as const
  return { ...filter, within: [{ ...ownRows(access), owner: 'PERSON' }, shared] }
}

/** Sessions do not see tags. */
function requireNoTag({ tag }: ListFilter): void {
  if (tag != null) throw new ForbiddenError('Only API keys may filter by a tag.')
}

const ownRows = ({ endUserId, organizationId }: RowAccess): OwnerCondition => ({ endUserId, organizationId })

/** The tags that the caller sees: they are labels of the application, which end users do not see. */
export const visibleTags = (viewer: Viewer, tags: readonly Tag[]): readonly Tag[] =>
  isEndUser(viewer) ? [] : tags
