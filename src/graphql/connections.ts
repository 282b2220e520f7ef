import { listConnections } from '../connect/connections/list-connections.ts'
import { builder } from './builder.ts'
import { ConnectionType } from './connection.ts'
import { pageEntriesCost } from './cost.ts'
import { ConnectionStatusEnum, ProviderKeyEnum } from './enums.ts'
import {
  afterArg,
  decodePosition,
  firstArg,
  ProviderSyncStatusType,
  pageSize,
  positionCursor,
  toPage,
  validFilter,
} from './paging.ts'
import { selectedDetails } from './selected-details.ts'
import { TagInput } from './tag.ts'

export const ConnectionConnectionType = builder.connectionObject(
  {
    type: ConnectionType,
    name: 'ConnectionConnection',
    description: 'A page of connections.',
    fields: (t) => ({
      totalCount: t.int({
        nullable: true,
        description: 'How many connections match the filter; null if more than 10,000.',
        resolve: ({ count }) => count(),
      }),
      syncStatus: t.field({
        type: [ProviderSyncStatusType],
        complexity: pageEntriesCost,
        description: "How fresh each provider's part of the list is.",
        resolve: ({ syncStatus }) => [...syncStatus],
      }),
    }),
  },
  { name: 'ConnectionEdge', description: 'A connection in a page.' },
)

const ConnectionFilterInput = builder.inputType('ConnectionFilter', {
  description: 'Selects connections; all given fields must match.',
  fields: (t) => ({
    providers: t.field({ type: [ProviderKeyEnum], description: 'Only connections at these providers.' }),
    statuses: t.field({
      type: [ConnectionStatusEnum],
      description:
        'Only connections in these statuses. Default: all but DISCONNECTED. The filter applies to `totalCount` too.',
    }),
    endUserId: t.string({
      description: "Only connections of the end user with this ID, the application's own.",
    }),
    organizationId: t.string({
      description:
        "Only connections of the organization with this ID, the application's own: those that it owns and those of its end users.",
    }),
    connectorKey: t.string({ description: 'Only connections of the connector with this `Connector.key`.' }),
    tag: t.field({
      type: TagInput,
      description: 'Only connections with this tag. For API keys only: FORBIDDEN for sessions.',
    }),
  }),
})

builder.queryField('connections', (t) =>
  t.field({
    permission: 'connections:read',
    type: ConnectionConnectionType,
    description:
      'Connections of all providers in one list, newest first, as stored; DISCONNECTED ones only if `filter.statuses` has that status. In a session: those of its end user in exactly its organization (without one, only connections without an organization), and with `organizationAccess` those that the organization owns; a filter by end user finds only the former. `syncStatus` says how fresh the list is. `refreshConnection` reads one from its provider now.',
    args: {
      filter: t.arg({
        type: ConnectionFilterInput,
        description: 'Which connections. Default: all that are not DISCONNECTED.',
      }),
      first: firstArg(t),
      after: afterArg(t),
    },
    resolve: async (_, { filter, first, after }, { connect, viewer }, info) => {
      const page = { first: pageSize(first), after: decodePosition(after) }
      const request = { filter: validFilter(filter), page, details: selectedDetails(info) }
      const { rows, hasNextPage, ...extras } = await listConnections(connect, viewer, request)
      return toPage(rows, { cursor: positionCursor, hasNextPage, after }, extras)
    },
  }),
)
