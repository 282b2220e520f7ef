import { pino } from 'pino'
import type { Log } from '../domain/log.ts'

/**
 * Logs go to standard error, one JSON object a line. They carry ids and codes, never links, tokens,
 * credentials or provider bodies: callers pass only what may be read by anyone who reads logs.
 */
export function createLog(level: string, destination: pino.DestinationStream = pino.destination(2)): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } },
    destination,
  )
}

/** Name, code, message and stack; no other property, since foreign errors carry requests and bodies. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: 'a value that is no Error was thrown' }
  const code = 'code' in error ? error.code : undefined
  const cause = error.cause instanceof Error ? describeError(error.cause) : undefined
  return { name: error.name, code, message: error.message, stack: error.stack, cause }
}
