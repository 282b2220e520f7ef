import type { Log } from '../domain/log.ts'

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

export interface ShutdownStep {
  /** For the log. */
  readonly name: string
  /** After that time the next step is run. */
  readonly limitMs: number
  run(): Promise<void>
}

/** Runs all steps in order, whatever the others do. Returns whether each succeeded in its time; the others are logged. */
export async function runShutdown(steps: readonly ShutdownStep[], log: Log): Promise<boolean> {
  let isClean = true
  for (const step of steps) {
    try {
      await withinLimit(step)
    } catch (err) {
      isClean = false
      log.error({ err, step: step.name }, 'a step of the shutdown failed')
    }
  }
  return isClean
}

async function withinLimit({ limitMs, run }: ShutdownStep): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not done within ${limitMs} ms`)), limitMs)
    run()
      .finally(() => clearTimeout(timer))
      .then(resolve, reject)
  })
}
