import { type ProviderKey, providerKeys } from '../domain/provider-key.ts'
import { type BuilderTypes, builder } from './builder.ts'

const FivetranLinkOptions = builder.inputType('FivetranLinkOptions', {
  description: 'Options of a connect link that only Fivetran has.',
  fields: (t) => ({
    groupId: t.string({
      description:
        'ID of the Fivetran group (destination) to create the connection in. Default: FIVETRAN_GROUP_ID.',
    }),
    schema: t.string({
      description:
        'Schema name or schema prefix in the destination: permanent and unique there. Default: generated.',
    }),
    table: t.string({ description: 'Table or table group, for connectors that have one.' }),
    config: t.field({
      type: 'JSONObject',
      description:
        "Fields of the connector's `config`, checked against `Connector.configSchema` where Fivetran describes them; other fields are passed on unchecked. Write-only.",
    }),
    hideSetupGuide: t.boolean({ description: 'Show the Connect Card without its setup guide.' }),
    allFields: t.boolean({ description: 'Show the fields that the Connect Card hides by default.' }),
    startSync: t.boolean({
      defaultValue: true,
      description: 'Start syncing when the link completes; with false the connection stays paused.',
    }),
  }),
})

const CensusLinkOptions = builder.inputType('CensusLinkOptions', {
  description: 'Options of a connect link that only Census has.',
  fields: (t) => ({
    groupId: t.string({
      description:
        'ID of the Census group to create the connection in. Default: CENSUS_GROUP_ID. Version 2 of the Census API only.',
    }),
  }),
})

const PipedreamLinkOptions = builder.inputType('PipedreamLinkOptions', {
  description: 'Options of a connect link that only Pipedream has.',
  fields: (t) => ({
    allowedOrigins: t.field({
      type: ['URL'],
      description: 'Origins from which a browser may use the Connect token.',
    }),
    oauthAppId: t.string({ description: 'ID of your own OAuth client at Pipedream (`oa_…`).' }),
    scope: t.string({ description: 'OAuth scopes of the Connect token, separated by blanks.' }),
    allowProgressiveScopes: t.boolean({
      description: 'Allow the end user to grant further OAuth scopes later.',
    }),
  }),
})

const XpanderAccessScopeEnum = builder.enumType('XpanderAccessScope', {
  description: 'Who may use an xpander connection.',
  values: {
    PERSONAL: { description: 'Only the xpander user who created it.' },
    ORGANIZATIONAL: { description: 'Every member of the xpander organization.' },
  } as const,
})

const XpanderLinkOptions = builder.inputType('XpanderLinkOptions', {
  description: 'Options of a connect link that only xpander.ai has.',
  fields: (t) => ({
    name: t.string({
      description: 'Name of the connection; a suffix that is unique for the link is appended.',
    }),
    version: t.string({ description: 'Version of the connector. Default: the latest.' }),
    security: t.field({
      type: 'JSONObject',
      description:
        "Credentials of the account to connect, as `Connector.connectionHint` describes them; `{}` if the connector needs none. With it the connection is created at once, without it the link leads to the connector's page. Write-only: never returned and never logged.",
    }),
    generalParams: t.field({
      type: ['JSONObject'],
      description: 'Parameters that are preset for every call of the connection.',
    }),
    headers: t.field({
      type: 'JSONObject',
      description: 'HTTP headers that are sent with every call of the connection. Write-only.',
    }),
    targetSystemServers: t.field({
      type: ['JSONObject'],
      description: 'Servers of the target system, each with `url` and `description`.',
    }),
    accessScope: t.field({
      type: XpanderAccessScopeEnum,
      description: 'Who may use the connection. Default: ORGANIZATIONAL.',
    }),
    isServiceAccount: t.boolean({ description: 'The connected account is a service account.' }),
  }),
})

const NangoLinkOptions = builder.inputType('NangoLinkOptions', {
  description: 'Options of a connect link that only Nango has.',
  fields: (t) => ({
    connectionConfig: t.field({
      type: 'JSONObject',
      description:
        'Settings of the account to connect, such as `{ subdomain: "acme" }`: the end user need not enter them. Write-only.',
    }),
    userScopes: t.string({
      description: 'OAuth scopes to request from the end user (Slack), separated by commas.',
    }),
    authorizationParams: t.field({
      type: 'JSONObject',
      description: 'Parameters to add to the address at which the end user authorizes the access.',
    }),
  }),
})

const ComposioLinkOptions = builder.inputType('ComposioLinkOptions', {
  description: 'Options of a connect link that only Composio has.',
  fields: (t) => ({
    authConfigId: t.string({
      description:
        'ID of the auth config of the toolkit to connect with (`ac_…`). Default: the oldest enabled one that the toolkit has.',
    }),
    connectionData: t.field({
      type: 'JSONObject',
      description:
        "Values that Composio's page presets for fields of `Connector.configSchema`. Write-only: never returned and never logged.",
    }),
  }),
})

/**
 * The input type of each provider with link options. Its fields are those of `linkOptions` in the provider's
 * definition; a provider without fields there has no input type here.
 */
const optionTypes = {
  FIVETRAN: FivetranLinkOptions,
  CENSUS: CensusLinkOptions,
  PIPEDREAM: PipedreamLinkOptions,
  XPANDER: XpanderLinkOptions,
  NANGO: NangoLinkOptions,
  COMPOSIO: ComposioLinkOptions,
} as const satisfies Partial<Record<ProviderKey, unknown>>

type InputFields = PothosSchemaTypes.InputFieldBuilder<BuilderTypes, 'InputObject'>
type KeyWithOptions = keyof typeof optionTypes
type OptionsField = Lowercase<KeyWithOptions>

const keysWithOptions = providerKeys.filter((key): key is KeyWithOptions => key in optionTypes)
const fieldOf = (key: KeyWithOptions) => key.toLowerCase() as OptionsField

/** The option fields of an input, one for each provider with link options; they are read back by `toOptions`. */
export function optionFields(t: InputFields) {
  const fields = keysWithOptions.map((key) => [
    fieldOf(key),
    t.field({
      type: optionTypes[key],
      description: `Options that only ${key} has; refused for any other provider.`,
    }),
  ])
  return Object.fromEntries(fields) as {
    readonly [Key in KeyWithOptions as Lowercase<Key>]: ReturnType<
      typeof t.field<(typeof optionTypes)[Key], false>
    >
  }
}

/** The option blocks of an input by provider. */
export const toOptions = (input: { readonly [Field in OptionsField]?: unknown }) =>
  Object.fromEntries(keysWithOptions.map((key) => [key, input[fieldOf(key)]]))
