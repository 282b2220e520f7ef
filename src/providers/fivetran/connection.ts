import { z } from 'zod'
import type { ConnectionStatus, HealthCode } from '../../domain/statuses.ts'
import type { RemoteConnection } from '../adapter.ts'
import { parseDate } from '../parse-date.ts'

// The published enums are plain strings, and published fixtures contradict each other (a paused connection with
// sync_state "scheduled"), so every state is read as text and an unknown one becomes UNKNOWN.
const task = z.object({ code: z.string() })

export const connectionAnswer = z.object({
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
  connect_card: z.object({ token: z.string(), uri: z.string() }).nullish(),
})

export type ConnectionAnswer = z.output<typeof connectionAnswer>

/** Whether its set-up tests have passed and nothing has broken it since. */
export const isConnected = ({ status }: ConnectionAnswer) => status?.setup_state === 'connected'

/** Fivetran has no display name: `schema` doubles as the connection's name. */
export function toConnection(answer: ConnectionAnswer): RemoteConnection {
  return {
    remoteId: answer.id,
    direction: 'SOURCE',
    connectorKey: answer.service,
    name: answer.schema ?? null,
    remoteGroup: answer.group_id ?? null,
    endUserId: null,
    externalAccount: null,
    createdAt: parseDate(answer.created_at),
    ...state(answer),
  }
}

interface State {
  readonly status: ConnectionStatus
  readonly health: HealthCode
  readonly healthMessage: string | null
}

function state({ status, paused }: ConnectionAnswer): State {
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

function connectedHealth(status: NonNullable<ConnectionAnswer['status']>): Omit<State, 'status'> {
  if (status.tasks?.some(({ code }) => code === 'reconnect')) {
    return { health: 'NEEDS_REAUTH', healthMessage: 'Fivetran asks for a new authorisation.' }
  }
  if (status.update_state === 'delayed') return { health: 'DEGRADED', healthMessage: 'Syncs are delayed.' }
  return { health: 'OK', healthMessage: null }
}
