import { organizationOfViewer } from '../connect/authorization.ts'
import type { ConnectContext } from '../connect/context.ts'
import type { SuspendableAccount } from '../connect/suspensions/suspensions.ts'
import type { HealthState, ProviderFailure } from '../http/health.ts'
import type { Capabilities } from '../providers/adapter.ts'
import type { Provider } from '../providers/provider-registry.ts'
import { builder } from './builder.ts'
import { providerFor } from './context.ts'
import { CompletionSignalEnum, DirectionEnum, ProviderKeyEnum } from './enums.ts'
import { ErrorCodeEnum } from './errors.ts'

export const ProviderStatusEnum = builder.enumType('ProviderStatus', {
  description: 'Whether a provider has answered the latest calls.',
  values: {
    UP: { description: 'The last call succeeded, or none has been made yet.' },
    DEGRADED: { description: 'The last one or two calls failed.' },
    DOWN: {
      description:
        'At least the last three calls failed, or the circuit breaker is open: so many calls failed that, for a while, calls are refused at once instead of being sent.',
    },
    SUSPENDED: {
      description: 'The operator has suspended it for the time of an incident: nothing is connected there.',
    },
    NOT_CONFIGURED: { description: 'The gateway has no credentials for the provider.' },
  } as const,
})

export const ProviderFailureType = builder.objectRef<ProviderFailure>('ProviderFailure').implement({
  description: 'A call to a provider that failed.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When the call failed.' }),
    code: t.expose('code', { type: ErrorCodeEnum, description: 'The kind of failure.' }),
    cause: t.exposeString('cause', {
      nullable: true,
      description:
        'What the network or TLS reported, such as ENOTFOUND, ECONNREFUSED, ECONNRESET, CERT_HAS_EXPIRED, or PROXY_STATUS_407 for an outbound proxy that demands other credentials. null: the provider has answered, or no cause is known.',
    }),
  }),
})

/** The status of an account; `null` or `undefined`: it is not configured. */
export function statusOf(
  { health, suspensions }: ConnectContext,
  account: SuspendableAccount | null | undefined,
): HealthState | 'SUSPENDED' | 'NOT_CONFIGURED' {
  if (account == null) return 'NOT_CONFIGURED'
  return suspensions.of(account) ? 'SUSPENDED' : health.of(account.accountKey)
}

type IntRange = NonNullable<Capabilities['linkLifetimeSeconds']>

const IntRangeType = builder.objectRef<IntRange>('IntRange').implement({
  description: 'A number that can be chosen within limits.',
  fields: (t) => ({
    default: t.exposeInt('default', { description: 'The value if none is chosen.' }),
    min: t.exposeInt('min', {
      nullable: true,
      description: 'The lower limit; null if the provider does not let it be chosen.',
    }),
    max: t.exposeInt('max', { nullable: true, description: 'The upper limit; null if none is known.' }),
  }),
})

const CapabilitiesType = builder.objectRef<Capabilities>('ProviderCapabilities').implement({
  description: 'What a provider supports, whether it is configured or not.',
  fields: (t) => ({
    directions: t.field({
      type: [DirectionEnum],
      description: 'Directions of the connect links that can be created.',
      resolve: ({ directions }) => [...directions],
    }),
    successRedirect: t.exposeBoolean('successRedirect', {
      description: 'Whether the provider redirects the browser back after success.',
    }),
    errorRedirect: t.exposeBoolean('errorRedirect', {
      description: 'Whether the provider redirects the browser back after a failure.',
    }),
    embeddable: t.exposeBoolean('embeddable', {
      description: "Whether the provider's pages may be shown in an iframe.",
    }),
    reconnect: t.exposeBoolean('reconnect', {
      description: 'Whether `reconnectConnection` is supported.',
    }),
    revokeLink: t.exposeBoolean('revokeLink', {
      description: "Whether `revokeConnectLink` revokes the provider's own link too.",
    }),
    disconnect: t.exposeBoolean('disconnect', {
      description: 'Whether `disconnectConnection` is supported.',
    }),
    linkLifetimeSeconds: t.expose('linkLifetimeSeconds', {
      type: IntRangeType,
      nullable: true,
      description: "Lifetime of the provider's links in seconds; null if they do not expire.",
    }),
    completion: t.field({
      type: [CompletionSignalEnum],
      description: 'How the gateway learns that an end user has completed a link.',
      resolve: ({ completion }) => [...completion],
    }),
  }),
})

export const ProviderType = builder.objectRef<Provider>('Provider')

builder.node(ProviderType, {
  description: 'A connector provider, and how it is configured in this gateway.',
  id: { resolve: ({ key }) => key },
  fields: (t) => ({
    key: t.expose('key', { type: ProviderKeyEnum, description: 'The key used in arguments and filters.' }),
    name: t.exposeString('name', { description: 'Display name.' }),
    status: t.field({
      type: ProviderStatusEnum,
      description:
        'Whether the provider has answered the latest calls. Derived from calls that were made anyway: reading it calls no provider.',
      resolve: ({ key, bound }, _, { connect }) =>
        statusOf(connect, bound && { key, accountKey: bound.accountKey }),
    }),
    lastFailure: t.field({
      type: ProviderFailureType,
      nullable: true,
      description:
        'The last call that failed because of the provider, the network or the credentials; null if there is none since the gateway was started.',
      resolve: ({ bound }, _, { connect }) => bound && connect.health.lastFailure(bound.accountKey),
    }),
    sandbox: t.exposeBoolean('sandbox', {
      description: "Whether calls go to the gateway's built-in sandbox instead of the real provider.",
    }),
    capabilities: t.expose('capabilities', {
      type: CapabilitiesType,
      description: 'What the provider supports.',
    }),
  }),
})

builder.queryFields((t) => ({
  providers: t.field({
    permission: 'catalogue:read',
    type: [ProviderType],
    description: 'All providers, configured or not.',
    resolve: (_, __, { connect, viewer }) => [...connect.providers.seenBy(organizationOfViewer(viewer))],
  }),
  provider: t.field({
    permission: 'catalogue:read',
    type: ProviderType,
    description: 'A provider by its key.',
    args: { key: t.arg({ type: ProviderKeyEnum, required: true, description: 'Key of the provider.' }) },
    resolve: (_, { key }, context) => providerFor(context, key),
  }),
}))
