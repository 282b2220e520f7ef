import type { Capabilities } from '../providers/adapter.ts'
import type { Provider } from '../providers/provider-registry.ts'
import { builder } from './builder.ts'
import { DirectionEnum, ProviderKeyEnum } from './enums.ts'

const ProviderStatusEnum = builder.enumType('ProviderStatus', {
  description: 'How the provider has answered lately.',
  values: {
    UP: { description: 'The last call went well, or none was made yet.' },
    DEGRADED: { description: 'The last call failed.' },
    DOWN: { description: 'Three calls or more in a row have failed.' },
    NOT_CONFIGURED: { description: 'The gateway has no credentials for it.' },
  } as const,
})

const CompletionSignalEnum = builder.enumType('CompletionSignal', {
  description: 'How the gateway can learn that an end user has finished a link.',
  values: {
    WEBHOOK: { description: 'The provider calls the gateway.' },
    POLL: { description: 'The gateway asks the provider.' },
    RETURN: { description: "The end user's browser comes back." },
    IMMEDIATE: { description: 'The connection exists as soon as the link is asked for.' },
  } as const,
})

type IntRange = NonNullable<Capabilities['linkLifetimeSeconds']>

const IntRangeType = builder.objectRef<IntRange>('IntRange').implement({
  description: 'A number that can be chosen within limits.',
  fields: (t) => ({
    default: t.exposeInt('default', { description: 'What it is when nothing is chosen.' }),
    min: t.exposeInt('min', {
      nullable: true,
      description: 'The least; null: it cannot be chosen at the provider.',
    }),
    max: t.exposeInt('max', { nullable: true, description: 'The most; null: no limit is known.' }),
  }),
})

const CapabilitiesType = builder.objectRef<Capabilities>('ProviderCapabilities').implement({
  description: 'What a provider offers.',
  fields: (t) => ({
    directions: t.field({
      type: [DirectionEnum],
      description: 'Directions of the links it makes.',
      resolve: ({ directions }) => [...directions],
    }),
    successRedirect: t.exposeBoolean('successRedirect', {
      description: 'It can send the end user back after success.',
    }),
    errorRedirect: t.exposeBoolean('errorRedirect', {
      description: 'It can send the end user back after a failure.',
    }),
    embeddable: t.exposeBoolean('embeddable', { description: 'Its links may be shown in an iframe.' }),
    reconnect: t.exposeBoolean('reconnect', { description: 'A connection can be renewed through a link.' }),
    revokeLink: t.exposeBoolean('revokeLink', { description: 'A link can be withdrawn at the provider.' }),
    disconnect: t.exposeBoolean('disconnect', {
      description: 'A connection can be removed through its API.',
    }),
    linkLifetimeSeconds: t.expose('linkLifetimeSeconds', {
      type: IntRangeType,
      nullable: true,
      description: 'How long its links live, in seconds; null: it gives no expiry.',
    }),
    completion: t.field({
      type: [CompletionSignalEnum],
      description: 'How completion can be learned.',
      resolve: ({ completion }) => [...completion],
    }),
  }),
})

export const ProviderType = builder.objectRef<Provider>('Provider')

builder.node(ProviderType, {
  description: 'A connector provider and how this gateway is set up for it.',
  id: { resolve: ({ key }) => key },
  fields: (t) => ({
    key: t.expose('key', { type: ProviderKeyEnum, description: 'Its name in arguments.' }),
    name: t.exposeString('name', { description: 'Its name for people.' }),
    status: t.field({
      type: ProviderStatusEnum,
      description: 'How it has answered lately; nothing is called to find out.',
      resolve: ({ key, bound }, _, { connect }) => (bound ? connect.health.of(key) : 'NOT_CONFIGURED'),
    }),
    sandbox: t.exposeBoolean('sandbox', {
      description: 'The gateway talks to its own sandbox, not to the provider.',
    }),
    capabilities: t.expose('capabilities', { type: CapabilitiesType, description: 'What it offers.' }),
  }),
})

builder.queryFields((t) => ({
  providers: t.field({
    type: [ProviderType],
    description: 'All providers, configured or not.',
    resolve: (_, __, { connect }) => [...connect.providers.all],
  }),
  provider: t.field({
    type: ProviderType,
    description: 'One provider.',
    args: { key: t.arg({ type: ProviderKeyEnum, required: true, description: 'Which one.' }) },
    resolve: (_, { key }, { connect }) => connect.providers.get(key),
  }),
}))
