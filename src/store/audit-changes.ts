import type { Updateable } from 'kysely'
import { type AuditActor, systemActor } from '../domain/audit.ts'
import type { ConnectionStatus, LinkFailure, TransitionSource } from '../domain/statuses.ts'
import { insertAuditEvents, type NewAuditEvent } from './audit-events.ts'
import { currentOrigin } from './audit-origin.ts'
import type { Database } from './database.ts'
import type { ConnectionRow, ConnectionsTable, ConnectLinkRow, LinkTransitionRow } from './schema.ts'

interface AuditedTransition
  extends Pick<LinkTransitionRow, 'fromStatus' | 'toStatus' | 'at' | 'source' | 'reason'> {
  readonly failure?: LinkFailure | undefined
}

export type AuditedLink = Pick<
  ConnectLinkRow,
  'id' | 'provider' | 'endUserId' | 'organizationId' | 'connectionId'
>

/** The event about an entry of a link's history; a creation is noted in the running call, which does not record it again. */
export function transitionEvent(
  link: AuditedLink,
  { fromStatus, ...transition }: AuditedTransition,
): NewAuditEvent {
  const { call, ...origin } = currentOrigin()
  const isCreation = fromStatus === null && call !== null
  if (isCreation) call.recordedLinks.add(link.id)
  return {
    ...origin,
    operation: isCreation ? call.operation : `connectLink.${changeOf({ fromStatus, ...transition })}`,
    ...(transition.failure || transition.toStatus === 'FAILED'
      ? { outcome: 'FAILED', errorCode: transition.failure?.code ?? null }
      : { outcome: 'SUCCESS' }),
    endUserId: link.endUserId,
    targets: [
      { type: 'ConnectLink', id: link.id },
      ...(link.connectionId === null ? [] : [{ type: 'Connection', id: link.connectionId }]),
    ],
    organizationId: link.organizationId,
    actor: actorOf(link, transition.source, origin.actor),
    at: transition.at,
  }
}

/** The last part of the operation: "completed". */
function changeOf({ toStatus, source, reason, failure }: AuditedTransition): string {
  if (failure && toStatus === 'AUTHORIZING') return 'attemptFailed'
  const change = changesByReason[reason ?? '']
  if (change !== undefined) return change
  return source === 'BROWSER_RETURN' && toStatus === 'AUTHORIZING' ? 'returned' : toStatus.toLowerCase()
}

const changesByReason: Readonly<Record<string, string>> = {
  REOPENED: 'reopened',
  AWAITING_CONFIRMATION: 'held',
  HANDED_OVER: 'handedOver',
  OPENED_BY_COLLEAGUE: 'openedByColleague',
  TAKEN_BACK: 'takenBack',
}

function actorOf({ id, provider }: AuditedLink, source: TransitionSource, caller: AuditActor): AuditActor {
  switch (source) {
    case 'API_CALL':
      return caller
    case 'HOSTED_PAGE':
    case 'COLLEAGUE':
    case 'BROWSER_RETURN':
      return { kind: 'HOSTED_PAGE', id, name: null }
    case 'PROVIDER_WEBHOOK':
      return { kind: 'PROVIDER', id: provider, name: null }
    case 'PROVIDER_POLL':
    case 'TIMEOUT':
      return systemActor
  }
}

type AuditedConnection = Pick<ConnectionRow, 'id' | 'endUserId' | 'organizationId'>

/** The change of a connection to this status: "needsAttention". */
export const changeTo = (status: ConnectionStatus): string =>
  status.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** Records a change of connections: `connection.<name>`. */
export async function auditConnections(
  transaction: Database,
  connections: readonly AuditedConnection[],
  { name, at }: { readonly name: string; readonly at: Date },
): Promise<void> {
  const { call, ...origin } = currentOrigin()
  const events = connections.map(({ id, endUserId, organizationId }) => ({
    ...origin,
    operation: `connection.${name}`,
    outcome: 'SUCCESS' as const,
    endUserId,
    organizationId,
    targets: [{ type: 'Connection', id }],
    at,
  }))
  await insertAuditEvents(transaction, events)
}

/** Updates a connection and records the change in the audit log. */
export async function updateAudited(
  transaction: Database,
  id: string,
  {
    columns,
    change,
  }: {
    readonly columns: Updateable<ConnectionsTable>
    readonly change: { readonly name: string; readonly at: Date }
  },
): Promise<void> {
  const changed = await transaction
    .updateTable('connections')
    .set(columns)
    .where('id', '=', id)
    .returning(['id', 'endUserId', 'organizationId'])
    .execute()
  await auditConnections(transaction, changed, change)
}
