import { setTimeout as sleep } from 'node:timers/promises'
import { GatewayError } from '../../domain/errors.ts'
import { ProviderError } from '../../domain/provider-error.ts'
import { explainError } from '../explain-error.ts'

/** WARN: works, but should be changed. SKIP: could not be checked, or does not apply. */
export type CheckStatus = 'PASS' | 'WARN' | 'FAIL' | 'SKIP'

export interface Finding {
  /** What was checked: "database", or the name of a provider. */
  readonly subject: string
  readonly check: string
  readonly status: CheckStatus
  /** A sentence that says what to do, unless the check has passed. Contains no secret. */
  readonly message: string
}

/** The part of a finding that a check of one subject returns. */
export type Result = Omit<Finding, 'subject'>

export const result = (status: CheckStatus, check: string, message: string): Result => ({
  status,
  check,
  message,
})

export interface Check {
  readonly subject: string
  /** The name of the finding if `run` throws or does not end in time. */
  readonly check: string
  /** The signal aborts at the time limit. */
  run(signal: AbortSignal): Promise<readonly Result[]>
}

const limitMs = 30_000

/** Runs a check with a time limit. An error, and no end in time, are findings too. */
export async function runCheck({ subject, check, run }: Check): Promise<readonly Finding[]> {
  const limit = new AbortController()
  const done = new AbortController()
  const late = sleep(limitMs, undefined, { signal: done.signal }).then(() => {
    limit.abort()
    return [result('FAIL', check, `There is no result after ${limitMs / 1_000} seconds.`)]
  })
  late.catch(() => undefined)
  try {
    const results = await Promise.race([run(limit.signal), late])
    return results.map((one) => ({ subject, ...one }))
  } catch (error) {
    return [{ subject, ...result('FAIL', check, describeError(error)) }]
  } finally {
    done.abort()
  }
}

/** The messages of other errors are not written for the operator, and may contain what must not be printed. */
export function describeError(error: unknown): string {
  // First: the cause of a failed call to a provider would be explained as one of the database.
  if (error instanceof ProviderError)
    return error.causeCode === undefined ? error.message : `${error.message} (${error.causeCode})`
  const explained = explainError(error)
  if (explained !== undefined) return explained
  if (error instanceof GatewayError) return error.message
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? `${cause.code}` : 'unexpected error'
  return `The check failed (${code}).`
}

/** The result for how far another clock is ahead of this one, in milliseconds between two bounds. */
export function clockResult(
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
): Result {
  const offsetMs = Math.max(min, -max, 0)
  const direction = min > 0 ? 'ahead of' : 'behind'
  const seconds = Math.round(offsetMs / 1_000)
  if (offsetMs <= 30_000)
    return result('PASS', 'clock', `The clock of ${name} agrees with that of this machine.`)
  return result(
    offsetMs > 300_000 ? 'FAIL' : 'WARN',
    'clock',
    `The clock of ${name} is ${seconds} seconds ${direction} that of this machine: synchronize the clocks by NTP.`,
  )
}
