/** One Ctrl-C can arrive twice: from the terminal, and passed on by npm. */
const sameBurstMs = 1_000

/** Resolves at the first Ctrl-C or SIGTERM; one more, later, ends the process at once. */
export function shutdownRequested(): Promise<void> {
  return new Promise((resolve) => {
    let stoppedAt: number | undefined
    const stop = () => {
      if (stoppedAt !== undefined && performance.now() - stoppedAt > sameBurstMs) process.exit(130)
      stoppedAt ??= performance.now()
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}
