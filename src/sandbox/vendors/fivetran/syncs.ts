import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { isObject, objectOf } from '../../json.ts'
import { errorResponse, invalidInput, successWithoutData } from './responses.ts'
import { isSyncing, startSync } from './setup.ts'
import type { Connection, FivetranState } from './state.ts'
import type { Emit } from './webhooks.ts'

/** What the handlers need. `noun` appears in messages: Connector on the old paths, Connection on the new ones. */
export interface RouteContext {
  readonly state: FivetranState
  readonly emit: Emit
  readonly noun: 'Connection' | 'Connector'
}

/** Starts a sync of a connection that is set up. */
export function sync(
  { emit, noun }: RouteContext,
  connection: Connection,
  { now }: SandboxRequest,
): SandboxResponse {
  const { setupState } = connection
  if (setupState !== 'connected') {
    return invalidInput(
      `${noun}: 'status.setup_state' is expected to be 'connected' but it was '${setupState}'`,
    )
  }
  startSync(connection, now)
  emit('sync_start', connection)
  return successWithoutData(
    `Sync has been successfully triggered for ${noun.toLowerCase()} with id '${connection.id}'`,
  )
}

/** Starts a sync of all data again. */
export function resync(
  { emit, noun }: RouteContext,
  connection: Connection,
  { body, now }: SandboxRequest,
): SandboxResponse {
  const { scope } = objectOf(body)
  if (isObject(scope) && Object.keys(scope).length === 0)
    return invalidInput("Field 'scope' must not be empty")
  if (isSyncing(connection, now)) return errorResponse(409, 'Conflict', 'A sync is in progress')
  startSync(connection, now)
  connection.historical = true
  emit('resync_connector', connection)
  return successWithoutData(
    `Re-sync has been triggered successfully for ${noun.toLowerCase()} with id '${connection.id}'`,
  )
}
