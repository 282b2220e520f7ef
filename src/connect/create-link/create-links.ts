import type { ProviderKey } from '../../domain/provider-key.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { ConnectContext } from '../context.ts'
import { createLimiter, type Limiter } from '../util/concurrency-limit.ts'
import { type CreateLinkRequest, createLink } from './create-link.ts'
import type { CreatedLink } from './warnings.ts'

/** Concurrent creations for each provider; requests without a provider share a limit of their own. */
const concurrencyPerProvider = 5

/**
 * Creates many links, each as `createLink` does; returns one result each, in order. Requests to one provider start in order and
 * wait for no other provider.
 */
export async function createLinks(
  context: ConnectContext,
  viewer: Viewer,
  { requests, signal }: { readonly requests: readonly CreateLinkRequest[]; readonly signal: AbortSignal },
): Promise<readonly PromiseSettledResult<CreatedLink>[]> {
  const limiters = new Map<ProviderKey | null, Limiter>()
  const byKey = new Map<string, Promise<unknown>>()
  const creations = requests.map((request) => {
    const { provider, input } = request
    const limiter = limiters.get(provider) ?? createLimiter(concurrencyPerProvider)
    limiters.set(provider, limiter)
    const key = input.idempotencyKey ?? null
    const earlier = key === null ? undefined : byKey.get(key)
    const creation = limiter(async () => {
      // The first of two requests with the same key creates the link. Requests wait only for earlier ones: no deadlock.
      await earlier?.catch(() => undefined)
      return createLink(context, viewer, { request, signal })
    })
    if (key !== null) byKey.set(key, creation)
    return creation
  })
  return Promise.allSettled(creations)
}
