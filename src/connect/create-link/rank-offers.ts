import { type ProviderKey, providerKeys } from '../../domain/provider-key.ts'
import type { Direction } from '../../domain/statuses.ts'
import type { HealthState } from '../../http/health.ts'
import type { Application } from '../catalogue/applications.ts'
import type { Connector } from '../catalogue/connector.ts'

/** A provider that was not taken, and why. One with several offers may stand here several times. */
export interface RejectedProvider {
  readonly provider: ProviderKey
  readonly reason: string
}

/** Which provider a link goes to, and why not to another one. */
export interface ProviderSelection {
  readonly chosen: ProviderKey
  readonly connectorKey: string
  readonly reason: string
  readonly rejected: readonly RejectedProvider[]
}

/** All that the choice depends on: the same gives the same. */
export interface ChoiceRules {
  readonly configured: ReadonlySet<ProviderKey>
  /** Of the configured ones those whose catalogue nobody has read yet: what they offer is not known. */
  readonly unread: ReadonlySet<ProviderKey>
  readonly healthOf: (provider: ProviderKey) => HealthState
  /** `null`: any. */
  readonly direction: Direction | null
  readonly preferProviders: readonly ProviderKey[]
  /** The input has a block of options that only this one understands; `null`: it has none. */
  readonly only: ProviderKey | null
}

export interface RankedOffers {
  /** Best first. */
  readonly candidates: readonly Connector[]
  /** Those that cannot be used at all. */
  readonly rejected: readonly RejectedProvider[]
}

const healthOrder = ['UP', 'DEGRADED', 'DOWN'] as const satisfies readonly HealthState[]

/**
 * The offers of an application that a link can be made with, best first. Left out are those that are not linkable, not of
 * a configured provider, not of the direction wanted, or not of the provider that the options are for. The rest are
 * ordered by health (UP, DEGRADED, and DOWN as the last resort: only a call shows that a provider is back), then as
 * preferred, then as providers and keys are listed everywhere.
 */
export function rankOffers({ name, offers }: Application, rules: ChoiceRules): RankedOffers {
  const judged = offers.map((connector) => ({ connector, problem: problemOf(connector, rules) }))
  const candidates = judged
    .flatMap(({ connector, problem }) => (problem === null ? [connector] : []))
    .sort((a, b) => compareOffers(a, b, rules))
  const absent = [...new Set([...rules.preferProviders, ...rules.unread])].filter(
    (provider) => !offers.some((offer) => offer.provider === provider),
  )
  return {
    candidates,
    rejected: [
      ...judged.flatMap(({ connector: { provider }, problem }) =>
        problem === null ? [] : [{ provider, reason: problem }],
      ),
      ...absent.map((provider) => ({ provider, reason: reasonForAbsence(provider, name, rules) })),
    ],
  }
}

const notConfigured = 'It is not configured.'

function reasonForAbsence(provider: ProviderKey, name: string, { configured, unread }: ChoiceRules): string {
  if (!configured.has(provider)) return notConfigured
  return unread.has(provider) ? 'What it offers could not be read yet.' : `It does not offer ${name}.`
}

function problemOf({ provider, key, linkable, directions }: Connector, rules: ChoiceRules): string | null {
  if (!linkable) return `It offers no connect link for "${key}".`
  if (!rules.configured.has(provider)) return notConfigured
  if (rules.direction !== null && !directions.includes(rules.direction))
    return `Its "${key}" is not of direction ${rules.direction}.`
  if (rules.only !== null && provider !== rules.only) return `The input has options for ${rules.only}.`
  return null
}

function compareOffers(a: Connector, b: Connector, rules: ChoiceRules): number {
  return (
    healthRank(a, rules) - healthRank(b, rules) ||
    preference(a, rules) - preference(b, rules) ||
    providerKeys.indexOf(a.provider) - providerKeys.indexOf(b.provider) ||
    (a.key < b.key ? -1 : 1)
  )
}

const healthRank = ({ provider }: Connector, { healthOf }: ChoiceRules) =>
  healthOrder.indexOf(healthOf(provider))

/** Who is not named comes after all who are. */
function preference({ provider }: Connector, { preferProviders }: ChoiceRules): number {
  const place = preferProviders.indexOf(provider)
  return place === -1 ? preferProviders.length : place
}

/** Why an offer that could be used is taken; `next` would have been taken in its place. */
export function reasonFor(connector: Connector, next: Connector | undefined, rules: ChoiceRules): string {
  if (next === undefined) return 'No other offer is left that can make the link.'
  if (healthRank(connector, rules) < healthRank(next, rules)) return 'It answers better than the others do.'
  if (preference(connector, rules) < preference(next, rules)) return 'It is preferred.'
  return 'It comes first in the order of the providers.'
}

/** Why an offer that could be used comes after the one that was taken. */
export function reasonAgainst(connector: Connector, chosen: Connector, rules: ChoiceRules): string {
  if (healthRank(connector, rules) > healthRank(chosen, rules))
    return `It is ${rules.healthOf(connector.provider)}: its last calls failed.`
  if (preference(connector, rules) > preference(chosen, rules)) return 'It is preferred less.'
  if (connector.provider === chosen.provider)
    return `Its "${chosen.key}" comes before its "${connector.key}".`
  return 'It comes later in the order of the providers.'
}
