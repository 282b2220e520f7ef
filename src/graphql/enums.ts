import { type ProviderKey, perProvider } from '../domain/provider-key.ts'
import type {
  CompletionSignal,
  ConnectionStatus,
  ConnectorAuth,
  Direction,
  ExpirySource,
  HealthCode,
  LinkGuard,
  LinkPurpose,
  LinkStatus,
  TransitionSource,
} from '../domain/statuses.ts'
import { definitionByKey } from '../providers/index.ts'
import { builder } from './builder.ts'

/** A record of all values: a value that is missing does not compile. */
export type Values<Value extends string> = Readonly<Record<Value, { readonly description: string }>>

const providerKeyValues: Values<ProviderKey> = perProvider((key) => ({
  description: definitionByKey[key].description,
}))

export const ProviderKeyEnum = builder.enumType('ProviderKey', {
  description: 'A connector provider behind the gateway.',
  values: providerKeyValues,
})

const directionValues: Values<Direction> = {
  SOURCE: { description: 'Data is read from the application.' },
  DESTINATION: { description: 'Data is written to the application.' },
  TOOL: { description: 'The application is called on demand, by workflows or agents.' },
}

export const DirectionEnum = builder.enumType('Direction', {
  description: 'The direction in which data flows through a connection.',
  values: directionValues,
})

const connectionStatusValues: Values<ConnectionStatus> = {
  PENDING: { description: 'Created at the provider, but its setup is not finished.' },
  ACTIVE: { description: 'Set up and usable.' },
  NEEDS_ATTENTION: { description: 'Not usable until a person acts; `health` says what is wrong.' },
  PAUSED: { description: 'Set up, but switched off at the provider.' },
  DISCONNECTED: { description: 'Removed at the provider; kept as a record.' },
  UNKNOWN: {
    description:
      'The provider reports a state that the gateway does not know, or the provider account of the connection is no longer configured.',
  },
}

export const ConnectionStatusEnum = builder.enumType('ConnectionStatus', {
  description: 'Whether a connection can be used.',
  values: connectionStatusValues,
})

const linkStatusValues: Values<LinkStatus> = {
  CREATED: { description: 'Created; not opened through `ConnectLink.url` yet.' },
  OPENED: { description: 'The end user has opened `ConnectLink.url`.' },
  AUTHORIZING: {
    description: 'The end user has returned from the provider, or has tried there; not confirmed yet.',
  },
  COMPLETED: { description: 'The provider has confirmed the connection. Final.' },
  FAILED: {
    description: 'It ended without a connection; the last entry of `history` has the reason. Final.',
  },
  EXPIRED: { description: 'It was not completed before `expiresAt`. Final.' },
  REVOKED: { description: 'It was revoked before it was completed. Final.' },
  SUPERSEDED: { description: 'A newer reconnect link for the same connection replaced it. Final.' },
}

export const LinkStatusEnum = builder.enumType('LinkStatus', {
  description:
    'State of a connect link. COMPLETED, FAILED, EXPIRED, REVOKED and SUPERSEDED are final and never change.',
  values: linkStatusValues,
})

const linkPurposeValues: Values<LinkPurpose> = {
  CONNECT: { description: 'It makes a new connection.' },
  RECONNECT: { description: 'It authorizes an existing connection again.' },
}

export const LinkPurposeEnum = builder.enumType('LinkPurpose', {
  description: 'What a connect link is for.',
  values: linkPurposeValues,
})

const linkGuardValues: Values<LinkGuard> = {
  NONE: {
    description: 'Nothing: the connection of each person who completes the link belongs to the end user.',
  },
  SAME_BROWSER: {
    description:
      'The browser that completes the link was sent to it by the application (`claimConnectLink`). If another one completes it, that browser shows a six-digit code, and the end user enters it in the application (`confirmConnectLink`).',
  },
  CONFIRM: {
    description:
      'The application confirms with `confirmConnectLink` and the code verifier of `codeChallenge`, for example when the browser is back in the signed-in session of the end user. Keep the verifier on a server: a person who has it can confirm.',
  },
}

export const LinkGuardEnum = builder.enumType('LinkGuard', {
  description:
    'What has to show that the person who completes a connect link is the end user it was made for. Until then the connection is held back: no caller sees it.',
  values: linkGuardValues,
})

const expirySourceValues: Values<ExpirySource> = {
  PROVIDER: { description: 'The provider answered an expiry.' },
  TOKEN_CLAIM: { description: "Derived from the issue time in the provider's token." },
  PROVIDER_DEFAULT: { description: "The provider's documented lifetime, counted from the creation." },
  GATEWAY_POLICY: {
    description:
      'The gateway expires the link earlier than the provider, by `expiresInSeconds` or its own policy.',
  },
  NONE: { description: 'The link does not expire.' },
}

export const ExpirySourceEnum = builder.enumType('ExpirySource', {
  description: 'How the expiry of a connect link was determined.',
  values: expirySourceValues,
})

const transitionSourceValues: Values<TransitionSource> = {
  API_CALL: { description: 'A call of this API.' },
  HOSTED_PAGE: { description: "The end user, on one of the gateway's pages." },
  COLLEAGUE: {
    description:
      "The colleague whom the end user has handed the link over to, on one of the gateway's pages.",
  },
  BROWSER_RETURN: { description: "The end user's browser returned from the provider." },
  PROVIDER_WEBHOOK: { description: 'A webhook of the provider, confirmed by reading back from it.' },
  PROVIDER_POLL: { description: 'The gateway polled the provider.' },
  TIMEOUT: { description: 'The gateway expired the link at `expiresAt`.' },
}

export const TransitionSourceEnum = builder.enumType('TransitionSource', {
  description: 'What caused a status change of a connect link.',
  values: transitionSourceValues,
})

const connectorAuthValues: Values<ConnectorAuth> = {
  OAUTH: { description: "OAuth: a consent page of the application's own." },
  KEYS: { description: 'API keys, passwords or other credentials that are typed in.' },
  NONE: { description: 'No authorization is needed.' },
  UNKNOWN: { description: 'The provider does not say.' },
}

export const ConnectorAuthEnum = builder.enumType('ConnectorAuth', {
  description: 'How an end user authorizes a connector.',
  values: connectorAuthValues,
})

const healthCodeValues: Values<HealthCode> = {
  OK: { description: 'It works.' },
  NEEDS_REAUTH: { description: 'An end user has to authorize it again: use `reconnectConnection`.' },
  NEEDS_CONFIG: { description: 'Its setup is not finished.' },
  REVOKED: { description: 'The authorization was withdrawn, or the connection was removed.' },
  DEGRADED: { description: 'It works, but with delays or in part.' },
  UNKNOWN: { description: 'The provider does not say.' },
}

export const HealthCodeEnum = builder.enumType('HealthCode', {
  description: 'What, if anything, is wrong with a connection.',
  values: healthCodeValues,
})

const completionSignalValues: Values<CompletionSignal> = {
  WEBHOOK: { description: 'A webhook of the provider.' },
  POLL: { description: 'Polling the provider.' },
  RETURN: { description: "The return of the end user's browser." },
  IMMEDIATE: { description: 'The connection exists as soon as the link is created.' },
}

export const CompletionSignalEnum = builder.enumType('CompletionSignal', {
  description: 'How the gateway learns that an end user has completed a link.',
  values: completionSignalValues,
})
