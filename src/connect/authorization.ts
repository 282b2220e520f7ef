import { ForbiddenError, type InputIssue } from '../domain/errors.ts'
import type { Permission } from '../domain/permissions.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { LinkGuard } from '../domain/statuses.ts'
import type { Viewer } from '../domain/viewer.ts'

/** Throws ForbiddenError unless the caller has the permission. */
export function requirePermission({ scopes }: Pick<Viewer, 'scopes'>, permission: Permission): void {
  if (!scopes.includes(permission)) throw new ForbiddenError(`The permission "${permission}" is required.`)
}

/** Whether the caller is an end user with a session, restricted to their own links and connections. */
export const isEndUser = ({ kind }: Viewer): boolean => kind === 'END_USER'

/** Whether the caller may read and change what belongs to that end user; otherwise it is reported as not found. */
export const canAccess = (viewer: Viewer, ownerId: string | null): boolean =>
  !isEndUser(viewer) || (viewer.endUser !== null && viewer.endUser.id === ownerId)

/** The rows that the caller may access. */
export const filterAccessible = <Owned extends { readonly endUserId: string | null }>(
  viewer: Viewer,
  rows: readonly Owned[],
): readonly Owned[] => rows.filter(({ endUserId }) => canAccess(viewer, endUserId))

/** A list filter restricted to what the caller may access; `null`: it asks for another end user's rows, so the list is empty. */
export function restrictFilter<Filter extends { readonly endUserId?: string | null | undefined }>(
  viewer: Viewer,
  filter: Filter,
): (Filter & { readonly endUserId?: string | null | undefined }) | null {
  if (!isEndUser(viewer)) return filter
  const ownId = viewer.endUser?.id ?? null
  if (ownId === null || (filter.endUserId != null && filter.endUserId !== ownId)) return null
  return { ...filter, endUserId: ownId }
}

/** The issues of a link that the session's limits do not allow; none without limits. */
export function sessionRestrictions(
  { limits }: Viewer,
  link: { readonly provider: ProviderKey; readonly connector: string },
): readonly InputIssue[] {
  const message = 'is not allowed in this session'
  return [
    ...(limits?.providers?.includes(link.provider) === false ? [{ path: ['provider'], message }] : []),
    ...(limits?.connectors?.includes(link.connector) === false
      ? [{ path: ['input', 'connector'], message }]
      : []),
  ]
}

/**
 * The problem with a guard for the caller's link; `null`: none. A session may not weaken the configured guard. Its own
 * CONFIRM does not count as a guard against its end user, who then has the code verifier.
 */
export function guardProblem(viewer: Viewer, guard: LinkGuard, configured: LinkGuard): string | null {
  if (!isEndUser(viewer) || configured === 'NONE') return null
  if (configured === 'CONFIRM')
    return 'is CONFIRM by default, which needs an API key: the code verifier has to stay on a server'
  return guard === 'SAME_BROWSER' ? null : 'must be SAME_BROWSER in a session'
}
