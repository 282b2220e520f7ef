import { expect, test } from 'vitest'
import { BulkheadFullError, type CallPriority, createBulkhead } from '../../src/http/bulkhead.ts'

const never = () => new AbortController().signal

/** A bulkhead, and the names of the calls that have a place, in the order in which they got it. */
function openBulkhead() {
  const bulkhead = createBulkhead({ maxConcurrent: 4, maxBackground: 2, maxQueued: 3 })
  const started: string[] = []
  const releases = new Map<string, () => void>()
  const start = async (name: string, priority: CallPriority, signal = never()) => {
    const release = await bulkhead.acquire(priority, signal)
    started.push(name)
    releases.set(name, release)
  }
  return {
    started,
    interactive: (name: string, signal?: AbortSignal) => start(name, 'INTERACTIVE', signal),
    background: (name: string) => start(name, 'BACKGROUND'),
    async end(name: string) {
      releases.get(name)?.()
      await new Promise(setImmediate)
    },
  }
}

test('lets as many calls pass as there are places, and the next ones in order', async () => {
  const { started, interactive, end } = openBulkhead()
  const calls = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => interactive(name))
  await new Promise(setImmediate)
  expect(started).toEqual(['a', 'b', 'c', 'd'])
  await end('b')
  await end('b') // a second release has no effect
  expect(started).toEqual(['a', 'b', 'c', 'd', 'e'])
  await end('a')
  await Promise.all(calls)
  expect(started.at(-1)).toBe('f')
})

test('background work leaves places to interactive calls, which come first', async () => {
  const { started, interactive, background, end } = openBulkhead()
  for (const name of ['poll 1', 'poll 2', 'poll 3']) void background(name)
  for (const name of ['a', 'b', 'c']) void interactive(name)
  await new Promise(setImmediate)
  expect(started.toSorted()).toEqual(['a', 'b', 'poll 1', 'poll 2'])
  await end('poll 1')
  expect(started.at(-1)).toBe('c')
  await end('a')
  expect(started.at(-1)).toBe('poll 3')
})

test('rejects a call at once if too many wait', async () => {
  const { interactive } = openBulkhead()
  for (let count = 0; count < 7; count += 1) void interactive(String(count))
  await expect(interactive('one too many')).rejects.toThrow(BulkheadFullError)
})

test('a call whose signal aborts leaves the queue', async () => {
  const { started, interactive, end } = openBulkhead()
  for (const name of ['a', 'b', 'c', 'd']) void interactive(name)
  const deadline = new AbortController()
  const waiting = interactive('late', deadline.signal)
  const next = interactive('next')
  deadline.abort(new Error('the deadline has passed'))
  await expect(waiting).rejects.toThrow('the deadline has passed')
  await end('a')
  await next
  expect(started).toEqual(['a', 'b', 'c', 'd', 'next'])
})
