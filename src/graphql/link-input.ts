import type { AskedLink } from '../connect/create-link/create-link.ts'
import type { WantedReconnect } from '../connect/create-link/reconnect.ts'
import type { ConnectLinkInput } from '../connect/create-link/validate-input.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import { type BuilderTypes, builder } from './builder.ts'
import { DirectionEnum, ProviderKeyEnum } from './enums.ts'
import { TagInput } from './tag.ts'

export const EndUserInput = builder.inputType('EndUserInput', {
  description: 'A person of the application.',
  fields: (t) => ({
    id: t.string({
      required: true,
      description: "The application's own id of the person, at most 250 characters.",
    }),
    name: t.string({ description: 'A name to show.' }),
    email: t.string({ description: 'An address to show.' }),
  }),
})

const FivetranLinkOptions = builder.inputType('FivetranLinkOptions', {
  description: 'What only Fivetran understands.',
  fields: (t) => ({
    groupId: t.string({
      description: "The group (destination) to connect into; the gateway's own by default.",
    }),
    schema: t.string({
      description:
        'The schema name or prefix in the destination: permanent, unique there. Made up by default.',
    }),
    table: t.string({ description: 'The table or table group, for connectors that have one.' }),
    config: t.field({
      type: 'JSONObject',
      description:
        "Fields of the connector's `config`, checked against its `inputs` where Fivetran has described them; fields it does not describe are passed on. Write-only.",
    }),
    hideSetupGuide: t.boolean({ description: 'Show the card without its set-up guide.' }),
    allFields: t.boolean({ description: 'Show fields that the card hides by default.' }),
    startSync: t.boolean({
      defaultValue: true,
      description: 'Start syncing when the link completes; otherwise the connection stays paused.',
    }),
  }),
})

const CensusLinkOptions = builder.inputType('CensusLinkOptions', {
  description: 'What only Census understands.',
  fields: (t) => ({
    groupId: t.string({
      description: "The group to connect into; the gateway's own by default. Version 2 only.",
    }),
  }),
})

const PipedreamLinkOptions = builder.inputType('PipedreamLinkOptions', {
  description: 'What only Pipedream understands.',
  fields: (t) => ({
    allowedOrigins: t.field({
      type: ['URL'],
      description: 'Origins from which a browser may use the token.',
    }),
    oauthAppId: t.string({ description: 'Your own OAuth client at Pipedream.' }),
    scope: t.string({ description: 'What the token may do, blank-separated.' }),
    allowProgressiveScopes: t.boolean({ description: 'Let the end user grant further scopes later.' }),
  }),
})

const XpanderAccessScopeEnum = builder.enumType('XpanderAccessScope', {
  description: 'Who may use an xpander connection.',
  values: {
    PERSONAL: { description: 'Only the xpander user who made it.' },
    ORGANIZATIONAL: { description: 'Everyone in the xpander organisation. The default.' },
  } as const,
})

const XpanderLinkOptions = builder.inputType('XpanderLinkOptions', {
  description: 'What only xpander understands.',
  fields: (t) => ({
    name: t.string({ description: "The connection's name; a suffix that is unique to the link is added." }),
    version: t.string({ description: 'The version of the connector; the latest by default.' }),
    security: t.field({
      type: 'JSONObject',
      description: 'Credentials. Write-only: no answer and no log shows them.',
    }),
    generalParams: t.field({ type: ['JSONObject'], description: 'Parameters prefilled for every call.' }),
    headers: t.field({ type: 'JSONObject', description: 'Headers for every call. Write-only.' }),
    targetSystemServers: t.field({
      type: ['JSONObject'],
      description: "The target system's addresses: `url`, `description`.",
    }),
    accessScope: t.field({
      type: XpanderAccessScopeEnum,
      description: 'Who may use it; ORGANIZATIONAL by default.',
    }),
    isServiceAccount: t.boolean({ description: 'It belongs to nobody in particular.' }),
  }),
})

/** One block a provider: a fifth provider does not compile until it is here. */
const optionBlocks = {
  FIVETRAN: FivetranLinkOptions,
  CENSUS: CensusLinkOptions,
  PIPEDREAM: PipedreamLinkOptions,
  XPANDER: XpanderLinkOptions,
} as const satisfies Record<ProviderKey, unknown>

type InputFields = PothosSchemaTypes.InputFieldBuilder<BuilderTypes, 'InputObject'>

/** What a link that makes a connection and one that renews it have in common. */
const commonFields = (t: InputFields) => ({
  redirectUri: t.field({ type: 'URL', description: 'Where the end user lands after success.' }),
  errorRedirectUri: t.field({
    type: 'URL',
    description: 'Where the end user lands after a failure; `redirectUri` by default.',
  }),
  expiresInSeconds: t.int({
    description: "How long the link lives, in seconds: 1 to the provider's most.",
  }),
  tags: t.field({ type: [TagInput], description: 'Your own labels, at most 50.' }),
  idempotencyKey: t.string({
    description: 'At most 255 characters. A repeated call with the same key makes no second link.',
  }),
  fivetran: t.field({ type: optionBlocks.FIVETRAN, description: 'Only with provider FIVETRAN.' }),
  census: t.field({ type: optionBlocks.CENSUS, description: 'Only with provider CENSUS.' }),
  pipedream: t.field({ type: optionBlocks.PIPEDREAM, description: 'Only with provider PIPEDREAM.' }),
})

const DuplicatePolicyEnum = builder.enumType('DuplicatePolicy', {
  description:
    'What to do when the end user has an ACTIVE connection of the connector at that provider already, of whichever account.',
  values: {
    ALLOW: { description: 'Make one more; `Connection.duplicateOf` shows if it is for the same account.' },
    REUSE: {
      description:
        'Send nothing to the provider, and answer a link that is COMPLETED at once, without `url`, with that connection.',
    },
    REJECT: { description: 'Send nothing to the provider, and answer ConflictError with INVALID_STATE.' },
  } as const,
})

export const CreateConnectLinkInput = builder.inputType('CreateConnectLinkInput', {
  description:
    "What to connect, for whom, and how. All problems are reported at once, as InvalidInputError. Without `provider` at most one provider's own options may be given: they narrow the choice to that provider.",
  fields: (t) => ({
    connector: t.string({
      required: true,
      description:
        'A `Connector.key` of that provider; without `provider` the `Application.slug` of what is to be connected.',
    }),
    endUser: t.field({
      type: EndUserInput,
      description: 'Required for API keys; an END_USER caller is always itself.',
    }),
    direction: t.field({
      type: DirectionEnum,
      description: 'Needed only where the connector offers more than one.',
    }),
    duplicatePolicy: t.field({
      type: DuplicatePolicyEnum,
      description: 'What to do when there is such a connection already; ALLOW by default.',
    }),
    ...commonFields(t),
    xpander: t.field({ type: optionBlocks.XPANDER, description: 'Only with provider XPANDER.' }),
    preferProviders: t.field({
      type: [ProviderKeyEnum],
      description:
        'Only without `provider`: which to take before others of the same health, best first. The others remain possible.',
    }),
    dryRun: t.boolean({
      description:
        'Check the input and say where the link would be made, as ConnectLinkDryRun; make nothing, and leave the idempotency key unused.',
    }),
  }),
})

export const ReconnectInput = builder.inputType('ReconnectInput', {
  description: 'How a connection is to be renewed. All problems are reported at once, as InvalidInputError.',
  fields: (t) => ({
    endUser: t.field({
      type: EndUserInput,
      description: 'Required when the connection has none, because it was made outside this gateway.',
    }),
    ...commonFields(t),
  }),
})

export function toAskedLink({
  provider,
  input: { preferProviders, dryRun, ...input },
}: {
  readonly provider?: ProviderKey | null | undefined
  readonly input: typeof CreateConnectLinkInput.$inferInput
}): AskedLink {
  return {
    provider: provider ?? null,
    input: toConnectLinkInput(input),
    preferProviders: preferProviders ?? null,
    dryRun: dryRun ?? false,
  }
}

type OwnInput = Omit<typeof CreateConnectLinkInput.$inferInput, 'preferProviders' | 'dryRun'>

function toConnectLinkInput({ fivetran, census, pipedream, xpander, ...rest }: OwnInput): ConnectLinkInput {
  return { ...rest, options: { FIVETRAN: fivetran, CENSUS: census, PIPEDREAM: pipedream, XPANDER: xpander } }
}

export function toReconnectInput(input: typeof ReconnectInput.$inferInput): WantedReconnect['input'] {
  const { fivetran, census, pipedream, ...rest } = input
  return { ...rest, options: { FIVETRAN: fivetran, CENSUS: census, PIPEDREAM: pipedream } }
}
