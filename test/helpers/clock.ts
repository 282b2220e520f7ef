/** A clock that moves only by `advance`. */
export interface TestClock {
  now(): Date
  advance(seconds: number): void
}

export function createTestClock(start = new Date('2026-11-22T08:00:00.000Z')): TestClock {
  let time = start.getTime()
  return {
    now: () => new Date(time),
    advance(seconds) {
      time += seconds * 1000
    },
  }
}
