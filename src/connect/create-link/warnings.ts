import { z } from 'zod'
import { providerKeys } from '../../domain/provider-key.ts'
import type { OpenedLink } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ProviderSelection } from './rank-offers.ts'
import type { CheckedInput } from './validate-input.ts'

/** An option that was understood and could not be honoured. */
export interface LinkWarning {
  readonly path: readonly string[]
  readonly code: 'NOT_SUPPORTED_BY_PROVIDER'
  readonly message: string
}

/** What making a link answers. */
export interface CreatedLink {
  readonly connectLink: ConnectLinkRow
  readonly replayed: boolean
  readonly warnings: readonly LinkWarning[]
  /** Set where the gateway chose the provider. */
  readonly selection?: ProviderSelection | undefined
}

const warning = (path: readonly string[], message: string): LinkWarning => ({
  path: ['input', ...path],
  code: 'NOT_SUPPORTED_BY_PROVIDER',
  message,
})

const nothingToOpen = 'There is nothing for the end user to open.'

/** What the caller asked for and will not get; an option is never dropped in silence. */
export function linkWarnings(
  { name, capabilities }: ConfiguredProvider,
  input: CheckedInput,
  made: { readonly outcome: OpenedLink | { readonly kind: 'connected' }; readonly link: ConnectLinkRow },
): readonly LinkWarning[] {
  const lifeSeconds = secondsOf(made.link)
  const isDone = made.outcome.kind === 'connected'
  // Where the provider never sends anybody back, the gateway's own page waits and goes on.
  const comesBackOnlyFromProvider = !isDone && capabilities.successRedirect
  const ignored = made.outcome.kind === 'open' ? (made.outcome.ignored ?? []) : []
  return [
    ...(isDone && input.redirectUri !== null ? [warning(['redirectUri'], nothingToOpen)] : []),
    ...(isDone && input.errorRedirectUri !== null ? [warning(['errorRedirectUri'], nothingToOpen)] : []),
    ...(comesBackOnlyFromProvider && input.errorRedirectUri !== null && !capabilities.errorRedirect
      ? [warning(['errorRedirectUri'], `${name} does not send the end user back after a failure.`)]
      : []),
    ...(isDone && input.expiresInSeconds !== null ? [warning(['expiresInSeconds'], nothingToOpen)] : []),
    ...(isEndedEarlier(input, lifeSeconds)
      ? [warning(['expiresInSeconds'], `The link lives no longer than ${lifeSeconds} seconds.`)]
      : []),
    ...ignored.map(({ path, message }) => warning(path, message)),
  ]
}

const secondsOf = ({ expires_at, created_at }: ConnectLinkRow) =>
  expires_at && Math.round((expires_at.getTime() - created_at.getTime()) / 1000)

/** A minute's difference is clocks, not policy. */
const isEndedEarlier = ({ expiresInSeconds: asked }: CheckedInput, given: number | null) =>
  asked !== null && given !== null && given < asked - 60

const storedWarnings = z.object({
  warnings: z.array(
    z.object({
      path: z.array(z.string()),
      code: z.literal('NOT_SUPPORTED_BY_PROVIDER'),
      message: z.string(),
    }),
  ),
})

/** The warnings of an earlier answer, as they were stored with it. */
export const readWarnings = (answer: unknown): readonly LinkWarning[] =>
  storedWarnings.safeParse(answer).data?.warnings ?? []

const storedSelection = z.object({
  selection: z.object({
    chosen: z.enum(providerKeys),
    connectorKey: z.string(),
    reason: z.string(),
    rejected: z.array(z.object({ provider: z.enum(providerKeys), reason: z.string() })),
  }),
})

/** How the provider of an earlier answer was chosen, if it was. */
export const readSelection = (answer: unknown): ProviderSelection | undefined =>
  storedSelection.safeParse(answer).data?.selection
