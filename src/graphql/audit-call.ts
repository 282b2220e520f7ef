import { GraphQLError } from 'graphql'
import { organizationOfViewer } from '../connect/authorization.ts'
import type { AuditEvent, AuditOrigin, AuditTarget } from '../domain/audit.ts'
import { ForbiddenError, GatewayError } from '../domain/errors.ts'
import { insertAuditEvents } from '../store/audit-events.ts'
import { type AuditedCall, withAuditOrigin } from '../store/audit-origin.ts'
import { isUuid } from '../store/keyset-pagination.ts'
import type { ConnectionRow } from '../store/schema.ts'
import type { GraphQLContext } from './context.ts'
import { decodeGlobalId } from './ids.ts'

/** What a mutation declares about a call. Not recorded: an end-user ID that no end user can have, absent targets. */
export interface AuditDetails {
  /** Default: the end user of the session. */
  readonly endUserId?: string | null | undefined
  /** Default: the organization of the session. */
  readonly organizationId?: string | null | undefined
  readonly targets: readonly (AuditTarget | null | undefined)[]
}

/** What a call without an error returns; of a list, one entry. */
export type PayloadOf<Result> = Exclude<Result extends readonly (infer Entry)[] ? Entry : Result, Error>

/** The end user of a link or connection, and its organization. */
export const ownerOf = (
  row: Pick<ConnectionRow, 'endUserId' | 'organizationId'> | undefined,
): Omit<AuditDetails, 'targets'> => ({ endUserId: row?.endUserId, organizationId: row?.organizationId })

/** The same of an input. */
export const ownerOfInput = (
  endUser:
    | { readonly id: string; readonly organization?: { readonly id: string } | null | undefined }
    | null
    | undefined,
): Omit<AuditDetails, 'targets'> => ({ endUserId: endUser?.id, organizationId: endUser?.organization?.id })

const targetTypes = [
  'ConnectLink',
  'Connection',
  'ApiKey',
  'ProviderAccount',
  'ProviderSuspension',
  'WebhookEndpoint',
  'WebhookMessage',
]

/** The object with that global ID; `null` if it cannot be one. */
export function targetOf(globalId: string): AuditTarget | null {
  const decoded = decodeGlobalId(globalId)
  return decoded && targetTypes.includes(decoded.type) && isUuid(decoded.id) ? decoded : null
}

/** Refused mutations that are recorded per caller and minute: more of them would only fill the log. */
const deniedPerMinute = 60

interface Call {
  readonly operation: string
  resolve(): Promise<unknown>
  details(payload: unknown, index: number): AuditDetails
}

type CallEvent = AuditEvent & Partial<Pick<AuditOrigin, 'organizationId'>>

/**
 * Resolves a mutation and records it; shutdown waits for both. Changes that it makes are recorded with its caller. The
 * creation of a link is recorded in the transaction that inserts the link, and not again here.
 */
export function auditCall(context: GraphQLContext, { operation, resolve, details }: Call): Promise<unknown> {
  const call: AuditedCall = { operation, recordedLinks: new Set() }

  function eventFor(result: unknown, index: number): CallEvent {
    const isError = result instanceof Error
    const { endUserId, organizationId, targets } = details(isError ? undefined : result, index)
    return {
      operation,
      ...(isError ? outcomeOf(result) : { outcome: 'SUCCESS' }),
      endUserId: endUserId ?? context.viewer.endUser?.id ?? null,
      ...(organizationId != null && { organizationId }),
      targets: targets.filter((target) => target != null),
    }
  }

  async function run(): Promise<unknown> {
    const [settled] = await Promise.allSettled([resolve()])
    if (settled.status === 'rejected') {
      await recordEvents(context, [eventFor(toError(settled.reason), 0)])
      throw settled.reason
    }
    const { value } = settled
    const entries: readonly unknown[] = Array.isArray(value) ? value : [value]
    const isRecorded = ({ outcome, targets = [] }: AuditEvent) =>
      outcome === 'SUCCESS' && targets.some(({ id }) => call.recordedLinks.has(id))
    await recordEvents(
      context,
      entries.map(eventFor).filter((event) => !isRecorded(event)),
    )
    return value
  }

  return context.connect.waitUntil(withAuditOrigin({ ...originOf(context), call }, run))
}

const toError = (thrown: unknown) =>
  thrown instanceof Error ? thrown : new Error('the thrown value is not an Error')

function outcomeOf(error: Error): Pick<AuditEvent, 'outcome' | 'errorCode'> {
  if (error instanceof GatewayError) return { outcome: 'FAILED', errorCode: error.code }
  if (error instanceof ForbiddenError) return { outcome: 'DENIED', errorCode: error.code }
  const code = error instanceof GraphQLError ? error.extensions.code : undefined
  if (code === 'RATE_LIMITED') return { outcome: 'DENIED', errorCode: code }
  return { outcome: 'FAILED', errorCode: typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR' }
}

/** Records mutations of the caller that were refused before they were resolved. */
export const recordRefused = (
  context: GraphQLContext,
  operations: readonly string[],
  errorCode: string,
): Promise<void> =>
  recordEvents(
    context,
    operations.map((operation) => ({
      operation,
      outcome: 'DENIED',
      errorCode,
      endUserId: context.viewer.endUser?.id ?? null,
    })),
  )

async function recordEvents(context: GraphQLContext, events: readonly CallEvent[]): Promise<void> {
  const { connect, viewer } = context
  const caller = viewer.endUser?.id ?? viewer.id
  const isWithinLimit = ({ outcome }: AuditEvent) =>
    outcome !== 'DENIED' ||
    connect.rateLimiter.consume(`audit of denied calls ${caller}`, 1, deniedPerMinute).isAllowed
  const at = connect.now()
  const origin = originOf(context)
  await insertAuditEvents(
    connect.db,
    events.filter(isWithinLimit).map((event) => ({ ...origin, ...event, at })),
  )
}

const originOf = ({ viewer, client }: GraphQLContext): AuditOrigin => ({
  actor:
    viewer.endUser === null
      ? { kind: 'API_KEY', id: viewer.id, name: viewer.name }
      : { kind: 'SESSION', id: viewer.id, name: null },
  organizationId: organizationOfViewer(viewer),
  ...client,
})
