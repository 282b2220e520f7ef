import { GatewayError, InvalidInputError, NotFoundError, UnsupportedError } from '../../domain/errors.ts'
import { type ProviderKey, providerKeys } from '../../domain/provider-key.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { organizationFor } from '../authorization.ts'
import type { Application } from '../catalogue/applications.ts'
import type { Connector } from '../catalogue/connector.ts'
import type { ConnectContext } from '../context.ts'
import { sessionRestrictions } from '../session-limits.ts'
import { catalogueNotSynced, findApplicationOrThrow } from './find-application.ts'
import {
  type ProviderSelection,
  type RejectedProvider,
  rankOffers,
  reasonForChoosing,
  reasonForRejecting,
  type SelectionCriteria,
} from './rank-offers.ts'
import { type ConnectLinkInput, optionsField } from './validate-input.ts'
import { type ValidatedLink, validateLink } from './validate-link.ts'

/** A link without a provider. */
export interface SelectionRequest {
  /** Its connector is the slug of an application. */
  readonly input: ConnectLinkInput
  readonly preferProviders: readonly ProviderKey[]
}

type Accounts = readonly ConfiguredProvider[]

/** An offer of the application, and the validated link that it would make. */
export interface Candidate {
  readonly connector: Connector
  readonly link: ValidatedLink
}

export interface Candidates {
  readonly first: Candidate
  /** Best first, `first` included. */
  readonly all: readonly Candidate[]
  readonly rejected: readonly RejectedProvider[]
  readonly criteria: SelectionCriteria
}

/** The offers that can make the link; throws the most useful error when there are none. Nothing is sent to create anything. */
export async function findCandidates(
  context: ConnectContext,
  viewer: Viewer,
  request: SelectionRequest,
): Promise<Candidates> {
  const requiredProvider = providerOfOptions(request.input)
  const accounts = context.providers.usedBy(organizationFor(viewer, request.input))
  const { application, unsynced } = await findApplicationOrThrow(context, request.input.connector, accounts)
  const criteria = criteriaOf(context, request, { requiredProvider, unsynced, accounts })
  const ranked = rankOffers(application, criteria)
  const all: Candidate[] = []
  const refused: { readonly connector: Connector; readonly error: GatewayError }[] = []
  for (const connector of ranked.candidates) {
    const provider = accounts.find(({ key }) => key === connector.provider)
    if (provider === undefined) throw new Error('an offer of a provider without an account was ranked')
    const input = { ...request.input, connector: connector.key }
    // An input that one provider refuses may be valid for another one.
    try {
      all.push({ connector, link: await validateLink(context, viewer, { provider, input }) })
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      refused.push({ connector, error })
    }
  }
  const rejected = [
    ...ranked.rejected,
    ...refused.map(({ connector, error }) => ({
      provider: connector.provider,
      reason: errorReason(error),
    })),
  ]
  const [first] = all
  // The caller is better served by an error about an offer that the session allows.
  const isAllowed = ({ connector: { provider, key } }: { readonly connector: Connector }) =>
    sessionRestrictions(viewer, context, { provider, connector: key }).length === 0
  const reported = refused.find(isAllowed) ?? refused[0]
  if (first === undefined)
    throw reported?.error ?? noCandidateError(accounts, application, { rejected, criteria })
  return { first, all, rejected, criteria }
}

/** What was chosen and why; `failed`: candidates that were tried before it. */
export function selectionOf(
  { all, rejected, criteria }: Candidates,
  { connector }: Candidate,
  { failed, isRepeated }: { readonly failed: readonly FailedCandidate[]; readonly isRepeated: boolean },
): ProviderSelection {
  const tried = new Set(failed.map(({ candidate }) => candidate.connector))
  const unused = all.flatMap((candidate) =>
    candidate.connector === connector || tried.has(candidate.connector) ? [] : [candidate.connector],
  )
  return {
    chosen: connector.provider,
    connectorKey: connector.key,
    reason: isRepeated
      ? 'An earlier call with this idempotency key went to it.'
      : reasonForChoosing(connector, unused[0], criteria),
    rejected: [
      ...failed.map(({ candidate, error }) => ({
        provider: candidate.connector.provider,
        reason: errorReason(error),
      })),
      ...unused.map((other) => ({
        provider: other.provider,
        reason: isRepeated
          ? 'An earlier call with this idempotency key went to another one.'
          : reasonForRejecting(other, connector, criteria),
      })),
      ...rejected,
    ],
  }
}

/** A candidate whose provider did not create the link. */
export interface FailedCandidate {
  readonly candidate: Candidate
  readonly error: GatewayError
}

/** An error's message as the reason for a rejection. */
const errorReason = (error: GatewayError): string =>
  error instanceof InvalidInputError
    ? error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`).join(' ')
    : error.message

/** The provider whose option block is given; `null`: none is. Throws InvalidInputError when there are several. */
function providerOfOptions({ options }: ConnectLinkInput): ProviderKey | null {
  const given = providerKeys.filter((key) => options[key] != null)
  const [only = null, ...others] = given
  if (others.length === 0) return only
  const message = 'only one provider can have options'
  throw new InvalidInputError(given.map((key) => ({ path: ['input', optionsField(key)], message })))
}

/** A snapshot: health does not change while one call is handled. */
function criteriaOf(
  { health }: ConnectContext,
  { input, preferProviders }: SelectionRequest,
  {
    accounts,
    ...known
  }: Pick<SelectionCriteria, 'requiredProvider' | 'unsynced'> & { readonly accounts: Accounts },
): SelectionCriteria {
  const states = new Map(accounts.map(({ key, accountKey }) => [key, health.of(accountKey)]))
  return {
    ...known,
    configured: new Set(accounts.map(({ key }) => key)),
    healthOf: (key) => states.get(key) ?? 'UP',
    direction: input.direction ?? null,
    preferProviders,
  }
}

function noCandidateError(
  accounts: Accounts,
  { slug, name, offers }: Application,
  {
    rejected,
    criteria,
  }: { readonly rejected: readonly RejectedProvider[]; readonly criteria: SelectionCriteria },
): GatewayError {
  const { unsynced, requiredProvider, direction } = criteria
  const possible = accounts.find(
    ({ key, capabilities }) =>
      unsynced.has(key) &&
      (requiredProvider === null || requiredProvider === key) &&
      (direction === null || capabilities.directions.includes(direction)),
  )
  if (possible) return catalogueNotSynced(possible, slug)
  const [provider] = offers.map((offer) => offer.provider)
  const reasons = rejected.map((one) => `${one.provider}: ${one.reason}`).join(' ')
  const message = `No provider can make this link for ${name}. ${reasons}`
  return provider === undefined ? new NotFoundError(message) : new UnsupportedError(provider, message)
}
