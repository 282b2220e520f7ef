import { z } from 'zod'
import type { ConnectionStatus, HealthCode } from '../../domain/statuses.ts'
import type { RemoteConnection, RemoteReference } from '../adapter.ts'
import { toExternalAccount } from '../external-account.ts'
import { lenient, lenientArray, lenientText } from '../lenient.ts'
import { parseDate, timestamp } from '../parse-date.ts'
import { mapPage, type Page, rowsOf } from '../rows.ts'

const anyFields = lenient(z.record(z.string(), z.unknown()))

/** The ID becomes a path segment: dots only would resolve to another path. */
const connectionId = z.string().regex(/[^.]/)

/**
 * Lists have `created`, a connection that is read on its own has `created_at`, `updated_at` and `credentials`. The latter
 * are never part of the output.
 */
export const connectionResponse = z.object({
  connection_id: connectionId,
  provider_config_key: z.string().min(1),
  errors: lenientArray(z.object({ type: lenientText })),
  tags: anyFields,
  end_user: lenient(z.object({ id: lenientText })),
  metadata: anyFields,
  created: timestamp,
  created_at: timestamp,
})
export type ConnectionResponse = z.output<typeof connectionResponse>

export const connectionPageResponse = z.object({
  connections: rowsOf(connectionResponse, { id: 'connection_id' }),
})

/** IDs that Nango makes are unique; those that applications choose are unique for one integration only. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const toRemoteId = (connectionId: string, integration: string): string =>
  uuid.test(connectionId) ? connectionId : `${integration}/${connectionId}`

export const connectionIdOf = ({ remoteId, connectorKey }: RemoteReference): string =>
  remoteId.startsWith(`${connectorKey}/`) ? remoteId.slice(connectorKey.length + 1) : remoteId

export function toConnection(response: ConnectionResponse): RemoteConnection {
  const { connection_id, provider_config_key, tags, end_user } = response
  return {
    remoteId: toRemoteId(connection_id, provider_config_key),
    direction: 'TOOL',
    connectorKey: provider_config_key,
    name: null,
    remoteGroup: null,
    endUserId: textOf(tags?.end_user_id) ?? end_user?.id ?? null,
    externalAccount: accountOf(response),
    createdAt: parseDate(response.created ?? response.created_at),
    ...state(response),
  }
}

/** The ID of a skipped row does not identify the connection if it is unique for its integration only. */
export function toConnections(page: Page<ConnectionResponse>): Page<RemoteConnection> {
  const { items, skipped } = mapPage(page, toConnection)
  const rows = skipped.map((row) => ({ ...row, id: row.id !== null && uuid.test(row.id) ? row.id : null }))
  return { items, skipped: rows }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/**
 * INFERRED: Nango does not say which account was connected. Its scripts and applications store what they know as
 * `metadata`, of which these names are usual.
 */
function accountOf({ metadata }: ConnectionResponse) {
  const first = (...names: readonly string[]) =>
    names
      .map((name) => metadata?.[name])
      .find((value) => typeof value === 'string' || typeof value === 'number')
  return toExternalAccount({
    id: scalarOf(first('account_id', 'accountId')),
    name: scalarOf(first('account_name', 'accountName', 'email')),
  })
}

const scalarOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? value : null)

interface State {
  readonly status: ConnectionStatus
  readonly health: HealthCode
  readonly healthMessage: string | null
}

/** `errors` has the failures since the last success: `auth` of a refresh of the credentials, `sync` of a sync script. */
function state({ errors }: ConnectionResponse): State {
  if (errors == null) return { status: 'ACTIVE', health: 'UNKNOWN', healthMessage: null }
  if (errors.some(({ type }) => type === 'auth')) {
    const healthMessage = 'Nango could not refresh the credentials: a new authorization is required.'
    return { status: 'NEEDS_ATTENTION', health: 'NEEDS_REAUTH', healthMessage }
  }
  return errors.length > 0
    ? { status: 'ACTIVE', health: 'DEGRADED', healthMessage: 'A sync of the connection has failed.' }
    : { status: 'ACTIVE', health: 'OK', healthMessage: null }
}
