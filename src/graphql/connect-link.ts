import { isEndUser, visibleTags } from '../connect/authorization.ts'
import { linkUrl, providerUrl } from '../connect/links/link-url.ts'
import { listConnectLinks } from '../connect/links/list-links.ts'
import { refreshOpenLink } from '../connect/links/refresh-open-link.ts'
import type { LinkSnapshot } from '../connect/links/watch-links.ts'
import { operation } from '../http/http-types.ts'
import { endUserOfLink } from '../store/end-user-columns.ts'
import type { ConnectLinkRow } from '../store/schema.ts'
import { builder } from './builder.ts'
import { ConnectionType } from './connection.ts'
import { ConnectorType } from './connector.ts'
import { providerFor } from './context.ts'
import { DirectionEnum, ExpirySourceEnum, LinkPurposeEnum, LinkStatusEnum, ProviderKeyEnum } from './enums.ts'
import { decodeIdOf } from './ids.ts'
import { historyOf, LinkFailureType, LinkTransitionType, toFailure } from './link-history.ts'
import { ConnectionOwnerEnum } from './organization.ts'
import {
  afterArg,
  decodePosition,
  firstArg,
  pageSize,
  positionCursor,
  toPage,
  validFilter,
} from './paging.ts'
import { ProviderType } from './provider.ts'
import { TagInput, TagType } from './tag.ts'
import { EndUserType } from './viewer.ts'

/** A link as it is, or as it was after one entry of its history. */
export const ConnectLinkType = builder.objectRef<ConnectLinkRow | LinkSnapshot>('ConnectLink')

builder.node(ConnectLinkType, {
  description:
    'A connect link: a URL at which an end user authorizes one account, without giving credentials to the application.',
  id: { resolve: ({ id }) => id },
  fields: (t) => ({
    provider: t.field({
      type: ProviderType,
      description: 'The provider at which the connection is made.',
      resolve: ({ provider }, _, context) => providerFor(context, provider),
    }),
    connector: t.field({
      type: ConnectorType,
      nullable: true,
      description: "The connector of the link; null if it is not in the provider's catalogue.",
      resolve: (row, _, { connect }) => connect.catalogue.connectorOf(row) ?? null,
    }),
    connectorKey: t.exposeString('connectorKey', {
      description: 'The `Connector.key` of the connector of the link.',
    }),
    direction: t.expose('direction', {
      type: DirectionEnum,
      description: 'Direction in which data will flow through the connection.',
    }),
    purpose: t.expose('purpose', {
      type: LinkPurposeEnum,
      description: 'Whether the link makes a connection or reconnects one.',
    }),
    status: t.expose('status', { type: LinkStatusEnum, description: 'Current state of the link.' }),
    url: t.field({
      type: 'URL',
      nullable: true,
      description:
        "The gateway's own URL to send the end user to. It stays that of the end user while the link is handed over: it then shows how that stands. Null if the connection was made at once and there is nothing to open.",
      resolve: (link, _, { connect }) => linkUrl(link, connect),
    }),
    providerUrl: t.field({
      type: 'URL',
      nullable: true,
      description:
        "The provider's own URL, exactly as it answered. For API keys only: null for sessions. Opening it directly hides the visit from the gateway; prefer `url`.",
      resolve: (link, _, { connect, viewer }) =>
        isEndUser(viewer) ? null : providerUrl(link, connect.encryption),
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the link expires; null if it does not expire.',
    }),
    expirySource: t.expose('expirySource', {
      type: ExpirySourceEnum,
      description: 'How `expiresAt` was determined.',
    }),
    embeddable: t.exposeBoolean('embeddable', {
      description: 'Whether the page of the link may be shown in an iframe.',
    }),
    requiresProviderLogin: t.exposeBoolean('requiresProviderLogin', {
      description:
        'Whether the end user must be signed in to the provider as a member of the organization that operates the gateway.',
    }),
    instructions: t.exposeString('instructions', {
      nullable: true,
      description: "The provider's instructions for the end user; null if there are none.",
    }),
    endUser: t.field({
      type: EndUserType,
      description: 'The end user the link was created for.',
      resolve: endUserOfLink,
    }),
    ownedBy: t.expose('owner', {
      type: ConnectionOwnerEnum,
      description:
        'Whom the connection that is made belongs to; of a RECONNECT link, that of its connection.',
    }),
    connection: t.field({
      permission: 'connections:read',
      type: ConnectionType,
      nullable: true,
      description:
        'CONNECT: the connection that was made; null until COMPLETED, and set on an ended link too if a connection was made through it later. RECONNECT: the connection that is reconnected.',
      resolve: ({ connectionId }, _, { connections }) =>
        connectionId === null ? null : connections.load(connectionId),
    }),
    tags: t.field({
      type: [TagType],
      description:
        'Labels of the application, as given when the link was created. For API keys only: empty for sessions.',
      resolve: ({ tags }, _, { viewer }) => [...visibleTags(viewer, tags)],
    }),
    history: t.field({
      type: [LinkTransitionType],
      description: 'All status changes, failed attempts and hand-overs of the link, oldest first.',
      resolve: async (link, _, context) => [...(await historyOf(link, context))],
    }),
    lastFailure: t.field({
      type: LinkFailureType,
      nullable: true,
      description:
        'The latest failed attempt to connect; null if none is known. An open link can still succeed afterwards.',
      resolve: async (link, _, context) =>
        (await historyOf(link, context)).map(toFailure).findLast((failure) => failure !== null) ?? null,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the link was created.' }),
  }),
})

export const ConnectLinkConnectionType = builder.connectionObject(
  {
    type: ConnectLinkType,
    name: 'ConnectLinkConnection',
    description: 'A page of connect links.',
    fields: (t) => ({
      totalCount: t.int({
        nullable: true,
        description: 'How many connect links match the filter; null if more than 10,000.',
        resolve: ({ count }) => count(),
      }),
    }),
  },
  { name: 'ConnectLinkEdge', description: 'A connect link in a page.' },
)

const ConnectLinkFilterInput = builder.inputType('ConnectLinkFilter', {
  description: 'Selects connect links; all given fields must match.',
  fields: (t) => ({
    providers: t.field({ type: [ProviderKeyEnum], description: 'Only links at these providers.' }),
    statuses: t.field({ type: [LinkStatusEnum], description: 'Only links in these statuses.' }),
    endUserId: t.string({
      description: "Only links of the end user with this ID, the application's own.",
    }),
    organizationId: t.string({
      description: "Only links of end users in the organization with this ID, the application's own.",
    }),
    tag: t.field({
      type: TagInput,
      description: 'Only links with this tag. For API keys only: FORBIDDEN for sessions.',
    }),
  }),
})

builder.queryFields((t) => ({
  connectLinks: t.field({
    permission: 'links:read',
    type: ConnectLinkConnectionType,
    description:
      'Connect links, newest first, as stored. Open links are polled at their providers in the background; `connectLink` polls one now.',
    args: {
      filter: t.arg({ type: ConnectLinkFilterInput, description: 'Which connect links. Default: all.' }),
      first: firstArg(t),
      after: afterArg(t),
    },
    resolve: async (_, { filter, first, after }, { connect, viewer }) => {
      const page = { first: pageSize(first), after: decodePosition(after) }
      const request = { filter: validFilter(filter), page }
      const { rows, hasNextPage, count } = await listConnectLinks(connect, viewer, request)
      return toPage(rows, { cursor: positionCursor, hasNextPage, after }, { syncStatus: [], count })
    },
  }),
  connectLink: t.field({
    permission: 'links:read',
    type: ConnectLinkType,
    nullable: true,
    description:
      'A connect link by its ID, after polling its provider if it is open (at most every 2 s). Null if it does not exist or is not accessible.',
    args: { id: t.arg.id({ required: true, description: 'Opaque global ID of the connect link.' }) },
    resolve: async (_, { id }, { connect, viewer, request: { signal }, links }) => {
      const linkId = decodeIdOf('ConnectLink', id)
      if (linkId === null) return null
      await refreshOpenLink(connect, viewer, { linkId, call: operation(signal) })
      return links.load(linkId)
    },
  }),
}))
