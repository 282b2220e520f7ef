import { z } from 'zod'
import type { ConnectionStatus, Direction, HealthCode } from '../../domain/statuses.ts'
import { type RemoteConnection, unknownConnectorKey } from '../adapter.ts'
import { toExternalAccount } from '../external-account.ts'
import { parseDate } from '../parse-date.ts'
import { remoteId } from './link.ts'

const word = z.union([z.string(), z.number()]).nullish().catch(null)

// The details are whatever the connector has, which may be more than anybody else should see: nothing but these names is read.
const details = z.object({ account_id: word, account_name: word }).nullish().catch(null)

/** The outcome of the last connection test: the only thing that tells a connection's state. */
const tested = {
  connection_details: details,
  created_at: z.string().nullish(),
  last_test_succeeded: z.boolean().nullish(),
  last_tested_at: z.string().nullish(),
  last_test_results: z
    .object({
      steps: z.array(z.object({ step: z.string().nullish(), status: z.string().nullish() })).nullish(),
    })
    .nullish(),
}
type Tested = z.output<z.ZodObject<typeof tested>>

const accountOf = ({ connection_details: shown }: Pick<Tested, 'connection_details'>) =>
  toExternalAccount({ id: shown?.account_id, name: shown?.account_name })

/** A connection with the time of its last test, which a new authorisation moves. */
export interface TestedConnection {
  readonly connection: RemoteConnection
  /** `null`: nobody has tested it yet. */
  readonly testedAt: Date | null
}

/** A destination or a source of version 1. `type` is missing from the documentation's tables and present in practice. */
export const connectionAnswer = z.object({
  id: remoteId,
  name: z.string().nullish(),
  type: z.string().min(1).nullish(),
  ...tested,
})

export function toConnection(
  answer: z.output<typeof connectionAnswer>,
  direction: Direction,
  connectorKey: string = unknownConnectorKey,
): RemoteConnection {
  return {
    remoteId: answer.id,
    direction,
    connectorKey: answer.type ?? connectorKey,
    name: answer.name ?? null,
    remoteGroup: null,
    endUserId: null,
    externalAccount: accountOf(answer),
    createdAt: parseDate(answer.created_at),
    ...state(answer),
  }
}

// The keys inside an activation are known only from prose: source and destination are nested, each with a type, and
// the tests belong to the destination. So both places are read, and only what a connection cannot do without is required.
const activation = z.object({
  id: remoteId,
  name: z.string().nullish(),
  group_id: z.string().min(1),
  type: z.string().min(1).nullish(),
  destination: z.object({ type: z.string().min(1).nullish(), ...tested }).nullish(),
  ...tested,
})

/** An activation of version 2: a destination with its group. */
export const activationAnswer = activation.transform((answer, context): TestedConnection => {
  const { destination } = answer
  const connectorKey = destination?.type ?? answer.type
  if (connectorKey == null) {
    context.issues.push({ code: 'custom', message: 'is missing', input: null, path: ['destination', 'type'] })
    return z.NEVER
  }
  const tests = destination?.last_test_succeeded === undefined ? answer : destination
  const connection: RemoteConnection = {
    remoteId: answer.id,
    direction: 'DESTINATION',
    connectorKey,
    name: answer.name ?? null,
    remoteGroup: answer.group_id,
    endUserId: null,
    externalAccount: accountOf(destination?.connection_details == null ? answer : destination),
    createdAt: parseDate(answer.created_at ?? destination?.created_at),
    ...state(tests),
  }
  return { connection, testedAt: parseDate(tests.last_tested_at ?? answer.last_tested_at) }
})

interface State {
  readonly status: ConnectionStatus
  readonly health: HealthCode
  readonly healthMessage: string | null
}

function state({ last_test_succeeded: succeeded, last_test_results: results }: Tested): State {
  if (succeeded === true) return { status: 'ACTIVE', health: 'OK', healthMessage: null }
  if (succeeded !== false) return { status: 'PENDING', health: 'UNKNOWN', healthMessage: null }
  // The first step that fails is the last one tried. Its error text may quote account details: only its name is passed on.
  const failing = results?.steps?.find(({ status }) => status !== 'success')?.step
  const where = failing == null ? '' : ` at the step "${failing.slice(0, 100)}"`
  return {
    status: 'NEEDS_ATTENTION',
    health: 'NEEDS_REAUTH',
    healthMessage: `The last connection test failed${where}.`,
  }
}
