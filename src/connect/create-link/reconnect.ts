import { ConflictError, type InputIssue, UnsupportedError } from '../../domain/errors.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { endUserOf, organizationOf } from '../../store/end-user-columns.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import { isEndUser } from '../authorization.ts'
import { getConnectionOrThrow, requireOwnership } from '../connections/get-connection.ts'
import type { ConnectContext } from '../context.ts'
import { atId, sessionRestrictions } from '../session-limits.ts'
import { requireNotSuspended } from '../suspensions/suspensions.ts'
import { execute } from './execute.ts'
import { type IdempotentCall, withIdempotencyKey } from './idempotency.ts'
import { type ConnectLinkInput, validateInput } from './validate-input.ts'
import { appearanceOf, tagsOf } from './validate-link.ts'
import type { CreatedLink } from './warnings.ts'

export interface ReconnectRequest {
  readonly connectionId: string
  readonly input: Omit<ConnectLinkInput, 'connector' | 'direction' | 'ownedBy'>
  readonly signal: AbortSignal
}

/**
 * Creates a link through which an existing connection is authorized again. The connection keeps its id and its state until
 * the provider shows that it was renewed. Throws NotFoundError, UnsupportedError, ConflictError or InvalidInputError.
 */
export async function reconnectConnection(
  context: ConnectContext,
  viewer: Viewer,
  { connectionId, input, signal }: ReconnectRequest,
): Promise<CreatedLink> {
  const { connection, provider } = await getConnectionOrThrow(context, viewer, connectionId)
  requireOwnership(viewer, connection)
  if (!provider.adapter.createReconnectLink) {
    throw new UnsupportedError(provider.key, `${provider.name} cannot renew a connection.`)
  }
  if (connection.status === 'DISCONNECTED') {
    throw new ConflictError('INVALID_STATE', 'The connection has been removed: create a new one.')
  }
  await requireNotSuspended(context, provider)
  const connector = connection.connectorKey
  // A connection of an organization's own account can be of no other organization.
  const organizationId = connection.organizationId ?? provider.organizationId
  const validated = validateInput(
    { ...input, connector, endUser: endUserFor(connection, provider, input), ownedBy: connection.owner },
    {
      provider,
      viewer,
      redirectPolicy: context.redirectPolicy,
      defaultGuard: context.defaultGuard,
      extraIssues: [
        ...endUserIssues(viewer, { ...connection, organizationId }, input),
        ...sessionRestrictions(viewer, context, { provider: provider.key, connector }).map(atId),
      ],
    },
  )
  signal.throwIfAborted()
  const link = {
    provider,
    input: validated,
    connectorName: context.catalogue.connectorOf(connection)?.name ?? null,
    connectionHint: null,
    direction: connection.direction,
    connection,
    tags: tagsOf(viewer, validated),
    appearance: appearanceOf(viewer, validated),
  }
  const call: IdempotentCall = {
    operation: 'reconnectConnection',
    key: validated.idempotencyKey,
    viewer,
    input: [connection.id, validated],
  }
  return withIdempotencyKey(context, call, (reservation) => execute(context, { link, reservation }))
}

/** Any end user of an organization may reconnect a connection that it owns, but another person's connection only that person. */
function endUserFor(
  connection: ConnectionRow,
  { organizationId }: ConfiguredProvider,
  { endUser: given }: ReconnectRequest['input'],
): ConnectLinkInput['endUser'] {
  const current = endUserOf(connection)
  if (given == null || (current !== null && connection.owner === 'PERSON')) return current ?? given
  const own = organizationId === null ? null : { id: organizationId, name: null }
  return { ...given, organization: given.organization ?? organizationOf(connection) ?? own }
}

function endUserIssues(
  viewer: Viewer,
  { endUserId, organizationId, owner }: Pick<ConnectionRow, 'endUserId' | 'organizationId' | 'owner'>,
  { endUser }: ReconnectRequest['input'],
): readonly InputIssue[] {
  if (isEndUser(viewer) || endUser == null) return []
  const isPersonal = owner === 'PERSON' && endUserId !== null
  const organization = endUser.organization?.id ?? null
  const hasOrganization = endUserId !== null || organizationId !== null
  return [
    ...(isPersonal && endUser.id !== endUserId
      ? [{ path: ['input', 'endUser', 'id'], message: 'is not the end user of this connection' }]
      : []),
    ...(hasOrganization && organization !== null && organization !== organizationId
      ? [
          {
            path: ['input', 'endUser', 'organization', 'id'],
            message: 'is not the organization of this connection',
          },
        ]
      : []),
  ]
}
