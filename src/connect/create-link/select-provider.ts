import { GatewayError, InvalidInputError, NotFoundError, UnsupportedError } from '../../domain/errors.ts'
import { type ProviderKey, providerKeys } from '../../domain/provider-key.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { limitIssues } from '../authorization.ts'
import type { Application } from '../catalogue/applications.ts'
import type { Connector } from '../catalogue/connector.ts'
import type { ConnectContext } from '../context.ts'
import { demandApplication, mayOffer } from './find-application.ts'
import { type ChoiceRules, type RejectedProvider, rankOffers } from './rank-offers.ts'
import { blockName, type ConnectLinkInput } from './validate-input.ts'
import { type LinkPlan, planLink } from './validate-request.ts'

/** What a caller asks for who leaves the provider to the gateway. */
export interface WantedChoice {
  /** Its connector is the slug of an application. */
  readonly input: ConnectLinkInput
  readonly preferProviders: readonly ProviderKey[]
  readonly signal: AbortSignal
}

/** An offer that the link can be made with. */
export interface PlannedOffer {
  readonly connector: Connector
  readonly provider: ConfiguredProvider
  readonly plan: LinkPlan
}

export interface PlannedChoice {
  readonly first: PlannedOffer
  /** Best first, with the first. */
  readonly offers: readonly PlannedOffer[]
  readonly rejected: readonly RejectedProvider[]
  readonly rules: ChoiceRules
}

/** Finds the offers that the link can be made with, and all that is wrong when there are none. Nothing is made. */
export async function planChoice(
  context: ConnectContext,
  viewer: Viewer,
  wanted: WantedChoice,
): Promise<PlannedChoice> {
  const only = ownerOfOptions(wanted.input)
  const { application, unread } = await demandApplication(context, wanted.input.connector)
  const rules = rulesOf(context, wanted, { only, unread })
  const ranked = rankOffers(application, rules)
  const offers: PlannedOffer[] = []
  const refused: { readonly connector: Connector; readonly error: GatewayError }[] = []
  for (const connector of ranked.candidates) {
    const provider = context.providers.demand(connector.provider)
    const input = { ...wanted.input, connector: connector.key }
    // What one provider cannot do another one may: each is asked for on its own.
    try {
      const plan = await planLink(context, viewer, { provider, input, signal: wanted.signal })
      offers.push({ connector, provider, plan })
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      refused.push({ connector, error })
    }
  }
  const rejected = [
    ...ranked.rejected,
    ...refused.map(({ connector, error }) => ({ provider: connector.provider, reason: reasonOf(error) })),
  ]
  const [first] = offers
  // What is wrong with an offer that the caller may not take helps nobody as long as there are others.
  const isOpen = ({ connector: { provider, key } }: { readonly connector: Connector }) =>
    limitIssues(viewer, { provider, connector: key }).length === 0
  const told = refused.find(isOpen) ?? refused[0]
  if (first === undefined) throw told?.error ?? noneLeft(context, application, { rejected, rules })
  return { first, offers, rejected, rules }
}

/** An error's message for those that read of it beside a link that was made. */
export const reasonOf = (error: GatewayError): string =>
  error instanceof InvalidInputError
    ? error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`).join(' ')
    : error.message

/** The provider that the one block of options is for; `null`: there is none. */
function ownerOfOptions({ options }: ConnectLinkInput): ProviderKey | null {
  const blocks = providerKeys.filter((key) => options[key] != null)
  const [only = null, ...others] = blocks
  if (others.length === 0) return only
  const message = 'only one provider can have options'
  throw new InvalidInputError(blocks.map((key) => ({ path: ['input', blockName(key)], message })))
}

/** As things stand now: they are not looked up again in the course of the call. */
function rulesOf(
  context: ConnectContext,
  { input, preferProviders }: WantedChoice,
  { only, unread }: Pick<ChoiceRules, 'only' | 'unread'>,
): ChoiceRules {
  const states = new Map(providerKeys.map((key) => [key, context.health.of(key)]))
  return {
    configured: new Set(context.providers.configured.map(({ key }) => key)),
    unread,
    healthOf: (key) => states.get(key) ?? 'UP',
    direction: input.direction ?? null,
    preferProviders,
    only,
  }
}

function noneLeft(
  { providers }: ConnectContext,
  { slug, name, offers }: Application,
  { rejected, rules }: { readonly rejected: readonly RejectedProvider[]; readonly rules: ChoiceRules },
): GatewayError {
  const { unread, only, direction } = rules
  const hopeful = providers.configured.find(
    ({ key, capabilities }) =>
      unread.has(key) &&
      (only === null || only === key) &&
      (direction === null || capabilities.directions.includes(direction)),
  )
  if (hopeful) return mayOffer(hopeful, slug)
  const [provider] = offers.map((offer) => offer.provider)
  const reasons = rejected.map((one) => `${one.provider}: ${one.reason}`).join(' ')
  const message = `No provider can make this link for ${name}. ${reasons}`
  return provider === undefined ? new NotFoundError(message) : new UnsupportedError(provider, message)
}
