import { type ErrorCode, GatewayError } from './errors.ts'
import type { ProviderKey } from './provider-key.ts'

export type ProviderErrorCode = Extract<ErrorCode, `PROVIDER_${string}`> &
  Exclude<ErrorCode, 'PROVIDER_NOT_CONFIGURED'>

export interface ProviderErrorDetails extends ErrorOptions {
  readonly retryAfterSeconds?: number | undefined
  /** The provider's machine-readable code. */
  readonly providerErrorCode?: string | undefined
  /** The provider's message of a 4xx response, redacted: it can repeat what was sent. Not for end users. */
  readonly providerMessage?: string | undefined
  readonly providerRequestId?: string | undefined
  /** The provider may have carried out the request although no response confirms it. */
  readonly mayHaveActed?: boolean
  /** The gateway has not sent the request: its circuit breaker is open, or too many calls wait. */
  readonly notSent?: boolean
  /** What made the call fail, as a code of Node.js, OpenSSL or undici such as ECONNREFUSED. */
  readonly causeCode?: string | undefined
  /** Default: that of the code. */
  readonly allowsFallback?: boolean
  /** Default: that of the code. */
  readonly countsAgainstHealth?: boolean
}

interface ProviderErrorTraits {
  /** The same call may succeed later without any change to it. */
  readonly retryable: boolean
  /** It says something about the provider: it counts towards DEGRADED and DOWN. */
  readonly countsAgainstHealth: boolean
  /** The provider cannot serve calls at the moment: it counts towards the opening of the circuit breaker. */
  readonly opensCircuit: boolean
  /** If it is certain that nothing was created, another provider may be tried. Not for rejected input: a link of another provider would hide the problem. */
  readonly allowsFallback: boolean
  /** It concerns the requested connector only, not the provider's other connectors. */
  readonly concernsOneConnector: boolean
}

/** Every provider error code, with all that the gateway concludes from it. */
export const providerErrorTraits: Readonly<Record<ProviderErrorCode, ProviderErrorTraits>> = {
  PROVIDER_REJECTED: {
    retryable: false,
    countsAgainstHealth: false,
    opensCircuit: false,
    allowsFallback: false,
    concernsOneConnector: true,
  },
  PROVIDER_UNAUTHORIZED: {
    retryable: false,
    countsAgainstHealth: true,
    opensCircuit: false,
    allowsFallback: true,
    concernsOneConnector: false,
  },
  PROVIDER_RATE_LIMITED: {
    retryable: true,
    countsAgainstHealth: false,
    opensCircuit: true,
    allowsFallback: true,
    concernsOneConnector: false,
  },
  PROVIDER_QUOTA_EXCEEDED: {
    retryable: false,
    countsAgainstHealth: false,
    opensCircuit: false,
    allowsFallback: true,
    concernsOneConnector: false,
  },
  PROVIDER_UNAVAILABLE: {
    retryable: true,
    countsAgainstHealth: true,
    opensCircuit: true,
    allowsFallback: true,
    concernsOneConnector: false,
  },
  PROVIDER_TIMEOUT: {
    retryable: true,
    countsAgainstHealth: true,
    opensCircuit: true,
    allowsFallback: true,
    concernsOneConnector: false,
  },
  PROVIDER_INVALID_RESPONSE: {
    retryable: false,
    countsAgainstHealth: true,
    opensCircuit: false,
    allowsFallback: false,
    concernsOneConnector: true,
  },
  PROVIDER_SUSPENDED: {
    retryable: true,
    countsAgainstHealth: false,
    opensCircuit: false,
    allowsFallback: true,
    concernsOneConnector: false,
  },
}

/** The provider answered with an error or with an unreadable response, or did not answer. */
export class ProviderError extends GatewayError {
  override readonly name = 'ProviderError'
  override readonly code: ProviderErrorCode
  readonly provider: ProviderKey
  readonly retryAfterSeconds: number | undefined
  readonly providerErrorCode: string | undefined
  readonly providerMessage: string | undefined
  readonly providerRequestId: string | undefined
  readonly mayHaveActed: boolean
  readonly notSent: boolean
  readonly causeCode: string | undefined
  readonly allowsFallback: boolean
  readonly countsAgainstHealth: boolean

  constructor(
    provider: ProviderKey,
    code: ProviderErrorCode,
    message: string,
    details: ProviderErrorDetails = {},
  ) {
    super(code, message, details)
    this.code = code
    this.provider = provider
    this.retryAfterSeconds = details.retryAfterSeconds
    this.providerErrorCode = details.providerErrorCode
    this.providerMessage = details.providerMessage
    this.providerRequestId = details.providerRequestId
    this.mayHaveActed = details.mayHaveActed ?? false
    this.notSent = details.notSent ?? false
    this.causeCode = details.causeCode
    this.countsAgainstHealth = details.countsAgainstHealth ?? providerErrorTraits[code].countsAgainstHealth
    this.allowsFallback = details.allowsFallback ?? providerErrorTraits[code].allowsFallback
  }

  /** Whether the same call may succeed later without any change to it. */
  get retryable(): boolean {
    return providerErrorTraits[this.code].retryable
  }
}

/** The operator has suspended the provider: nothing was sent. */
export const suspendedError = ({ key, name }: { readonly key: ProviderKey; readonly name: string }) =>
  new ProviderError(
    key,
    'PROVIDER_SUSPENDED',
    `${name} is SUSPENDED by the operator: no new connections are made there.`,
    { notSent: true },
  )
