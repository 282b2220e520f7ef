/** Bounds the open event streams of a process: each holds memory and resolves its selection at every change. */
export interface StreamLimit {
  /**
   * Takes a place for a stream. `endUserId` is `null` for API keys, which only count towards the limit of the process;
   * `network` of the client is given for pages, which need no authentication. Returns the function that frees the place;
   * `null`: there is none.
   */
  acquire(endUserId: string | null, network?: string): (() => void) | null
}

export interface StreamLimits {
  readonly perEndUser: number
  readonly perNetwork: number
  readonly perProcess: number
}

/** Many end users can share the address of an office. */
export const defaultStreamLimits: StreamLimits = { perEndUser: 10, perNetwork: 100, perProcess: 10_000 }

export function createStreamLimit({ perEndUser, perNetwork, perProcess }: StreamLimits): StreamLimit {
  const openByEndUser = new Map<string, number>()
  const openByNetwork = new Map<string, number>()
  let open = 0

  return {
    acquire(endUserId, network) {
      const own = endUserId === null ? 0 : (openByEndUser.get(endUserId) ?? 0)
      const near = network === undefined ? 0 : (openByNetwork.get(network) ?? 0)
      if (open >= perProcess || own >= perEndUser || near >= perNetwork) return null
      change(1)
      let isReleased = false
      return () => {
        if (!isReleased) change(-1)
        isReleased = true
      }

      function change(by: 1 | -1): void {
        open += by
        if (endUserId !== null) add(openByEndUser, endUserId, by)
        if (network !== undefined) add(openByNetwork, network, by)
      }
    },
  }
}

function add(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}
