import type { CreateLinkRequest } from '../connect/create-link/create-link.ts'
import type { ReconnectRequest } from '../connect/create-link/reconnect.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import { BrandingInput, localeField } from './branding.ts'
import { type BuilderTypes, builder } from './builder.ts'
import { DirectionEnum, LinkGuardEnum, ProviderKeyEnum } from './enums.ts'
import { optionFields, toOptions } from './link-options.ts'
import { ConnectionOwnerEnum, OrganizationInput } from './organization.ts'
import { TagInput } from './tag.ts'

export const EndUserInput = builder.inputType('EndUserInput', {
  description: 'An end user of the application.',
  fields: (t) => ({
    id: t.string({
      required: true,
      description: "The application's own ID of the end user, at most 250 characters.",
    }),
    name: t.string({ description: 'Display name, at most 250 characters.' }),
    email: t.string({ description: 'Email address for display, at most 320 characters.' }),
    organization: t.field({
      type: OrganizationInput,
      description:
        'The organization that the end user acts in. Default: none. Only an API key sets it: an input of a session may name no other organization than that of the session.',
    }),
  }),
})

type InputFields = PothosSchemaTypes.InputFieldBuilder<BuilderTypes, 'InputObject'>

/** Fields of both a link that makes a connection and one that reconnects it. */
const commonFields = (t: InputFields) => ({
  redirectUri: t.field({
    type: 'URL',
    description:
      'Where the browser of the end user is sent after success, with `connect_link_id` and `status` (success, failed or pending) in the query. `pending` also means that the connection is held back by the `guard`: see `ConnectLink.awaitingConfirmation`. These parameters replace those of the same names; the rest of the URL stays as it is, also a fragment. An https URL in canonical form, or one with the scheme of an application (`myapp://done`) that the setting REDIRECT_ORIGINS lists. In a session one of its `redirectUris`, else on an origin of REDIRECT_ORIGINS.',
  }),
  errorRedirectUri: t.field({
    type: 'URL',
    description:
      'Where the browser of the end user is sent after a failure. The same URLs are allowed. Default: `redirectUri`.',
  }),
  expiresInSeconds: t.int({
    description:
      "Lifetime of the link in seconds, from 1 to the provider's maximum (`ProviderCapabilities.linkLifetimeSeconds`). Default: the shorter of the provider's and the gateway's lifetime.",
  }),
  tags: t.field({
    type: [TagInput],
    description:
      'Labels of the application, at most 50, copied to the connection. Never sent to the provider. For API keys only: the links of a session have the tags that it was created with.',
  }),
  guard: t.field({
    type: LinkGuardEnum,
    description:
      'What has to show that the person who completes the link is the end user. Default: that of the gateway (LINK_GUARD). A session may not weaken the default: with SAME_BROWSER its links have SAME_BROWSER, with CONFIRM it creates none.',
  }),
  codeChallenge: t.string({
    description:
      'Required with the guard CONFIRM, refused otherwise: the PKCE code challenge (RFC 7636, S256) of a code verifier that the application keeps for `confirmConnectLink`, in Base64url without padding.',
  }),
  idempotencyKey: t.string({
    description:
      'Idempotency key, at most 255 characters, kept for 24 hours: a repeated call with the same key and input returns the same link.',
  }),
  locale: localeField(t, 'the pages of the link'),
  branding: t.field({
    type: BrandingInput,
    description:
      'How the pages of the link present the application; for API keys only. Default: that of the session which creates the link, else the settings of the gateway.',
  }),
  ...optionFields(t),
})

const DuplicatePolicyEnum = builder.enumType('DuplicatePolicy', {
  description:
    'What to do when the end user already has an ACTIVE connection of the connector at the provider, in the same organization and with the same owner, of any external account.',
  values: {
    ALLOW: {
      description: 'Make another one; `Connection.duplicateOf` tells if it is for the same account.',
    },
    REUSE: {
      description:
        'Send nothing to the provider and return a link that is COMPLETED, has no `url` and leads to the existing connection.',
    },
    REJECT: { description: 'Send nothing to the provider and return ConflictError with INVALID_STATE.' },
  } as const,
})

export const CreateConnectLinkInput = builder.inputType('CreateConnectLinkInput', {
  description:
    'What to connect, for whom, and how. All issues are reported at once as InvalidInputError. Without `provider`, options of at most one provider may be given; they restrict the selection to that provider.',
  fields: (t) => ({
    connector: t.string({
      required: true,
      description:
        'The `Connector.key` at the provider; without `provider` the `Application.slug` of the application to connect.',
    }),
    endUser: t.field({
      type: EndUserInput,
      description: 'The end user who connects. Required for API keys; a session is always its own end user.',
    }),
    direction: t.field({
      type: DirectionEnum,
      description: 'Required if the connector offers more than one direction.',
    }),
    ownedBy: t.field({
      type: ConnectionOwnerEnum,
      description:
        'Whom the connection will belong to. Default: PERSON. ORGANIZATION needs an organization of the end user, and in a session `organizationAccess` MANAGE.',
    }),
    duplicatePolicy: t.field({
      type: DuplicatePolicyEnum,
      description: 'What to do when the end user already has such a connection. Default: ALLOW.',
    }),
    ...commonFields(t),
    preferProviders: t.field({
      type: [ProviderKeyEnum],
      description:
        'Only without `provider`: providers to prefer over others with the same health, best first. The others remain possible.',
    }),
  }),
})

export const ReconnectConnectionInput = builder.inputType('ReconnectConnectionInput', {
  description: 'How to reconnect a connection. All issues are reported at once as InvalidInputError.',
  fields: (t) => ({
    endUser: t.field({
      type: EndUserInput,
      description:
        'The end user who reconnects. Required if the connection has none. Default: that of the connection, the only possible one unless an organization owns the connection.',
    }),
    ...commonFields(t),
  }),
})

/** The arguments of `createConnectLink` and `planConnectLink`. */
export function toCreateLinkRequest({
  provider,
  input: { preferProviders, ...input },
}: {
  readonly provider?: ProviderKey | null | undefined
  readonly input: typeof CreateConnectLinkInput.$inferInput
}): CreateLinkRequest {
  return {
    provider: provider ?? null,
    input: { ...input, options: toOptions(input) },
    preferProviders: preferProviders ?? null,
  }
}

export const toReconnectInput = (
  input: typeof ReconnectConnectionInput.$inferInput,
): ReconnectRequest['input'] => ({ ...input, options: toOptions(input) })
