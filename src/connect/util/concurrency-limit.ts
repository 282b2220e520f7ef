export type Limiter = <Result>(work: () => Promise<Result>) => Promise<Result>

/** Starts work in order, at most `size` at a time. */
export function createLimiter(size: number): Limiter {
  const waiting: (() => void)[] = []
  let free = size
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    // The slot is passed to the next waiting call directly, so that a later call cannot take it first.
    return work().finally(() => {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    })
  }
}
