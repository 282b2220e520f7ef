import { type ProviderKey, providerKeys } from '../../domain/provider-key.ts'
import type { Direction } from '../../domain/statuses.ts'
import type { HealthState } from '../../http/health.ts'
import type { Application } from '../catalogue/applications.ts'
import type { Connector } from '../catalogue/connector.ts'

/** An offer that was not chosen, and why; a provider with several offers can appear several times. */
export interface RejectedProvider {
  readonly provider: ProviderKey
  readonly reason: string
}

/** The provider that was chosen for a link, and why the others were not. */
export interface ProviderSelection {
  readonly chosen: ProviderKey
  readonly connectorKey: string
  readonly reason: string
  readonly rejected: readonly RejectedProvider[]
}

/** Everything that the ranking depends on: equal criteria give equal rankings. */
export interface SelectionCriteria {
  readonly configured: ReadonlySet<ProviderKey>
  /** Configured providers whose catalogue has not been synced yet. */
  readonly unsynced: ReadonlySet<ProviderKey>
  readonly healthOf: (provider: ProviderKey) => HealthState
  /** `null`: any. */
  readonly direction: Direction | null
  readonly preferProviders: readonly ProviderKey[]
  /** The provider whose option block the input has; `null`: the input has none. */
  readonly requiredProvider: ProviderKey | null
}

export interface RankedOffers {
  /** Best first. */
  readonly candidates: readonly Connector[]
  /** Offers that cannot be used at all. */
  readonly rejected: readonly RejectedProvider[]
}

const healthOrder = ['UP', 'DEGRADED', 'DOWN'] as const satisfies readonly HealthState[]

/**
 * The usable offers of an application, best first. Excluded are offers that are not linkable, not of a configured provider,
 * not of the requested direction, or not of the provider whose options are given. The others are ordered by health (UP,
 * DEGRADED, then DOWN: only a call shows that a provider has recovered), by preference, by provider and by key.
 */
export function rankOffers({ name, offers }: Application, criteria: SelectionCriteria): RankedOffers {
  const checked = offers.map((connector) => ({ connector, problem: problemOf(connector, criteria) }))
  const candidates = checked
    .flatMap(({ connector, problem }) => (problem === null ? [connector] : []))
    .sort((a, b) => compareOffers(a, b, criteria))
  const absent = [...new Set([...criteria.preferProviders, ...criteria.unsynced])].filter(
    (provider) => !offers.some((offer) => offer.provider === provider),
  )
  return {
    candidates,
    rejected: [
      ...checked.flatMap(({ connector: { provider }, problem }) =>
        problem === null ? [] : [{ provider, reason: problem }],
      ),
      ...absent.map((provider) => ({ provider, reason: reasonForAbsence(provider, name, criteria) })),
    ],
  }
}

const notConfigured = 'It is not configured.'

function reasonForAbsence(
  provider: ProviderKey,
  name: string,
  { configured, unsynced }: SelectionCriteria,
): string {
  if (!configured.has(provider)) return notConfigured
  return unsynced.has(provider) ? 'Its catalogue has not been synced yet.' : `It does not offer ${name}.`
}

function problemOf(
  { provider, key, linkable, directions }: Connector,
  { configured, direction, requiredProvider }: SelectionCriteria,
): string | null {
  if (!linkable) return `It offers no connect link for "${key}".`
  if (!configured.has(provider)) return notConfigured
  if (direction !== null && !directions.includes(direction))
    return `Its "${key}" is not of direction ${direction}.`
  if (requiredProvider !== null && provider !== requiredProvider)
    return `The input has options for ${requiredProvider}.`
  return null
}

function compareOffers(a: Connector, b: Connector, criteria: SelectionCriteria): number {
  return (
    healthRank(a, criteria) - healthRank(b, criteria) ||
    preference(a, criteria) - preference(b, criteria) ||
    providerKeys.indexOf(a.provider) - providerKeys.indexOf(b.provider) ||
    (a.key < b.key ? -1 : 1)
  )
}

const healthRank = ({ provider }: Connector, { healthOf }: SelectionCriteria) =>
  healthOrder.indexOf(healthOf(provider))

/** Providers without a preference come after all that have one. */
function preference({ provider }: Connector, { preferProviders }: SelectionCriteria): number {
  const place = preferProviders.indexOf(provider)
  return place === -1 ? preferProviders.length : place
}

/** Why an offer is chosen before `next`, the best of those that are left. */
export function reasonForChoosing(
  connector: Connector,
  next: Connector | undefined,
  criteria: SelectionCriteria,
): string {
  if (next === undefined) return 'No other offer is left that can make the link.'
  if (healthRank(connector, criteria) < healthRank(next, criteria))
    return 'It answers better than the others do.'
  if (preference(connector, criteria) < preference(next, criteria)) return 'It is preferred.'
  return 'It comes first in the order of the providers.'
}

/** Why a usable offer comes after the chosen one. */
export function reasonForRejecting(
  connector: Connector,
  chosen: Connector,
  criteria: SelectionCriteria,
): string {
  if (healthRank(connector, criteria) > healthRank(chosen, criteria))
    return `It is ${criteria.healthOf(connector.provider)}: its last calls failed.`
  if (preference(connector, criteria) > preference(chosen, criteria)) return 'It is preferred less.'
  if (connector.provider === chosen.provider)
    return `Its "${chosen.key}" comes before its "${connector.key}".`
  return 'It comes later in the order of the providers.'
}
