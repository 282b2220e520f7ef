import { portalUrl } from '../connect/links/link-url.ts'
import { createSession } from '../connect/sessions/create-session.ts'
import { type RevokedSessions, revokeSessions } from '../connect/sessions/revoke-sessions.ts'
import type { Session } from '../connect/sessions/session-tokens.ts'
import { InvalidInputError } from '../domain/errors.ts'
import type { SessionGrant } from '../domain/permissions.ts'
import { ownerOfInput } from './audit-call.ts'
import { BrandingInput, localeField } from './branding.ts'
import { builder } from './builder.ts'
import { EndUserInput } from './connect-link-input.ts'
import { ProviderKeyEnum, type Values } from './enums.ts'
import { OrganizationAccessEnum, OrganizationInput } from './organization.ts'
import { TagInput } from './tag.ts'

const sessionPermissionValues: Values<SessionGrant> = {
  LINK: { description: 'Create, plan and revoke connect links, and read the catalogue.' },
  RECONNECT: { description: 'Create connect links that reconnect connections of the end user.' },
  DISCONNECT: { description: 'Remove connections of the end user at their providers.' },
  READ: {
    description:
      "Read the catalogue, and read, refresh and watch the end user's connect links and connections.",
  },
}

export const SessionPermissionEnum = builder.enumType('SessionPermission', {
  description: 'What a session may do; each stands for one or more of `Viewer.scopes`.',
  values: sessionPermissionValues,
})

const CreateSessionInput = builder.inputType('CreateSessionInput', {
  description:
    'The end user of a session, its lifetime, and what it may do. Fixed in the token, which may have at most 6,000 bytes. All issues are reported at once as InvalidInputError.',
  fields: (t) => ({
    endUser: t.field({
      type: EndUserInput,
      required: true,
      description: 'The end user whose frontend uses the session.',
    }),
    organization: t.field({
      type: OrganizationInput,
      description:
        "The organization that the end user acts in; the same as `endUser.organization`, if both are given. The session sees the end user's links and connections in exactly this organization; without one, only those without an organization.",
    }),
    organizationAccess: t.field({
      type: OrganizationAccessEnum,
      description: 'Access to the connections that the organization owns. Default: none.',
    }),
    expiresInSeconds: t.int({
      description: 'Lifetime of the session in seconds, from 1 to 86400. Default: 900.',
    }),
    permissions: t.field({
      type: [SessionPermissionEnum],
      description: 'What the session may do. Default: all.',
    }),
    connectors: t.stringList({
      description:
        'Allow-list of connectors, each as a `Connector.key` or as the `Application.slug` of what it connects to, at most 100. Links and connections of others cannot be created, reconnected, refreshed, disconnected or revoked. Default: all.',
    }),
    providers: t.field({
      type: [ProviderKeyEnum],
      description: 'Allow-list of providers; the same operations are limited to them. Default: all.',
    }),
    redirectUris: t.field({
      type: ['URL'],
      description:
        'Allow-list of what links may redirect to, at most 50 entries: exact URLs, origins without a path such as `https://app.example.com`, or schemes such as `myapp://` that REDIRECT_ORIGINS lists. Default: the origins of the setting REDIRECT_ORIGINS; without that setting none in production, and any otherwise.',
    }),
    tags: t.field({
      type: [TagInput],
      description:
        'Labels of the application, at most 50, given to each link that the session creates. The session does not see them.',
    }),
    returnUrl: t.field({
      type: 'URL',
      description:
        'Where the portal leads back to the application. The URLs that `redirectUri` allows an API key are allowed. Default: none; the portal then has no way back.',
    }),
    locale: localeField(t, 'the pages of the session, and of the links that it creates without a locale'),
    branding: t.field({
      type: BrandingInput,
      description:
        'How the pages of the session and of the links that it creates present the application. Default: the settings of the gateway.',
    }),
  }),
})

const CreateSessionPayloadType = builder.objectRef<Session>('CreateSessionPayload').implement({
  description: 'A session was created.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description:
        "The session token, for the header `Authorization: Bearer …` of the frontend. It gives access to the end user's own links and connections in the organization, and by `organizationAccess` to connections of the organization.",
    }),
    portalUrl: t.field({
      type: 'URL',
      description:
        'The portal: a page of the gateway on which the end user connects applications, and sees, reconnects and removes connections, within the same limits and as long as the session. The URL is a credential of the session, as `token` is: send only its end user there. Its token is not accepted in place of `token`.',
      resolve: async ({ portalToken }, _, { connect }) => portalUrl(connect.publicUrl, await portalToken()),
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the session expires.' }),
  }),
})

builder.mutationField('createSession', (t) =>
  t.field({
    permission: 'sessions:write',
    audit: ({ input }, payload) => ({
      ...ownerOfInput(input.endUser),
      targets: [payload && { type: 'Session', id: payload.id }],
    }),
    type: CreateSessionPayloadType,
    description:
      "Creates a session with which an end user's frontend can call this API. For API keys only; a session gets a GraphQL error with code FORBIDDEN.",
    args: {
      input: t.arg({
        type: CreateSessionInput,
        required: true,
        description: 'The end user, the lifetime and the limits of the session.',
      }),
    },
    errors: {
      types: [InvalidInputError],
      union: {
        name: 'CreateSessionResult',
        description: 'The created session, or why none was created.',
      },
    },
    resolve: (_, { input }, { connect }) => createSession(connect, input),
  }),
)

const RevokeSessionsPayloadType = builder.objectRef<RevokedSessions>('RevokeSessionsPayload').implement({
  description: 'The sessions of the end user were revoked.',
  fields: (t) => ({
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      description: 'Sessions that were created until then are refused.',
    }),
  }),
})

builder.mutationField('revokeSessions', (t) =>
  t.field({
    permission: 'sessions:write',
    audit: ({ endUserId }) => ({ endUserId, targets: [] }),
    type: RevokeSessionsPayloadType,
    description:
      'Revokes all sessions of an end user that have been created until now: within two seconds every gateway refuses them, and their subscriptions end with the error UNAUTHENTICATED soon afterwards. Sessions that are created afterwards are accepted. For API keys only.',
    args: {
      endUserId: t.arg.string({
        required: true,
        description: "The application's own ID of the end user.",
      }),
    },
    errors: {
      types: [InvalidInputError],
      union: {
        name: 'RevokeSessionsResult',
        description: 'That the sessions were revoked, or why they were not.',
      },
    },
    resolve: (_, { endUserId }, { connect }) => revokeSessions(connect, endUserId),
  }),
)
