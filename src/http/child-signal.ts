/** A signal that follows others for a while. */
export interface ChildSignal {
  readonly signal: AbortSignal
  /** The parents keep no reference to the signal afterwards. */
  detach(): void
}

/**
 * A signal that aborts with the first of its parents. `AbortSignal.any` on a signal that exists as long as the process
 * leaks: the signal keeps a reference to every derived one.
 */
export function childSignal(...parents: readonly AbortSignal[]): ChildSignal {
  const child = new AbortController()
  const abortChild = () => child.abort()
  for (const parent of parents) {
    if (parent.aborted) abortChild()
    parent.addEventListener('abort', abortChild)
  }
  return {
    signal: child.signal,
    detach() {
      for (const parent of parents) parent.removeEventListener('abort', abortChild)
    },
  }
}

/** Runs `work` with a child of `parent`, and detaches the child afterwards. */
export async function withChildSignal<Result>(
  parent: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { signal, detach } = childSignal(parent)
  try {
    return await work(signal)
  } finally {
    detach()
  }
}
