import { type InputIssue, InvalidInputError } from '../domain/errors.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { LinkGuard } from '../domain/statuses.ts'
import type { Viewer } from '../domain/viewer.ts'
import { isEndUser, organizationOfViewer } from './authorization.ts'
import type { ConnectContext } from './context.ts'

/** The connector of a link or connection. */
interface ConnectorName {
  readonly provider: ProviderKey
  readonly connector: string
}

type Context = Pick<ConnectContext, 'catalogue' | 'providers'>

/**
 * The issues of a link that the session's limits do not allow; none without limits. A connector is allowed by its key
 * or by the slug of its application.
 */
export function sessionRestrictions(
  viewer: Viewer,
  { catalogue, providers }: Context,
  { provider, connector }: ConnectorName,
): readonly InputIssue[] {
  const { limits } = viewer
  if (limits === null) return []
  const message = 'is not allowed in this session'
  // An organization's own account can have connectors that the account of the environment does not have.
  const view = catalogue.of(providers.usedBy(organizationOfViewer(viewer)))
  const known = view.get(provider, connector)
  const names = [connector, ...(known ? [view.applicationOf(known).slug] : [])]
  const isConnectorAllowed = limits.connectors?.some((allowed) => names.includes(allowed)) ?? true
  return [
    ...(limits.providers?.includes(provider) === false ? [{ path: ['provider'], message }] : []),
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
  context: Context,
  { provider, connectorKey }: { readonly provider: ProviderKey; readonly connectorKey: string },
): void {
  const issues = sessionRestrictions(viewer, context, { provider, connector: connectorKey })
  if (issues.length > 0) throw new InvalidInputError(issues.map(atId))
}

/** What only the argument `id` names. */
export const atId = ({ message }: InputIssue): InputIssue => ({ path: ['id'], message })
