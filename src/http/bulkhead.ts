/** INTERACTIVE: a caller waits for the result. BACKGROUND: polls, syncs and the processing of webhooks. */
export type CallPriority = 'INTERACTIVE' | 'BACKGROUND'

export interface BulkheadSettings {
  /** Calls at the same time. */
  readonly maxConcurrent: number
  /** How many of them may be background work, so that interactive calls always find free places. */
  readonly maxBackground: number
  /** Calls of each priority that wait for a place. */
  readonly maxQueued: number
}

export const defaultBulkheadSettings: BulkheadSettings = {
  maxConcurrent: 32,
  maxBackground: 24,
  maxQueued: 256,
}

/** The queue is full: the call was not sent. */
export class BulkheadFullError extends Error {
  override readonly name = 'BulkheadFullError'
}

/** Limits the calls of one provider account, so that one that hangs does not take all resources. */
export interface Bulkhead {
  /**
   * Resolves with a function that gives the place back, when a place is free: interactive calls first, then in order.
   * Rejects with BulkheadFullError if too many calls wait, or with the reason of the signal when it aborts.
   */
  acquire(priority: CallPriority, signal: AbortSignal): Promise<() => void>
}

export function createBulkhead({
  maxConcurrent,
  maxBackground,
  maxQueued,
}: BulkheadSettings = defaultBulkheadSettings): Bulkhead {
  const active = { INTERACTIVE: 0, BACKGROUND: 0 }
  const queues: Record<CallPriority, Set<() => void>> = { INTERACTIVE: new Set(), BACKGROUND: new Set() }

  const isFree = (priority: CallPriority) =>
    active.INTERACTIVE + active.BACKGROUND < maxConcurrent &&
    (priority === 'INTERACTIVE' || active.BACKGROUND < maxBackground)

  function startNext(): void {
    for (const priority of ['INTERACTIVE', 'BACKGROUND'] as const) {
      const [next] = queues[priority]
      if (next !== undefined && isFree(priority)) return next()
    }
  }

  function take(priority: CallPriority): () => void {
    active[priority] += 1
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      active[priority] -= 1
      startNext()
    }
  }

  return {
    async acquire(priority, signal) {
      signal.throwIfAborted()
      if (isFree(priority)) return take(priority)
      const queue = queues[priority]
      if (queue.size >= maxQueued) throw new BulkheadFullError('too many calls are waiting')
      return new Promise((resolve, reject) => {
        const leave = () => {
          queue.delete(start)
          signal.removeEventListener('abort', abort)
        }
        const start = () => {
          leave()
          resolve(take(priority))
        }
        const abort = () => {
          leave()
          reject(signal.reason)
        }
        queue.add(start)
        signal.addEventListener('abort', abort)
      })
    },
  }
}
