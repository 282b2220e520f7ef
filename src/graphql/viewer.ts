import type { EndUser } from '../domain/end-user.ts'
import type { SessionLimits, Viewer } from '../domain/viewer.ts'
import { builder } from './builder.ts'
import { ProviderKeyEnum } from './enums.ts'
import { OrganizationAccessEnum, OrganizationType } from './organization.ts'

export const EndUserType = builder.objectRef<EndUser>('EndUser').implement({
  description: 'An end user of the application, who connects accounts.',
  fields: (t) => ({
    id: t.exposeString('id', {
      description: "The application's own ID of the end user, at most 250 characters.",
    }),
    name: t.exposeString('name', { nullable: true, description: 'Display name; null if none was given.' }),
    email: t.exposeString('email', {
      nullable: true,
      description: 'Email address for display; null if none was given.',
    }),
    organization: t.field({
      type: OrganizationType,
      nullable: true,
      description:
        'The organization that the end user acts in; null if none. The links and connections of the same end user in another organization are separate.',
      resolve: ({ organization }) => organization,
    }),
  }),
})

const ViewerKindEnum = builder.enumType('ViewerKind', {
  description: 'How a caller is authenticated.',
  values: {
    API_KEY: { description: 'By an API key: a server of the application.' },
    END_USER: { description: "By a session token: an end user's frontend." },
  } as const,
})

const ViewerLimitsType = builder.objectRef<SessionLimits>('ViewerLimits').implement({
  description: 'The allow-lists that a session was created with.',
  fields: (t) => ({
    providers: t.field({
      type: [ProviderKeyEnum],
      nullable: true,
      description: 'The only providers whose links and connections the session may change; null: all.',
      resolve: ({ providers }) => providers && [...providers],
    }),
    connectors: t.stringList({
      nullable: true,
      description:
        'The only connectors whose links and connections the session may change, as `Connector.key`s or `Application.slug`s; null: all.',
      resolve: ({ connectors }) => connectors && [...connectors],
    }),
    redirectUris: t.field({
      type: ['URL'],
      nullable: true,
      description:
        "The only exact URLs and origins that the session's links may redirect to; null: those that the gateway's settings allow.",
      resolve: ({ redirectUris }) => redirectUris && [...redirectUris],
    }),
  }),
})

const ViewerType = builder.objectRef<Viewer>('Viewer').implement({
  description: 'The authenticated caller.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ViewerKindEnum, description: 'How the caller is authenticated.' }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'Name of the API key, or of the end user; null if there is none.',
    }),
    scopes: t.stringList({
      description:
        "What the caller may do, such as `links:write`. For END_USER limited to the end user's own links and connections in the organization of the session, and by `organizationAccess` to connections of that organization.",
      resolve: ({ scopes }) => [...scopes],
    }),
    endUser: t.field({
      type: EndUserType,
      nullable: true,
      description: 'The end user of the session; null for API_KEY.',
      resolve: ({ endUser }) => endUser,
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the session expires; null for API_KEY.',
    }),
    limits: t.field({
      type: ViewerLimitsType,
      nullable: true,
      description: 'What the session is limited to; null if it has no limits, and for API_KEY.',
      resolve: ({ limits }) => limits,
    }),
    organizationAccess: t.expose('organizationAccess', {
      type: OrganizationAccessEnum,
      nullable: true,
      description:
        'Access of the session to the connections that its organization owns; null if it has none, as API keys do not need it.',
    }),
  }),
})

builder.queryField('viewer', (t) =>
  t.field({
    permission: null,
    type: ViewerType,
    description: 'The authenticated caller.',
    resolve: (_, __, { viewer }) => viewer,
  }),
)
