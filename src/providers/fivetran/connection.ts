import { z } from 'zod'
import type { ConnectionStatus, HealthCode, LinkFailure } from '../../domain/statuses.ts'
import type { RemoteConnection } from '../adapter.ts'
import { parseDate } from '../parse-date.ts'

// The published enums are plain strings, and published fixtures contradict each other (a paused connection with
// sync_state "scheduled"): states are read as strings, and unknown ones become UNKNOWN.
const task = z.object({ code: z.string() })
const setupTest = z.object({ title: z.string(), status: z.string(), message: z.string().nullish() })

export const connectionResponse = z.object({
  id: z.string().min(1),
  service: z.string().min(1),
  schema: z.string().nullish(),
  group_id: z.string().nullish(),
  paused: z.boolean().nullish(),
  created_at: z.string().nullish(),
  status: z
    .object({
      setup_state: z.string().nullish(),
      update_state: z.string().nullish(),
      tasks: z.array(task).nullish(),
    })
    .nullish(),
  setup_tests: z.array(setupTest).nullish().catch(null),
  connect_card: z.object({ token: z.string(), uri: z.string() }).nullish(),
})

export type ConnectionResponse = z.output<typeof connectionResponse>

/** Whether the setup tests have passed and the connection has not broken since. */
export const isConnected = ({ status }: ConnectionResponse) => status?.setup_state === 'connected'

/** The failed setup test of a connection, if its tests have run; `null`: none failed. */
export function failedSetupTest({ setup_tests }: ConnectionResponse): LinkFailure | null {
  const failed = setup_tests?.find(({ status }) => status === 'FAILED' || status === 'JOB_FAILED')
  if (failed === undefined) return null
  const message = [failed.title, failed.message].filter(Boolean).join(': ')
  return { code: 'SETUP_TEST_FAILED', message }
}

/** Fivetran has no display names: `schema` is used as the connection's name. */
export function toConnection(response: ConnectionResponse): RemoteConnection {
  return {
    remoteId: response.id,
    direction: 'SOURCE',
    connectorKey: response.service,
    name: response.schema ?? null,
    remoteGroup: response.group_id ?? null,
    endUserId: null,
    externalAccount: null,
    createdAt: parseDate(response.created_at),
    ...state(response),
  }
}

interface State {
  readonly status: ConnectionStatus
  readonly health: HealthCode
  readonly healthMessage: string | null
}

function state({ status, paused }: ConnectionResponse): State {
  switch (status?.setup_state) {
    case 'connected':
      return { status: paused === true ? 'PAUSED' : 'ACTIVE', ...connectedHealth(status) }
    case 'incomplete':
      return {
        status: 'PENDING',
        health: 'NEEDS_CONFIG',
        healthMessage: 'The set-up tests have not passed yet.',
      }
    case 'broken':
      return {
        status: 'NEEDS_ATTENTION',
        health: 'NEEDS_REAUTH',
        healthMessage: 'Fivetran can no longer connect.',
      }
    default:
      return { status: 'UNKNOWN', health: 'UNKNOWN', healthMessage: null }
  }
}

function connectedHealth(status: NonNullable<ConnectionResponse['status']>): Omit<State, 'status'> {
  if (status.tasks?.some(({ code }) => code === 'reconnect')) {
    return { health: 'NEEDS_REAUTH', healthMessage: 'Fivetran requires a new authorization.' }
  }
  if (status.update_state === 'delayed') return { health: 'DEGRADED', healthMessage: 'Syncs are delayed.' }
  return { health: 'OK', healthMessage: null }
}
