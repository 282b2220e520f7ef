import { ConflictError, type InputIssue, UnsupportedError } from '../../domain/errors.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import { limitIssues } from '../authorization.ts'
import { demandConnection } from '../connections/get-connection.ts'
import type { ConnectContext } from '../context.ts'
import { makeLink } from './execute.ts'
import { onceIfKeyed } from './idempotency.ts'
import { type ConnectLinkInput, checkConnectLinkInput } from './validate-input.ts'
import type { CreatedLink } from './warnings.ts'

export interface WantedReconnect {
  readonly connectionId: string
  readonly input: Omit<ConnectLinkInput, 'connector' | 'direction'>
  readonly signal: AbortSignal
}

/**
 * Makes a link through which an existing connection is authorised anew. The connection keeps its id, and stays as it is
 * until the provider shows that it was renewed.
 */
export async function reconnect(
  context: ConnectContext,
  viewer: Viewer,
  { connectionId, input, signal }: WantedReconnect,
): Promise<CreatedLink> {
  const { connection, provider } = await demandConnection(context, viewer, connectionId)
  if (!provider.adapter.createReconnectLink) {
    throw new UnsupportedError(provider.key, `${provider.name} cannot renew a connection.`)
  }
  if (connection.status === 'DISCONNECTED') {
    throw new ConflictError('INVALID_STATE', 'The connection has been removed: make a new one.')
  }
  const connector = connection.connector_key
  const checked = checkConnectLinkInput(
    { ...input, connector, endUser: ownerOf(connection) ?? input.endUser },
    {
      provider,
      viewer,
      redirects: context.redirects,
      moreIssues: [
        ...ownerIssues(viewer, connection, input),
        ...limitIssues(viewer, { provider: provider.key, connector }).map(atConnection),
      ],
    },
  )
  signal.throwIfAborted()
  const connectorName = context.catalogue.get(provider.key, connector)?.name ?? null
  const plan = { input: checked, connectorName, direction: connection.direction, connection }
  const { idempotencyKey: key } = checked
  const call = { operation: 'reconnect', key, viewer, input: [connection.id, checked] }
  return onceIfKeyed(context, call, (reservation) => makeLink(context, provider, { plan, reservation }))
}

/** What a session may not renew is named by the only argument that says what is renewed. */
const atConnection = ({ message }: InputIssue): InputIssue => ({ path: ['connectionId'], message })

const ownerOf = ({ end_user_id: id, end_user_name: name, end_user_email: email }: ConnectionRow) =>
  id === null ? null : { id, name, email }

function ownerIssues(
  viewer: Viewer,
  { end_user_id: owner }: ConnectionRow,
  { endUser }: WantedReconnect['input'],
): readonly InputIssue[] {
  if (viewer.kind === 'END_USER' || owner === null || endUser == null || endUser.id === owner) return []
  return [{ path: ['input', 'endUser', 'id'], message: 'is not the end user of this connection' }]
}
