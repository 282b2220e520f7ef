import type { ConnectContext, Viewer } from './context.ts'
import type { CreatedLink } from './link-warnings.ts'
import { makeLink } from './make-link.ts'
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
  if (key === null) return makeLink(context, provider, { plan, reservation: null })
  const call = { operation: 'createConnectLink', key, viewer, input: [provider.key, plan.input] }
  return once(context, call, (reservation) => makeLink(context, provider, { plan, reservation }))
}
