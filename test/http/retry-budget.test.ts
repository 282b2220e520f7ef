import { expect, test } from 'vitest'
import { createRetryBudget } from '../../src/http/retry-budget.ts'

/** A budget with a clock in ms. */
function openBudget() {
  const clock = { ms: 0 }
  const budget = createRetryBudget(() => clock.ms)
  const takeAll = () => {
    let taken = 0
    while (budget.takeRetry()) taken += 1
    return taken
  }
  return { ...budget, clock, takeAll }
}

test('allows a few retries at first, then one for every ten calls, at most ten', () => {
  const { takeAll, recordCall } = openBudget()
  expect(takeAll()).toBe(3)
  for (let count = 0; count < 50; count += 1) recordCall()
  expect(takeAll()).toBeGreaterThanOrEqual(4)
  for (let count = 0; count < 1_000; count += 1) recordCall()
  expect(takeAll()).toBe(10)
})

test('allows a retry every ten seconds without any other call', () => {
  const { takeAll, clock } = openBudget()
  takeAll()
  clock.ms += 9_999
  expect(takeAll()).toBe(0)
  clock.ms += 1
  expect(takeAll()).toBe(1)
  clock.ms += 3_600_000
  expect(takeAll()).toBe(10)
})
