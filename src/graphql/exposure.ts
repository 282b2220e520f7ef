import { z } from 'zod'
import {
  countExposure,
  type ExposedEndUser,
  type ExposureCounts,
  type ExposureRequest,
  listExposedConnections,
  listExposedEndUsers,
  listExposedLinks,
} from '../store/exposure.ts'
import { builder } from './builder.ts'
import { ConnectLinkConnectionType } from './connect-link.ts'
import { ConnectionConnectionType } from './connections.ts'
import { ProviderKeyEnum } from './enums.ts'
import {
  afterArg,
  badInput,
  decodeCursor,
  decodePosition,
  encodeCursor,
  firstArg,
  pageSize,
  positionCursor,
  toPage,
} from './paging.ts'

const ExposedEndUserType = builder.objectRef<ExposedEndUser>('ExposedEndUser').implement({
  description: 'An end user with connections or connect links at a provider in the time of an incident.',
  fields: (t) => ({
    id: t.exposeString('endUserId', { description: "The application's own ID of the end user." }),
    organizationId: t.exposeString('organizationId', {
      nullable: true,
      description: "The application's own ID of the organization; null if there is none.",
    }),
    connectionCount: t.exposeInt('connections', { description: 'How many connections.' }),
    connectLinkCount: t.exposeInt('connectLinks', { description: 'How many connect links.' }),
  }),
})

const ExposedEndUserConnectionType = builder.connectionObject(
  {
    type: ExposedEndUserType,
    name: 'ExposedEndUserConnection',
    description: 'A page of exposed end users.',
    fields: (t) => ({
      totalCount: t.int({
        nullable: true,
        description: 'How many there are.',
        resolve: ({ count }) => count(),
      }),
    }),
  },
  { name: 'ExposedEndUserEdge', description: 'An exposed end user in a page.' },
)

interface Exposure {
  readonly request: ExposureRequest
  readonly counts: ExposureCounts
}

const endUserCursor = z.tuple([z.string(), z.string()])

const ExposureType = builder.objectRef<Exposure>('Exposure').implement({
  description:
    'What existed at a provider in the time of an incident: connections made before its end and not removed before its beginning, and connect links likewise. To revoke a connection, disconnect it (`disconnectConnection`), then end the access of the provider at the application, as the owner of `Connection.externalAccount`.',
  fields: (t) => ({
    connectionCount: t.int({
      description: 'How many connections.',
      resolve: ({ counts }) => counts.connections,
    }),
    connectLinkCount: t.int({
      description: 'How many connect links.',
      resolve: ({ counts }) => counts.connectLinks,
    }),
    endUserCount: t.int({
      description: 'How many end users; one that is in two organizations counts twice.',
      resolve: ({ counts }) => counts.endUsers,
    }),
    organizationCount: t.int({
      description: 'How many organizations.',
      resolve: ({ counts }) => counts.organizations,
    }),
    connections: t.field({
      permission: 'connections:read',
      type: ConnectionConnectionType,
      description:
        'The connections, newest first, DISCONNECTED ones included. Needs the permission `connections:read` too.',
      args: { first: firstArg(t), after: afterArg(t) },
      resolve: async ({ request, counts }, { first, after }, { connect: { db } }) => {
        const page = { first: pageSize(first), after: decodePosition(after) }
        const { rows, hasNextPage } = await listExposedConnections(db, request, page)
        const extras = { syncStatus: [], count: async () => counts.connections }
        return toPage(rows, { cursor: positionCursor, hasNextPage, after }, extras)
      },
    }),
    connectLinks: t.field({
      permission: 'links:read',
      type: ConnectLinkConnectionType,
      description: 'The connect links, newest first. Needs the permission `links:read` too.',
      args: { first: firstArg(t), after: afterArg(t) },
      resolve: async ({ request, counts }, { first, after }, { connect: { db } }) => {
        const page = { first: pageSize(first), after: decodePosition(after) }
        const { rows, hasNextPage } = await listExposedLinks(db, request, page)
        const extras = { syncStatus: [], count: async () => counts.connectLinks }
        return toPage(rows, { cursor: positionCursor, hasNextPage, after }, extras)
      },
    }),
    endUsers: t.field({
      type: ExposedEndUserConnectionType,
      description: 'The end users, ordered by their IDs.',
      args: { first: firstArg(t), after: afterArg(t) },
      resolve: async ({ request, counts }, { first, after }, { connect: { db } }) => {
        const page = { first: pageSize(first), after: decodeCursor(after, endUserCursor) }
        const { rows, hasNextPage } = await listExposedEndUsers(db, request, page)
        const cursor = ({ endUserId, organizationId }: ExposedEndUser) =>
          encodeCursor([endUserId, organizationId ?? ''])
        const extras = { syncStatus: [], count: async () => counts.endUsers }
        return toPage(rows, { cursor, hasNextPage, after }, extras)
      },
    }),
  }),
})

builder.queryField('exposure', (t) =>
  t.field({
    permission: 'accounts:admin',
    type: ExposureType,
    description:
      'Every connection, connect link, end user and organization that an incident at a provider concerns. For API keys only.',
    args: {
      provider: t.arg({ type: ProviderKeyEnum, required: true, description: 'The provider.' }),
      from: t.arg({ type: 'DateTime', required: true, description: 'When the incident began.' }),
      to: t.arg({ type: 'DateTime', required: true, description: 'When it ended; later than `from`.' }),
    },
    resolve: async (_, request, { connect: { db } }) => {
      if (request.to <= request.from) throw badInput('"to" must be later than "from".')
      return { request, counts: await countExposure(db, request) }
    },
  }),
)
