/** Pseudo-random numbers, reproducible by seed (mulberry32). */
export function randomFrom(seed: number) {
  let state = seed >>> 0
  /** From 0 (inclusive) to 1 (exclusive). */
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (end: number) => Math.floor(next() * end)
  function pick<Item>(items: readonly Item[]): Item {
    const item = items[below(items.length)]
    if (item === undefined) throw new Error('the list is empty')
    return item
  }
  return { next, below, pick }
}

export type Random = ReturnType<typeof randomFrom>

/** A new seed for each run, unless `TEST_SEED` repeats an earlier run. */
export const newSeed = (): number => Number(process.env.TEST_SEED ?? Date.now() % 1_000_000_000)
