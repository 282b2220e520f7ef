import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { withChildSignal } from '../../src/http/child-signal.ts'

test('work ends with the signal that lives longer', async () => {
  const process = new AbortController()
  const ended = withChildSignal(
    process.signal,
    (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('ended'))),
  )
  process.abort()

  expect(await ended).toBe('ended')
  expect(await withChildSignal(process.signal, async ({ aborted }) => aborted)).toBe(true)
})

test('work leaves nothing behind in it, whether it succeeds or fails', async () => {
  const { signal } = new AbortController()
  const seen = await withChildSignal(signal, async (own) => own)
  await expect(withChildSignal(signal, () => Promise.reject(new Error('down')))).rejects.toThrow('down')

  expect(seen).not.toBe(signal)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
