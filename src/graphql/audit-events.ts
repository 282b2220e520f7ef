import { z } from 'zod'
import { listAuditEvents } from '../connect/audit/list-audit-events.ts'
import type { AuditEventRow } from '../store/schema.ts'
import { AuditActorKindEnum, AuditEventType, AuditOutcomeEnum } from './audit-event.ts'
import { builder } from './builder.ts'
import {
  afterArg,
  cursorTime,
  decodeCursor,
  encodeCursor,
  firstArg,
  pageSize,
  toPage,
  validFilter,
} from './paging.ts'

const AuditEventConnectionType = builder.connectionObject(
  {
    type: AuditEventType,
    name: 'AuditEventConnection',
    description: 'A page of audit events.',
    fields: (t) => ({
      totalCount: t.int({
        nullable: true,
        description: 'How many audit events match the filter; null if more than 10,000.',
        resolve: ({ count }) => count(),
      }),
    }),
  },
  { name: 'AuditEventEdge', description: 'An audit event in a page.' },
)

const AuditEventFilterInput = builder.inputType('AuditEventFilter', {
  description: 'Selects audit events; all given fields must match.',
  fields: (t) => ({
    actorKind: t.field({ type: AuditActorKindEnum, description: 'Only events of this kind of actor.' }),
    actorId: t.string({ description: 'Only events of the actor with this `AuditActor.id`.' }),
    endUserId: t.string({
      description: "Only events about the end user with this ID, the application's own.",
    }),
    organizationId: t.string({
      description: "Only events about the organization with this ID, the application's own.",
    }),
    operation: t.string({ description: 'Only events of this operation, such as `createConnectLink`.' }),
    outcome: t.field({ type: AuditOutcomeEnum, description: 'Only events with this outcome.' }),
    since: t.field({ type: 'DateTime', description: 'Only events at this time or later.' }),
    until: t.field({ type: 'DateTime', description: 'Only events before this time.' }),
  }),
})

const cursorParts = z.tuple([cursorTime, z.int().min(1)])

const cursorOf = ({ createdAt, id }: AuditEventRow) => encodeCursor([createdAt.getTime(), id])

function decodeEventCursor(cursor: string | null | undefined) {
  const parts = decodeCursor(cursor, cursorParts)
  return parts && { createdAt: new Date(parts[0]), id: parts[1] }
}

builder.queryField('auditEvents', (t) =>
  t.field({
    permission: 'audit:read',
    type: AuditEventConnectionType,
    description:
      'The audit log, newest first: every mutation, also refused ones, and every change of connect links and connections that the gateway made or observed. For API keys with the permission `audit:read` only.',
    args: {
      filter: t.arg({ type: AuditEventFilterInput, description: 'Which audit events. Default: all.' }),
      first: firstArg(t),
      after: afterArg(t),
    },
    resolve: async (_, { filter, first, after }, { connect }) => {
      const page = { first: pageSize(first), after: decodeEventCursor(after) }
      const { rows, hasNextPage, count } = await listAuditEvents(connect, {
        filter: validFilter(filter),
        page,
      })
      return toPage(rows, { cursor: cursorOf, hasNextPage, after }, { syncStatus: [], count })
    },
  }),
)
