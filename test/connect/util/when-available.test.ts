import { expect, test } from 'vitest'
import { unlessAborted, whenAvailable } from '../../../src/connect/util/when-available.ts'
import { ServiceUnavailableError } from '../../../src/domain/errors.ts'

const unavailable = new ServiceUnavailableError('The database cannot be used at the moment.')
const never = new AbortController().signal

/** Rejects `failures` times, then resolves to the number of calls. */
function failing(failures: number, error: Error) {
  let calls = 0
  return async () => {
    calls += 1
    if (calls <= failures) throw error
    return calls
  }
}

test('a read is repeated while the store cannot be used', async () => {
  expect(await whenAvailable(failing(2, unavailable), never)).toBe(3)
})

test('another error rejects at once', async () => {
  const read = failing(1, new Error('a defect'))
  await expect(whenAvailable(read, never)).rejects.toThrow('a defect')
  expect(await read()).toBe(2)
})

test('the last error is the result when the signal aborts', async () => {
  const controller = new AbortController()
  const read = whenAvailable(failing(Number.POSITIVE_INFINITY, unavailable), controller.signal)
  controller.abort()
  await expect(read).rejects.toBe(unavailable)
})

test('a subscriber that leaves does not wait', async () => {
  const controller = new AbortController()
  expect(await unlessAborted(Promise.resolve(1), controller.signal)).toBe(1)
  await expect(unlessAborted(Promise.reject(unavailable), controller.signal)).rejects.toBe(unavailable)
  const waiting = unlessAborted(new Promise(() => undefined), controller.signal)
  controller.abort()
  expect(await waiting).toBeUndefined()
  expect(await unlessAborted(Promise.resolve(1), controller.signal)).toBeUndefined()
})
