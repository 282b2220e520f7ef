import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { iterateEvents } from '../../../src/connect/util/iterate-events.ts'

function iterate() {
  const emitter = new EventEmitter()
  const controller = new AbortController()
  return { emitter, controller, events: iterateEvents<number>(emitter, 'number', controller.signal) }
}

test('yields the events since the call in order, those before and after `next`', async () => {
  const { emitter, events } = iterate()
  emitter.emit('number', 1)
  emitter.emit('number', 2)
  emitter.emit('other', 3)
  expect([await events.next(), await events.next()].map(({ value }) => value)).toEqual([1, 2])
  const waiting = [events.next(), events.next()]
  emitter.emit('number', 4)
  emitter.emit('number', 5)
  expect((await Promise.all(waiting)).map(({ value }) => value)).toEqual([4, 5])
})

test.each([
  ['an abort', ({ controller }: ReturnType<typeof iterate>) => controller.abort()],
  ['return', ({ events }: ReturnType<typeof iterate>) => void events.return?.()],
])('ends by %s, also while it waits, without listeners', async (_, end) => {
  const iterated = iterate()
  const waiting = iterated.events.next()
  end(iterated)
  iterated.emitter.emit('number', 1)
  expect(await waiting).toEqual({ done: true, value: undefined })
  expect(await iterated.events.next()).toEqual({ done: true, value: undefined })
  expect(iterated.emitter.listenerCount('number')).toBe(0)
})

test('has ended for an aborted signal', async () => {
  const emitter = new EventEmitter()
  const events = iterateEvents(emitter, 'number', AbortSignal.abort())
  expect((await events.next()).done).toBe(true)
  expect(emitter.listenerCount('number')).toBe(0)
})
