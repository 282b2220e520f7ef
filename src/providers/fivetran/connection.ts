import { z } from 'zod'
import type { ConnectionStatus, HealthCode, LinkFailure } from '../../domain/statuses.ts'
import type { RemoteConnection } from '../adapter.ts'
import { lenient, lenientArray, lenientText } from '../lenient.ts'
import { parseDate, timestamp } from '../parse-date.ts'

// The published enums are plain strings, and published fixtures contradict each other (a paused connection with
// sync_state "scheduled"): states are read as strings, and unknown ones become UNKNOWN.
const task = z
  .object({ code: lenientText, message: lenientText })
  .refine(({ code, message }) => code || message)
type Task = z.output<typeof task>
// `details`, a string, an array or an object, is not read: it may contain what the end user has entered.
const setupTest = z.object({ title: lenientText, status: lenientText })

/** Only the ID, the service and the set-up state are essential. */
export const connectionResponse = z.object({
  id: z.string().min(1),
  service: z.string().min(1),
  schema: lenientText,
  group_id: lenientText,
  paused: lenient(z.boolean()),
  created_at: timestamp,
  status: z
    .object({
      setup_state: z.string().nullish(),
      update_state: lenientText,
      tasks: lenientArray(task),
    })
    .nullish(),
  setup_tests: lenientArray(setupTest),
  // Without a readable token, the expiry is estimated.
  connect_card: lenient(z.object({ token: lenientText, uri: z.string() })),
})

export type ConnectionResponse = z.output<typeof connectionResponse>

/** Whether the setup tests have passed and the connection has not broken since. */
export const isConnected = ({ status }: ConnectionResponse) => status?.setup_state === 'connected'

/** The failed setup test of a connection, if its tests have run; `null`: none failed. */
export const failedSetupTest = (response: ConnectionResponse): LinkFailure | null =>
  response.setup_tests?.some(hasFailed) === true
    ? { code: 'SETUP_TEST_FAILED', message: failedTests(response) }
    : null

const hasFailed = ({ status }: z.output<typeof setupTest>) => status === 'FAILED' || status === 'JOB_FAILED'

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

// INFERRED from the documented values of `setup_state` and the name of the task `reconnect`: what the end user has to do
// for each of them is not documented.
function state(response: ConnectionResponse): State {
  const { status, paused } = response
  switch (status?.setup_state) {
    case 'connected': {
      const isOperative = status.tasks?.every(isReconnect) ?? true
      const running = isOperative ? 'ACTIVE' : 'NEEDS_ATTENTION'
      return { status: paused === true ? 'PAUSED' : running, ...connectedHealth(status) }
    }
    case 'incomplete':
      return {
        status: 'PENDING',
        health: 'NEEDS_CONFIG',
        healthMessage: failedTests(response) ?? 'The set-up tests have not passed yet.',
      }
    case 'broken':
      return {
        status: 'NEEDS_ATTENTION',
        health: 'NEEDS_REAUTH',
        healthMessage: failedTests(response) ?? 'Fivetran can no longer connect.',
      }
    default:
      return { status: 'UNKNOWN', health: 'UNKNOWN', healthMessage: null }
  }
}

function connectedHealth(status: NonNullable<ConnectionResponse['status']>): Omit<State, 'status'> {
  if (status.tasks?.some(isReconnect)) {
    return { health: 'NEEDS_REAUTH', healthMessage: 'Fivetran requires a new authorization.' }
  }
  // Such as "reconnect_warehouse", which the end user cannot do in the Connect Card. The codes are not published.
  const [openTask] = status.tasks ?? []
  if (openTask) return { health: 'DEGRADED', healthMessage: taskText(openTask) }
  if (status.update_state === 'delayed') return { health: 'DEGRADED', healthMessage: 'Syncs are delayed.' }
  return { health: 'OK', healthMessage: null }
}

const isReconnect = ({ code }: Task) => code === 'reconnect'

const taskText = ({ code, message }: Task) => `Fivetran reports an open task: ${message || code}`

/** Names the failed tests; their messages may contain what the end user has entered. `null`: none is reported. */
function failedTests({ setup_tests: tests }: ConnectionResponse): string | null {
  const titles = (tests ?? [])
    .filter(hasFailed)
    .flatMap(({ title }) => (title ? [`"${title.slice(0, 100).toWellFormed()}"`] : []))
  return titles.length === 0 ? null : `Set-up tests failed: ${titles.slice(0, 5).join(', ')}.`
}
