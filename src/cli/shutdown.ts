/** One Ctrl-C can arrive twice: from the terminal, and forwarded by npm. */
const duplicateSignalMs = 1_000

/**
 * Resolves at the first SIGINT or SIGTERM. A further signal more than 1 s later exits the process at once with code
 * 130.
 */
export function shutdownRequested(): Promise<void> {
  return new Promise((resolve) => {
    let requestedAt: number | undefined
    const onSignal = () => {
      if (requestedAt !== undefined && performance.now() - requestedAt > duplicateSignalMs) process.exit(130)
      requestedAt ??= performance.now()
      resolve()
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
  })
}
