import { pino } from 'pino'
import type { Log } from '../domain/log.ts'

/**
 * Logs to standard error, one JSON object per line. Log lines carry IDs, codes and redacted provider messages, never
 * links, tokens, credentials or provider bodies; callers must not pass any.
 */
export function createLog(level: string, destination: pino.DestinationStream = pino.destination(2)): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } },
    destination,
  )
}

/** Name, code, message, stack and cause; no other property, since errors of libraries can carry requests and bodies. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: 'the thrown value is not an Error' }
  const code = 'code' in error ? error.code : undefined
  const cause = error.cause instanceof Error ? describeError(error.cause) : undefined
  return { name: error.name, code, message: error.message, stack: error.stack, cause }
}
