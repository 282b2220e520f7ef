import { ForbiddenError, type InputIssue, InvalidInputError } from '../domain/errors.ts'
import type { Permission } from '../domain/permissions.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { LinkGuard } from '../domain/statuses.ts'
import type { Tag } from '../domain/tag.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { Catalogue } from './catalogue/catalogue.ts'

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

/** Whether the caller may read and change what belongs to that end user; otherwise it is reported as not found. */
export const canAccess = (viewer: Viewer, ownerId: string | null): boolean =>
  !isEndUser(viewer) || (viewer.endUser !== null && viewer.endUser.id === ownerId)

/** The rows that the caller may access. */
export const filterAccessible = <Owned extends { readonly endUserId: string | null }>(
  viewer: Viewer,
  rows: readonly Owned[],
): readonly Owned[] => rows.filter(({ endUserId }) => canAccess(viewer, endUserId))

interface OwnedFilter {
  readonly endUserId?: string | null | undefined
  readonly tag?: Tag | null | undefined
}

/**
 * A list filter restricted to what the caller may access; `null`: it asks for another end user's rows, so the list is empty.
 * Throws ForbiddenError if a session filters by a tag, which it does not see.
 */
export function restrictFilter<Filter extends OwnedFilter>(
  viewer: Viewer,
  filter: Filter,
): (Filter & Pick<OwnedFilter, 'endUserId'>) | null {
  if (!isEndUser(viewer)) return filter
  if (filter.tag != null) throw new ForbiddenError('Only API keys may filter by a tag.')
  const ownId = viewer.endUser?.id ?? null
  if (ownId === null || (filter.endUserId != null && filter.endUserId !== ownId)) return null
  return { ...filter, endUserId: ownId }
}

/** The tags that the caller sees: they are labels of the application, which end users do not see. */
export const visibleTags = (viewer: Viewer, tags: readonly Tag[]): readonly Tag[] =>
  isEndUser(viewer) ? [] : tags

/** The connector of a link or connection. */
interface ConnectorName {
  readonly provider: ProviderKey
  readonly connector: string
}

type LimitsCatalogue = Pick<Catalogue, 'get' | 'applicationOf'>

/**
 * The issues of a link that the session's limits do not allow; none without limits. A connector is allowed by its key
 * or by the slug of its application.
 */
export function sessionRestrictions(
  { limits }: Viewer,
  catalogue: LimitsCatalogue,
  { provider, connector }: ConnectorName,
): readonly InputIssue[] {
  const message = 'is not allowed in this session'
  const known = catalogue.get(provider, connector)
  const names = [connector, ...(known ? [catalogue.applicationOf(known).slug] : [])]
  const isConnectorAllowed = limits?.connectors?.some((allowed) => names.includes(allowed)) ?? true
  return [
    ...(limits?.providers?.includes(provider) === false ? [{ path: ['provider'], message }] : []),
    ...(isConnectorAllowed ? [] : [{ path: ['input', 'connector'], message }]),
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
/** Throws InvalidInputError at `id` if the session's limits do not allow the connector of that link or connection. */
export function requireWithinLimits(
  viewer: Viewer,
  catalogue: LimitsCatalogue,
  { provider, connectorKey }: { readonly provider: ProviderKey; readonly connectorKey: string },
): void {
  const issues = sessionRestrictions(viewer, catalogue, { provider, connector: connectorKey })
  if (issues.length > 0) throw new InvalidInputError(issues.map(atId))
}

/** What only the argument `id` names. */
export const atId = ({ message }: InputIssue): InputIssue => ({ path: ['id'], message })
