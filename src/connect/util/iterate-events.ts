import type { EventEmitter } from 'node:events'

const end = { done: true, value: undefined } as const

/**
 * Iterates over the events of one name, from the call on, until the signal aborts or `return` is called. `Payload` is not
 * checked. `on` of node:events reserves 32 KB for each iterator, which is most of the memory of an idle event stream.
 */
export function iterateEvents<Payload>(
  emitter: EventEmitter,
  name: string,
  signal: AbortSignal,
): AsyncIterableIterator<Payload> {
  const unread: Payload[] = []
  const waiting: ((result: IteratorResult<Payload, undefined>) => void)[] = []
  let isEnded = false

  const receive = (payload: Payload) => {
    const resolve = waiting.shift()
    if (resolve) resolve({ done: false, value: payload })
    else unread.push(payload)
  }
  const stop = () => {
    if (isEnded) return
    isEnded = true
    emitter.off(name, receive)
    signal.removeEventListener('abort', stop)
    for (const resolve of waiting.splice(0)) resolve(end)
  }
  emitter.on(name, receive)
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop)

  return {
    async next() {
      if (isEnded) return end
      if (unread.length > 0) return { done: false, value: unread.shift() as Payload }
      return new Promise((resolve) => {
        waiting.push(resolve)
      })
    },
    async return() {
      stop()
      return end
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
