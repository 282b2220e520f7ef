/**
 * Work that ends with a signal that lives as long as the process, under a signal of its own: the long one would remember
 * every call that it was ever part of.
 */
export async function withChildSignal<Result>(
  longLived: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const own = new AbortController()
  const leave = () => own.abort()
  if (longLived.aborted) leave()
  longLived.addEventListener('abort', leave)
  try {
    return await work(own.signal)
  } finally {
    longLived.removeEventListener('abort', leave)
  }
}
