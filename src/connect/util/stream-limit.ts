/** Bounds the open event streams of a process: each holds memory and resolves its selection at every change. */
export interface StreamLimit {
  /**
   * Takes a place for a stream; `endUserId` is `null` for API keys, which only count towards the limit of the process.
   * Returns the function that frees the place; `null`: there is none.
   */
  acquire(endUserId: string | null): (() => void) | null
}

export interface StreamLimits {
  readonly perEndUser: number
  readonly perProcess: number
}

export const defaultStreamLimits: StreamLimits = { perEndUser: 10, perProcess: 1_000 }

export function createStreamLimit({ perEndUser, perProcess }: StreamLimits): StreamLimit {
  const openByEndUser = new Map<string, number>()
  let open = 0

  function release(endUserId: string | null): void {
    open -= 1
    if (endUserId === null) return
    const remaining = (openByEndUser.get(endUserId) ?? 1) - 1
    if (remaining === 0) openByEndUser.delete(endUserId)
    else openByEndUser.set(endUserId, remaining)
  }

  return {
    acquire(endUserId) {
      const own = endUserId === null ? 0 : (openByEndUser.get(endUserId) ?? 0)
      if (open >= perProcess || own >= perEndUser) return null
      open += 1
      if (endUserId !== null) openByEndUser.set(endUserId, own + 1)
      let isReleased = false
      return () => {
        if (!isReleased) release(endUserId)
        isReleased = true
      }
    },
  }
}
