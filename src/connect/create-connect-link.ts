import type { ConfiguredProvider } from '../providers/provider-set.ts'
import type { ConnectContext, Viewer } from './context.ts'
import { answerDuplicate } from './duplicates.ts'
import type { CreatedLink } from './link-warnings.ts'
import { type Making, makeLink } from './make-link.ts'
import { once } from './once.ts'
import { planLink, type WantedLink } from './plan-link.ts'

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
  if (key === null) return makeOrReuse(context, provider, { plan, reservation: null })
  const call = { operation: 'createConnectLink', key, viewer, input: [provider.key, plan.input] }
  return once(context, call, (reservation) => makeOrReuse(context, provider, { plan, reservation }))
}

// Under the key, so that a repeated call gets the link that the first one made, not a refusal because of it.
const makeOrReuse = async (context: ConnectContext, provider: ConfiguredProvider, making: Making) =>
  (await answerDuplicate(context, provider, making)) ?? makeLink(context, provider, making)
