import { expect, test } from 'vitest'
import { addRateLimitUse, deleteRateLimitsBefore } from '../../src/store/rate-limits.ts'
import { testStore } from '../helpers/database.ts'

const first = new Date('2026-11-22T08:00:00Z')
const second = new Date('2026-11-22T08:01:00Z')

test('uses of a key in a window are added up, whichever gateway sends them', async () => {
  const { db } = await testStore()
  const add = (key: string, windowStart: Date, used: number) =>
    addRateLimitUse(db, [{ key, windowStart, used }])
  await Promise.all(Array.from({ length: 20 }, () => add('a', first, 2)))
  expect(await add('a', first, 0)).toEqual([{ key: 'a', windowStart: first, used: 40 }])
  expect(await add('a', second, 1)).toEqual([{ key: 'a', windowStart: second, used: 1 }])
  expect(await addRateLimitUse(db, [])).toEqual([])

  await deleteRateLimitsBefore(db, second)
  expect(await add('a', first, 0)).toMatchObject([{ used: 0 }])
  expect(await add('a', second, 0)).toMatchObject([{ used: 1 }])
})

test('two gateways that add to the same keys in another order do not block each other', async () => {
  const { db } = await testStore()
  const keys = Array.from({ length: 50 }, (_, index) => `k${index}`)
  const uses = keys.map((key) => ({ key, windowStart: first, used: 1 }))
  await Promise.all(
    Array.from({ length: 10 }, (_, n) => addRateLimitUse(db, n % 2 === 0 ? uses : [...uses].reverse())),
  )
  expect(await addRateLimitUse(db, [{ key: 'k7', windowStart: first, used: 0 }])).toMatchObject([
    { used: 10 },
  ])
})
