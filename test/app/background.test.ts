import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBackgroundTasks } from '../../src/app/background.ts'
import { DatabaseUnavailableError } from '../../src/store/database-error.ts'
import { createTestLog } from '../helpers/log.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const refused = new DatabaseUnavailableError(
  Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' }),
  true,
)

async function outageOf(failures: number) {
  const { log, text } = createTestLog()
  const { run, idle } = createBackgroundTasks(log)
  const lines = () =>
    text()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  for (let second = 0; second < failures; second += 1) {
    run('job', Promise.reject(refused))
    run('another job', Promise.resolve())
    await idle()
    vi.advanceTimersByTime(1_000)
  }
  return { run, idle, lines }
}

test('an outage of the database is logged once, without a stack, and so is its end', async () => {
  const { run, idle, lines } = await outageOf(60)
  expect(lines()).toEqual([
    {
      level: 40,
      time: expect.any(String),
      cause: 'ECONNREFUSED',
      msg: 'background work waits for the database',
    },
  ])

  vi.advanceTimersByTime(10_000)
  run('job', Promise.resolve())
  await idle()
  expect(lines().slice(1)).toMatchObject([{ level: 30, msg: 'background work continues' }])

  run('job', Promise.reject(refused))
  await idle()
  expect(lines()).toHaveLength(3)
})

test('other failures are logged each time', async () => {
  const { run, idle, lines } = await outageOf(1)
  run('job', Promise.reject(new Error('a defect')))
  run('job', Promise.reject(new Error('a defect')))
  await idle()
  expect(lines().slice(1)).toMatchObject(
    Array(2).fill({ level: 50, msg: 'background task failed: job', err: { message: 'a defect' } }),
  )
})
