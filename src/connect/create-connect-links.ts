import type { ProviderKey } from '../provider-key.ts'
import type { ConnectLinkInput } from './connect-link-input.ts'
import type { ConnectContext, Viewer } from './context.ts'
import { createConnectLink } from './create-connect-link.ts'
import type { CreatedLink } from './link-warnings.ts'

/** One of many links that are asked for together. */
export interface WantedEntry {
  readonly provider: ProviderKey
  readonly input: ConnectLinkInput
}

export interface WantedLinks {
  readonly entries: readonly WantedEntry[]
  readonly signal: AbortSignal
}

/** Each provider counts its callers' requests: a full list must not come all at once. */
const atOncePerProvider = 5

/**
 * Makes each link as `createConnectLink` does, and says of each, in order, what became of it. A provider's entries begin
 * in order, few at a time, and wait for no other provider.
 */
export async function createConnectLinks(
  context: ConnectContext,
  viewer: Viewer,
  { entries, signal }: WantedLinks,
): Promise<readonly PromiseSettledResult<CreatedLink>[]> {
  const queues = new Map<ProviderKey, Queue>()
  const keyed = new Map<string, Promise<unknown>>()
  const work = entries.map(({ provider, input }) => {
    const queue = queues.get(provider) ?? createQueue(atOncePerProvider)
    queues.set(provider, queue)
    const key = input.idempotencyKey ?? null
    const earlier = key === null ? undefined : keyed.get(key)
    const made = queue(async () => {
      // The first of two with the same key makes the link: only earlier entries are waited for, so nobody waits in a ring.
      await earlier?.catch(() => undefined)
      const wanted = { provider: context.providers.demand(provider), input, signal }
      return createConnectLink(context, viewer, wanted)
    })
    if (key !== null) keyed.set(key, made)
    return made
  })
  return Promise.allSettled(work)
}

type Queue = <Result>(work: () => Promise<Result>) => Promise<Result>

/** Begins what it is given in order, so many at a time. */
function createQueue(size: number): Queue {
  const waiting: (() => void)[] = []
  let free = size
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    // Who ends hands the place on; nobody who comes later can take it before.
    return work().finally(() => {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    })
  }
}
