import type { Direction } from '../../domain/statuses.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { organizationOfViewer } from '../authorization.ts'
import type { Application } from '../catalogue/applications.ts'
import type { Connector } from '../catalogue/connector.ts'
import { isLinkable } from '../catalogue/linkable.ts'
import type { ConnectContext } from '../context.ts'
import { rankOffers } from './rank-offers.ts'

type Context = Pick<ConnectContext, 'catalogue' | 'health' | 'providers'>

/**
 * The offer that a link without a provider and without options would be created at; `null`: the caller can create none.
 * Without a direction, an offer of one direction comes before those that need a direction. Calls no provider.
 */
export function bestOffer(
  context: Context,
  viewer: Viewer,
  application: Application,
  direction: Direction | null,
): Connector | null {
  const accounts = context.providers.usedBy(organizationOfViewer(viewer))
  const accountKeys = new Map(accounts.map(({ key, accountKey }) => [key, accountKey]))
  const { candidates } = rankOffers(application, {
    configured: new Set(accountKeys.keys()),
    unsynced: new Set(),
    healthOf: (provider) => context.health.of(accountKeys.get(provider) ?? ''),
    direction,
    preferProviders: [],
    requiredProvider: null,
  })
  const linkable = candidates.filter((offer) => isLinkable(viewer, context, offer))
  const isComplete = ({ directions }: Connector) => direction !== null || directions.length === 1
  return linkable.find(isComplete) ?? linkable[0] ?? null
}
