import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { childSignal, withChildSignal } from '../../src/http/child-signal.ts'

test('the child aborts with its parent, also if the parent is aborted already', async () => {
  const parent = new AbortController()
  const work = withChildSignal(
    parent.signal,
    (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted'))),
  )
  parent.abort()

  expect(await work).toBe('aborted')
  expect(await withChildSignal(parent.signal, async ({ aborted }) => aborted)).toBe(true)
})

test('leaves no listener on the parent, whether the work succeeds or fails', async () => {
  const { signal } = new AbortController()
  const child = await withChildSignal(signal, async (childSignal) => childSignal)
  await expect(withChildSignal(signal, () => Promise.reject(new Error('down')))).rejects.toThrow('down')

  expect(child).not.toBe(signal)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('a child of several aborts with the first of them, and not after it is detached', () => {
  const parents = [new AbortController(), new AbortController()] as const
  const signals = parents.map(({ signal }) => signal)
  const [first, detached] = [childSignal(...signals), childSignal(...signals)]
  detached.detach()
  parents[1].abort()

  expect([first.signal.aborted, detached.signal.aborted]).toEqual([true, false])
  first.detach()
  for (const signal of signals) expect(getEventListeners(signal, 'abort')).toEqual([])
})
