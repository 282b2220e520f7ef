import { GatewayError, InvalidInputError, NotFoundError, UnsupportedError } from '../errors.ts'
import { type ProviderKey, providerKeys } from '../provider-key.ts'
import type { ConfiguredProvider } from '../providers/provider-set.ts'
import type { Application } from './applications.ts'
import type { Connector } from './catalogue.ts'
import { type ChoiceRules, type RejectedProvider, rankOffers } from './choose-provider.ts'
import { blockName, type ConnectLinkInput, connectorKey } from './connect-link-input.ts'
import type { ConnectContext, Viewer } from './context.ts'
import { type LinkPlan, planLink } from './plan-link.ts'

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
  const rules = rulesOf(context, wanted)
  const application = await demandApplication(context, wanted.input.connector)
  const ranked = rankOffers(application, rules)
  const offers: PlannedOffer[] = []
  const refused: { readonly provider: ProviderKey; readonly error: GatewayError }[] = []
  for (const connector of ranked.candidates) {
    const provider = context.providers.demand(connector.provider)
    const input = { ...wanted.input, connector: connector.key }
    // What one provider cannot do another one may: each is asked for on its own.
    try {
      const plan = await planLink(context, viewer, { provider, input, signal: wanted.signal })
      offers.push({ connector, provider, plan })
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      refused.push({ provider: provider.key, error })
    }
  }
  const rejected = [
    ...ranked.rejected,
    ...refused.map(({ provider, error }) => ({ provider, reason: reasonOf(error) })),
  ]
  const [first] = offers
  if (first === undefined) throw refused[0]?.error ?? noneLeft(application, rejected)
  return { first, offers, rejected, rules }
}

/** An error's message for those that read of it beside a link that was made. */
export const reasonOf = (error: GatewayError): string =>
  error instanceof InvalidInputError
    ? error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`).join(' ')
    : error.message

/** As things stand now: they are not looked up again in the course of the call. */
function rulesOf(
  { providers, health }: ConnectContext,
  { input, preferProviders }: WantedChoice,
): ChoiceRules {
  const blocks = providerKeys.filter((key) => input.options[key] != null)
  const [only = null, ...others] = blocks
  if (others.length > 0) {
    const message = 'only one provider can have options'
    throw new InvalidInputError(blocks.map((key) => ({ path: ['input', blockName(key)], message })))
  }
  const states = new Map(providerKeys.map((key) => [key, health.of(key)]))
  return {
    configured: new Set(providers.configured.map(({ key }) => key)),
    healthOf: (key) => states.get(key) ?? 'UP',
    direction: input.direction ?? null,
    preferProviders,
    only,
  }
}

async function demandApplication(context: ConnectContext, slug: string): Promise<Application> {
  const { catalogue, providers } = context
  if (!connectorKey.safeParse(slug).success) {
    throw new InvalidInputError([
      { path: ['input', 'connector'], message: 'is not the slug of an application' },
    ])
  }
  if (!providers.configured.every(({ key }) => catalogue.has(key))) {
    await context.connectorSyncs.freshen(context.patienceMs)
    await catalogue.load()
  }
  const application = catalogue.application(slug)
  if (application) return application
  const owner = catalogue.all().find(({ key }) => key === slug)?.provider
  throw new NotFoundError(
    owner === undefined
      ? `There is no application "${slug}".`
      : `"${slug}" is a connector key of ${providers.get(owner).name}, not an application: name the provider too.`,
  )
}

function noneLeft({ name, offers }: Application, rejected: readonly RejectedProvider[]): GatewayError {
  const [provider] = offers.map((offer) => offer.provider)
  const reasons = rejected.map((one) => `${one.provider}: ${one.reason}`).join(' ')
  const message = `No provider can make this link for ${name}. ${reasons}`
  return provider === undefined ? new NotFoundError(message) : new UnsupportedError(provider, message)
}
