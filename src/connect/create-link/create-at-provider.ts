import type { Viewer } from '../../domain/viewer.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import type { ConnectContext } from '../context.ts'
import { type Making, makeLink } from './execute.ts'
import { onceIfKeyed } from './idempotency.ts'
import type { ProviderSelection } from './rank-offers.ts'
import { answerDuplicate } from './reuse-existing.ts'
import { planLink, type WantedLink } from './validate-request.ts'
import type { CreatedLink } from './warnings.ts'

/** Makes a connect link with one provider. Nothing is sent for an input that is refused. */
export async function createConnectLink(
  context: ConnectContext,
  viewer: Viewer,
  wanted: WantedLink,
): Promise<CreatedLink> {
  const { provider, signal } = wanted
  const plan = await planLink(context, viewer, wanted)
  signal.throwIfAborted()
  const { idempotencyKey: key } = plan.input
  const call = { operation: 'createConnectLink', key, viewer, input: [provider.key, plan.input] }
  return onceIfKeyed(context, call, (reservation) => makeOrReuse(context, provider, { plan, reservation }))
}

/** Where such a link would be made; nothing is made. */
export async function explainConnectLink(
  context: ConnectContext,
  viewer: Viewer,
  wanted: WantedLink,
): Promise<ProviderSelection> {
  const { input } = await planLink(context, viewer, wanted)
  return {
    chosen: wanted.provider.key,
    connectorKey: input.connector,
    reason: 'The caller named it.',
    rejected: [],
  }
}

/** Under the key, so that a repeated call gets the link that the first one made, not a refusal because of it. */
export const makeOrReuse = async (
  context: ConnectContext,
  provider: ConfiguredProvider,
  making: Making,
): Promise<CreatedLink> =>
  (await answerDuplicate(context, provider, making)) ?? makeLink(context, provider, making)
