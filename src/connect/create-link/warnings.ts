import { z } from 'zod'
import { providerKeys } from '../../domain/provider-key.ts'
import type { RemoteLink } from '../../providers/adapter.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ProviderSelection } from './rank-offers.ts'
import type { ValidatedInput } from './validate-input.ts'
import type { ValidatedLink } from './validate-link.ts'

/** A valid option that has no effect for this link. */
export interface LinkWarning {
  readonly path: readonly string[]
  readonly code: 'NOT_SUPPORTED_BY_PROVIDER'
  readonly message: string
}

/** The result of creating a link. */
export interface CreatedLink {
  readonly connectLink: ConnectLinkRow
  /** An earlier call with the same idempotency key created the link. */
  readonly replayed: boolean
  readonly warnings: readonly LinkWarning[]
  /** Set when the gateway selected the provider. */
  readonly selection?: ProviderSelection | undefined
}

const warning = (path: readonly string[], message: string): LinkWarning => ({
  path: ['input', ...path],
  code: 'NOT_SUPPORTED_BY_PROVIDER',
  message,
})

const nothingToOpen = 'There is nothing for the end user to open.'

/** A warning for each option of the input that has no effect: none is ignored silently. */
export function linkWarnings(
  { provider: { name, capabilities }, input }: ValidatedLink,
  {
    outcome,
    record,
  }: { readonly outcome: RemoteLink | { readonly kind: 'connected' }; readonly record: ConnectLinkRow },
): readonly LinkWarning[] {
  const ttlSeconds = ttlSecondsOf(record)
  const isConnected = outcome.kind === 'connected'
  // For a provider without redirects the gateway's own page redirects, after a failure too.
  const needsProviderRedirect = !isConnected && capabilities.successRedirect
  const ignored = outcome.kind === 'open' ? (outcome.ignoredOptions ?? []) : []
  return [
    ...(isConnected && input.redirectUri !== null ? [warning(['redirectUri'], nothingToOpen)] : []),
    ...(isConnected && input.errorRedirectUri !== null ? [warning(['errorRedirectUri'], nothingToOpen)] : []),
    ...(needsProviderRedirect && input.errorRedirectUri !== null && !capabilities.errorRedirect
      ? [warning(['errorRedirectUri'], `${name} does not send the end user back after a failure.`)]
      : []),
    ...(isConnected && input.expiresInSeconds !== null ? [warning(['expiresInSeconds'], nothingToOpen)] : []),
    ...(isConnected && input.guard !== 'NONE' ? [warning(['guard'], nothingToOpen)] : []),
    ...(isShortened(input, ttlSeconds)
      ? [warning(['expiresInSeconds'], `The link expires after ${ttlSeconds} seconds.`)]
      : []),
    ...ignored.map(({ path, message }) => warning(path, message)),
  ]
}

const ttlSecondsOf = ({ expiresAt, createdAt }: ConnectLinkRow) =>
  expiresAt && Math.round((expiresAt.getTime() - createdAt.getTime()) / 1000)

/** A difference of up to a minute is clock skew. */
const isShortened = ({ expiresInSeconds: requested }: ValidatedInput, actual: number | null) =>
  requested !== null && actual !== null && actual < requested - 60

const storedWarnings = z.object({
  warnings: z.array(
    z.object({
      path: z.array(z.string()),
      code: z.literal('NOT_SUPPORTED_BY_PROVIDER'),
      message: z.string(),
    }),
  ),
})

/** The warnings of a response that was stored under an idempotency key. */
export const readWarnings = (response: unknown): readonly LinkWarning[] =>
  storedWarnings.safeParse(response).data?.warnings ?? []

const storedSelection = z.object({
  selection: z.object({
    chosen: z.enum(providerKeys),
    connectorKey: z.string(),
    reason: z.string(),
    rejected: z.array(z.object({ provider: z.enum(providerKeys), reason: z.string() })),
  }),
})

/** The provider selection of a stored response; `undefined`: the caller named the provider. */
export const readSelection = (response: unknown): ProviderSelection | undefined =>
  storedSelection.safeParse(response).data?.selection
