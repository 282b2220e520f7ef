import type { Viewer } from '../../domain/viewer.ts'
import type { ConnectContext } from '../context.ts'
import { execute, type LinkCreation } from './execute.ts'
import { type IdempotentCall, ownAccountKeys, withIdempotencyKey } from './idempotency.ts'
import { reuseExisting } from './reuse-existing.ts'
import { type LinkInput, validateLink } from './validate-link.ts'
import type { CreatedLink } from './warnings.ts'

/** Creates a connect link at one provider. Nothing is sent for an input that is refused. */
export async function createAtProvider(
  context: ConnectContext,
  viewer: Viewer,
  { signal, ...wanted }: LinkInput & { readonly signal: AbortSignal },
): Promise<CreatedLink> {
  const link = await validateLink(context, viewer, wanted)
  signal.throwIfAborted()
  const call: IdempotentCall = {
    operation: 'createConnectLink',
    key: link.input.idempotencyKey,
    viewer,
    input: [link.provider.key, link.input, ...ownAccountKeys([link.provider])],
  }
  return withIdempotencyKey(context, call, (reservation) => reuseOrExecute(context, { link, reservation }))
}

/** Runs under the idempotency key: a repeated call gets the link that the first one created, not a conflict with it. */
export const reuseOrExecute = async (context: ConnectContext, creation: LinkCreation): Promise<CreatedLink> =>
  (await reuseExisting(context, creation)) ?? execute(context, creation)
