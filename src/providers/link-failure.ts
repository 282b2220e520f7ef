import type { FailureCode, LinkFailure } from '../domain/statuses.ts'
import type { LinkProgress } from './adapter.ts'

const removedAtProvider: LinkFailure = { code: 'REMOVED_AT_PROVIDER', message: null }

/** The connection that the link creates or renews was deleted at the provider. */
export const connectionDeleted: LinkProgress = {
  kind: 'ended',
  status: 'FAILED',
  reason: 'DELETED_AT_PROVIDER',
  failure: removedAtProvider,
}

/** The link does not exist at the provider any more. */
export const linkDeleted: LinkProgress = {
  kind: 'ended',
  status: 'FAILED',
  reason: 'LINK_GONE_AT_PROVIDER',
  failure: removedAtProvider,
}

// INFERRED: providers report failures as text for people, without codes. Wordings are those of OAuth 2.0 (RFC 6749,
// section 4.1.2.1) and of Pipedream's documented example of a CONNECTION_ERROR event.
const codesByText: readonly (readonly [RegExp, FailureCode])[] = [
  [/cancel+ed/i, 'CANCELLED'],
  [/\bdenied\b|access_denied|\bdeclined\b|\brefused\b|not allowed/i, 'ACCESS_DENIED'],
  [/credential|api[_ ]key|password|unauthori[sz]ed|invalid[_ ]grant/i, 'INVALID_CREDENTIALS'],
]

/** A failure that the provider describes with a text for people; `null`: it sent none. */
export function failureFromText(message: string | null): LinkFailure {
  const code = codesByText.find(([pattern]) => pattern.test(message ?? ''))?.[1]
  return { code: code ?? 'UNKNOWN', message }
}
