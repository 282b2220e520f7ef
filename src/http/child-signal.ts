/**
 * Runs `work` with a child of `parent`, and detaches the child afterwards. `AbortSignal.any` on a signal that exists as
 * long as the process leaks: the signal keeps a reference to every derived one.
 */
export async function withChildSignal<Result>(
  parent: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const child = new AbortController()
  const abortChild = () => child.abort()
  if (parent.aborted) abortChild()
  parent.addEventListener('abort', abortChild)
  try {
    return await work(child.signal)
  } finally {
    parent.removeEventListener('abort', abortChild)
  }
}
