import { z } from 'zod'
import type { ConnectionStatus, Direction, HealthCode } from '../../domain/statuses.ts'
import { type RemoteConnection, unknownConnectorKey } from '../adapter.ts'
import { toExternalAccount } from '../external-account.ts'
import { lenient, lenientArray, lenientText } from '../lenient.ts'
import { parseDate, timestamp } from '../parse-date.ts'
import { remoteId } from './link.ts'

const stringOrNumber = lenient(z.union([z.string(), z.number()]))

// The details differ by connector and may contain values that other users must not see: only these two fields are read.
const details = lenient(z.object({ account_id: stringOrNumber, account_name: stringOrNumber }))

/** The result of the last connection test: the only indication of a connection's state. */
const tested = {
  connection_details: details,
  created_at: timestamp,
  last_test_succeeded: lenient(z.boolean()),
  last_tested_at: timestamp,
  last_test_results: lenient(
    z.object({ steps: lenientArray(z.object({ step: lenientText, status: lenientText })) }),
  ),
}
type Tested = z.output<z.ZodObject<typeof tested>>

const accountOf = ({ connection_details }: Pick<Tested, 'connection_details'>) =>
  toExternalAccount({ id: connection_details?.account_id, name: connection_details?.account_name })

/**
 * A connection with the time of its last test. INFERRED from the fields of a connection, of which no other can show
 * a reauthorization: it updates that time.
 */
export interface TestedConnection {
  readonly connection: RemoteConnection
  /** `null`: not tested yet. */
  readonly testedAt: Date | null
}

/**
 * A destination or a source of version 1. `type` is missing from the documentation's tables but present in
 * practice.
 */
export const connectionResponse = z.object({
  id: remoteId,
  name: lenientText,
  type: lenient(z.string().min(1)),
  ...tested,
})

export function toConnection(
  response: z.output<typeof connectionResponse>,
  direction: Direction,
  connectorKey: string = unknownConnectorKey,
): RemoteConnection {
  return {
    remoteId: response.id,
    direction,
    connectorKey: response.type ?? connectorKey,
    name: response.name ?? null,
    remoteGroup: null,
    endUserId: null,
    externalAccount: accountOf(response),
    createdAt: parseDate(response.created_at),
    ...state(response),
  }
}

// The fields of an activation are documented only in prose: source and destination are nested, each with a
// type, and the tests belong to the destination. Both the nested and the top-level fields are read, and only
// the essential ones required. INFERRED: the key of the nested object (the published JSON ends before it); Census's own
// names for a destination are used.
const destination = lenient(z.object({ type: lenient(z.string().min(1)), ...tested }))

const activation = z.object({
  id: remoteId,
  name: lenientText,
  group_id: lenient(remoteId),
  type: lenient(z.string().min(1)),
  destination,
  destination_connection: destination,
  service_connection: destination,
  ...tested,
})

/** An activation of version 2: a destination that belongs to a group. */
export const activationResponse = activation.transform((response, context): TestedConnection => {
  const nested = [response.destination, response.destination_connection, response.service_connection]
  const destination = nested.find((one) => one?.type != null) ?? nested.find((one) => one != null)
  const connectorKey = destination?.type ?? response.type
  if (connectorKey == null) {
    context.issues.push({ code: 'custom', message: 'is missing', input: null, path: ['destination', 'type'] })
    return z.NEVER
  }
  const tests = destination?.last_test_succeeded == null ? response : destination
  const connection: RemoteConnection = {
    remoteId: response.id,
    direction: 'DESTINATION',
    connectorKey,
    name: response.name ?? null,
    remoteGroup: response.group_id ?? null,
    endUserId: null,
    externalAccount: accountOf(destination?.connection_details == null ? response : destination),
    createdAt: parseDate(response.created_at ?? destination?.created_at),
    ...state(tests),
  }
  return { connection, testedAt: parseDate(destination?.last_tested_at ?? response.last_tested_at) }
})

/** An activation in a list of all groups: without its group, it cannot be said to belong to one of ours. */
export const activationRow = activationResponse.refine(({ connection }) => connection.remoteGroup !== null, {
  path: ['group_id'],
})

interface State {
  readonly status: ConnectionStatus
  readonly health: HealthCode
  readonly healthMessage: string | null
}

// INFERRED: `last_test_succeeded` is the only field about a connection's state; that a failed test calls for a new
// authorization is not documented.
function state({ last_test_succeeded: succeeded, last_test_results: results }: Tested): State {
  if (succeeded === true) return { status: 'ACTIVE', health: 'OK', healthMessage: null }
  if (succeeded !== false) return { status: 'PENDING', health: 'UNKNOWN', healthMessage: null }
  // The first failed step is the last one executed. Its error text may contain account details: only its name is used.
  const failedStep = results?.steps?.find(({ status }) => status !== 'success')?.step
  const location = failedStep == null ? '' : ` at the step "${failedStep.slice(0, 100)}"`
  return {
    status: 'NEEDS_ATTENTION',
    health: 'NEEDS_REAUTH',
    healthMessage: `The last connection test failed${location}.`,
  }
}
