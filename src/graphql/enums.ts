import { builder } from './builder.ts'

export const ProviderKeyEnum = builder.enumType('ProviderKey', {
  description: 'A connector provider behind the gateway.',
  values: {
    FIVETRAN: { description: 'Fivetran: Connect Cards; data from sources into a warehouse.' },
    CENSUS: { description: 'Census, now Fivetran Activations: Connect Links; data out of a warehouse.' },
    PIPEDREAM: { description: 'Pipedream Connect: accounts of apps for workflows and agents.' },
    XPANDER: { description: 'xpander.ai: connectors for AI agents.' },
  } as const,
})

export const DirectionEnum = builder.enumType('Direction', {
  description: 'Which way data flows through a connection.',
  values: {
    SOURCE: { description: 'Data is read from the application.' },
    DESTINATION: { description: 'Data is written to the application.' },
    TOOL: { description: 'The application is called on demand, by workflows or agents.' },
  } as const,
})

export const ConnectionStatusEnum = builder.enumType('ConnectionStatus', {
  description: 'What a connection can be used for now.',
  values: {
    PENDING: { description: 'Not set up yet.' },
    ACTIVE: { description: 'Set up and in use.' },
    NEEDS_ATTENTION: { description: 'It does not work until somebody does something; see `health`.' },
    PAUSED: { description: 'Set up, and switched off at the provider.' },
    DISCONNECTED: { description: 'Removed; kept as a record.' },
    UNKNOWN: {
      description:
        'The provider says nothing the gateway understands, or its account is no longer configured.',
    },
  } as const,
})

export const LinkStatusEnum = builder.enumType('LinkStatus', {
  description:
    'Where a connect link is in its life. COMPLETED, FAILED, EXPIRED, REVOKED and SUPERSEDED never change.',
  values: {
    CREATED: { description: 'Made; nobody is known to have opened it.' },
    OPENED: { description: 'An end user has opened it.' },
    AUTHORIZING: { description: 'The end user came back; the provider has not confirmed yet.' },
    COMPLETED: { description: 'The provider confirmed the connection.' },
    FAILED: { description: 'It ended without a connection; the last transition says why.' },
    EXPIRED: { description: 'Its time was over before anybody finished it.' },
    REVOKED: { description: 'It was withdrawn.' },
    SUPERSEDED: { description: 'A newer link for the same connection took its place.' },
  } as const,
})
