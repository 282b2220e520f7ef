import { expect, test } from 'vitest'
import { createLog } from '../../src/app/log.ts'
import { runShutdown } from '../../src/cli/shutdown.ts'

function recorder() {
  const lines: string[] = []
  const log = createLog('info', { write: (line: string) => void lines.push(line) })
  return { log, logged: () => lines.map((line) => JSON.parse(line)) }
}

test('every step runs in order, although one fails and one never ends, and the log names these two', async () => {
  const { log, logged } = recorder()
  const ran: string[] = []
  const step = (name: string, end: () => Promise<void>) => ({
    name,
    limitMs: 50,
    run() {
      ran.push(name)
      return end()
    },
  })
  const isClean = await runShutdown(
    [
      step('requests', async () => undefined),
      step('jobs', () => Promise.reject(new Error('the database is gone'))),
      step('database', () => new Promise(() => undefined)),
      step('sandbox', async () => undefined),
    ],
    log,
  )
  expect(isClean).toBe(false)
  expect(ran).toEqual(['requests', 'jobs', 'database', 'sandbox'])
  expect(logged()).toMatchObject([
    { step: 'jobs', err: { message: 'the database is gone' } },
    { step: 'database', err: { message: 'not done within 50 ms' } },
  ])
})

test('a shutdown whose steps all end in time is clean and logs nothing', async () => {
  const { log, logged } = recorder()
  expect(await runShutdown([{ name: 'one', limitMs: 60_000, run: async () => undefined }], log)).toBe(true)
  expect(logged()).toEqual([])
})
