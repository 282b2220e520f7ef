import { linkUrl, providerUrl } from '../connect/links/link-url.ts'
import { readConnectLinks } from '../connect/links/list-links.ts'
import { settleOpenLink } from '../connect/links/refresh-open-link.ts'
import type { LinkAt } from '../connect/links/watch-links.ts'
import type { ConnectLinkRow, LinkTransitionRow } from '../store/schema.ts'
import { builder } from './builder.ts'
import { ConnectionType } from './connection.ts'
import { ConnectorType } from './connector.ts'
import { DirectionEnum, LinkStatusEnum, ProviderKeyEnum } from './enums.ts'
import { decodeIdOf } from './ids.ts'
import { decodePosition, pageSize, positionCursor, storable, toPage } from './paging.ts'
import { ProviderType } from './provider.ts'
import { TagInput, TagType } from './tag.ts'
import { EndUserType } from './viewer.ts'

const LinkPurposeEnum = builder.enumType('LinkPurpose', {
  description: 'What a link is for.',
  values: {
    CONNECT: { description: 'It makes a new connection.' },
    RECONNECT: { description: 'It renews an existing one.' },
  } as const,
})

const ExpirySourceEnum = builder.enumType('ExpirySource', {
  description: 'How the end of a link is known.',
  values: {
    PROVIDER: { description: 'The provider said it.' },
    TOKEN_CLAIM: { description: "It follows from the time in the provider's token." },
    PROVIDER_DEFAULT: { description: "The provider's documented lifetime, counted from now." },
    GATEWAY_POLICY: { description: 'The gateway ends it, earlier than the provider would.' },
    NONE: { description: 'It does not end.' },
  } as const,
})

const TransitionSourceEnum = builder.enumType('TransitionSource', {
  description: 'Who caused a transition.',
  values: {
    API_CALL: { description: 'A call of this API.' },
    HOSTED_PAGE: { description: "The end user, on one of the gateway's pages." },
    BROWSER_RETURN: { description: "The end user's browser, coming back from the provider." },
    PROVIDER_WEBHOOK: { description: 'A message from the provider.' },
    PROVIDER_POLL: { description: "The provider's answer when asked." },
    GATEWAY_CLOCK: { description: 'Time.' },
  } as const,
})

const LinkTransitionType = builder.objectRef<LinkTransitionRow>('LinkTransition').implement({
  description: 'One step in the life of a link.',
  fields: (t) => ({
    from: t.expose('from_status', {
      type: LinkStatusEnum,
      nullable: true,
      description: 'Null for the first step.',
    }),
    to: t.expose('to_status', { type: LinkStatusEnum, description: 'The status it went to.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    source: t.expose('source', { type: TransitionSourceEnum, description: 'Who caused it.' }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why, where there is more to say: "AMBIGUOUS".',
    }),
  }),
})

/** A link as it is, or as it was after one step of its history. */
export const ConnectLinkType = builder.objectRef<ConnectLinkRow | LinkAt>('ConnectLink')

builder.node(ConnectLinkType, {
  description:
    'A link that lets an end user connect one account, without typing credentials into the application.',
  id: { resolve: ({ id }) => id },
  fields: (t) => ({
    provider: t.field({
      type: ProviderType,
      description: 'Where the connection is made.',
      resolve: ({ provider }, _, { connect }) => connect.providers.get(provider),
    }),
    connector: t.field({
      type: ConnectorType,
      nullable: true,
      description: "What is connected; null: not in the provider's catalogue.",
      resolve: (row, _, { connect }) => connect.catalogue.get(row.provider, row.connector_key) ?? null,
    }),
    connectorKey: t.exposeString('connector_key', { description: "The provider's key of the connector." }),
    direction: t.expose('direction', { type: DirectionEnum, description: 'Which way data will flow.' }),
    purpose: t.expose('purpose', { type: LinkPurposeEnum, description: 'What the link is for.' }),
    status: t.expose('status', { type: LinkStatusEnum, description: 'Where it is in its life.' }),
    url: t.field({
      type: 'URL',
      nullable: true,
      description:
        "What to send the end user to: the gateway's own short link. Null: there is nothing to do.",
      resolve: (link, _, { connect }) => linkUrl(link, connect),
    }),
    providerUrl: t.field({
      type: 'URL',
      nullable: true,
      description: "The provider's own link, as it answered; for API keys only.",
      resolve: (link, _, { connect, viewer }) =>
        viewer.kind === 'API_KEY' ? providerUrl(link, connect.secrets) : null,
    }),
    expiresAt: t.expose('expires_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ends; null: never.',
    }),
    expirySource: t.expose('expiry_source', { type: ExpirySourceEnum, description: 'How its end is known.' }),
    embeddable: t.exposeBoolean('embeddable', { description: 'It may be shown in an iframe.' }),
    requiresProviderLogin: t.exposeBoolean('requires_provider_login', {
      description:
        "Whoever opens it must be signed in to the provider, as a member of the operator's organisation.",
    }),
    instructions: t.exposeString('instructions', {
      nullable: true,
      description: "The provider's words for the end user.",
    }),
    endUser: t.field({
      type: EndUserType,
      description: 'Whom it is for.',
      resolve: (link) => ({ id: link.end_user_id, name: link.end_user_name, email: link.end_user_email }),
    }),
    connection: t.field({
      type: ConnectionType,
      nullable: true,
      description:
        'CONNECT: null until COMPLETED; set, too, when a link that had ended made one all the same. RECONNECT: the connection it renews.',
      resolve: ({ connection_id }, _, { connections }) =>
        connection_id === null ? null : connections.load(connection_id),
    }),
    tags: t.field({ type: [TagType], description: 'As given.', resolve: ({ tags }) => [...tags] }),
    history: t.field({
      type: [LinkTransitionType],
      description: 'All steps of its life, oldest first.',
      resolve: async (link, _, { histories }) => {
        const all = await histories.load(link.id)
        return 'step' in link ? all.filter(({ number }) => number <= link.step) : [...all]
      },
    }),
    createdAt: t.expose('created_at', { type: 'DateTime', description: 'When it was made.' }),
  }),
})

const ConnectLinkConnectionType = builder.connectionObject(
  {
    type: ConnectLinkType,
    name: 'ConnectLinkConnection',
    description: 'A page of connect links.',
    fields: (t) => ({
      totalCount: t.int({
        nullable: true,
        description: 'How many match; null: more than 10,000, which are not counted.',
        resolve: ({ count }) => count(),
      }),
    }),
  },
  { name: 'ConnectLinkEdge', description: 'A connect link in a page.' },
)

const ConnectLinkFilterInput = builder.inputType('ConnectLinkFilter', {
  description: 'Which connect links; fields given together must all match.',
  fields: (t) => ({
    providers: t.field({ type: [ProviderKeyEnum], description: 'Of these providers.' }),
    statuses: t.field({ type: [LinkStatusEnum], description: 'In these statuses.' }),
    endUserId: t.string({ description: "For this end user, by the application's own id." }),
    tag: t.field({ type: TagInput, description: 'With this tag.' }),
  }),
})

builder.queryFields((t) => ({
  connectLinks: t.field({
    type: ConnectLinkConnectionType,
    description:
      'Connect links, newest first, as the gateway knows them; it asks about open ones every few seconds. `connectLink` asks now.',
    args: {
      filter: t.arg({ type: ConnectLinkFilterInput, description: 'Which ones.' }),
      first: t.arg.int({ description: 'How many: 1 to 100, 20 by default.' }),
      after: t.arg.string({ description: 'Those behind this cursor.' }),
    },
    resolve: async (_, { filter, first, after }, { connect, viewer }) => {
      const page = { first: pageSize(first), after: decodePosition(after) }
      const wanted = { filter: storable(filter), page }
      const { rows, hasNextPage, count } = await readConnectLinks(connect, viewer, wanted)
      return toPage(rows, { cursor: positionCursor, hasNextPage, after }, { sources: [], count })
    },
  }),
  connectLink: t.field({
    type: ConnectLinkType,
    nullable: true,
    description: 'One connect link, after asking its provider when it is still open. Null: no such link.',
    args: { id: t.arg.id({ required: true, description: 'Which one.' }) },
    resolve: async (_, { id }, { connect, viewer, signal, links }) => {
      const linkId = decodeIdOf('ConnectLink', id)
      if (linkId === null) return null
      await settleOpenLink(connect, { linkId, endUserId: viewer.endUser?.id }, { signal })
      return links.load(linkId)
    },
  }),
}))
