export type Limiter = <Result>(work: () => Promise<Result>) => Promise<Result>

/** Begins what it is given in order, so many at a time. */
export function createLimiter(size: number): Limiter {
  const waiting: (() => void)[] = []
  let free = size
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    // Who ends hands the place on; nobody who comes later can take it before.
    return work().finally(() => {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    })
  }
}
