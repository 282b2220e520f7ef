import type { ProviderKey } from '../../domain/provider-key.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { ConnectContext } from '../context.ts'
import { createQueue, type Queue } from '../util/concurrency-limit.ts'
import { type AskedLink, askForLink, type DryRun } from './create-link.ts'
import type { CreatedLink } from './warnings.ts'

export interface AskedLinks {
  readonly entries: readonly AskedLink[]
  readonly signal: AbortSignal
}

/** Each provider counts its callers' requests: a full list must not come all at once. Those without a provider wait in a line of their own. */
const atOncePerProvider = 5

/**
 * Answers each as `askForLink` does, and says of each, in order, what became of it. A provider's entries begin
 * in order, few at a time, and wait for no other provider.
 */
export async function createConnectLinks(
  context: ConnectContext,
  viewer: Viewer,
  { entries, signal }: AskedLinks,
): Promise<readonly PromiseSettledResult<CreatedLink | DryRun>[]> {
  const queues = new Map<ProviderKey | null, Queue>()
  const keyed = new Map<string, Promise<unknown>>()
  const work = entries.map((asked) => {
    const { provider, input, dryRun } = asked
    const queue = queues.get(provider) ?? createQueue(atOncePerProvider)
    queues.set(provider, queue)
    // A dry run leaves its key unused.
    const key = dryRun ? null : (input.idempotencyKey ?? null)
    const earlier = key === null ? undefined : keyed.get(key)
    const made = queue(async () => {
      // The first of two with the same key makes the link: only earlier entries are waited for, so nobody waits in a ring.
      await earlier?.catch(() => undefined)
      return askForLink(context, viewer, { asked, signal })
    })
    if (key !== null) keyed.set(key, made)
    return made
  })
  return Promise.allSettled(work)
}
