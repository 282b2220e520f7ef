import { ServiceUnavailableError } from '../domain/errors.ts'

/** The database cannot be used at the moment: the caller may retry. */
export class DatabaseUnavailableError extends ServiceUnavailableError {
  override readonly name = 'DatabaseUnavailableError'
  /** Whether the connection must not be used again. */
  readonly isConnectionLost: boolean

  constructor(cause: Error, isConnectionLost: boolean) {
    super('The database cannot be used at the moment.', { cause })
    this.isConnectionLost = isConnectionLost
  }
}

/** Errors of the network, of Node and of the driver. */
const lostConnection =
  /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/
const lostConnectionMessage =
  /^(Connection terminated|Client has encountered a connection error|Query read timeout|timeout exceeded when trying to connect|timeout expired|Client was closed and is not queryable|The server does not support SSL|Cannot use a pool after)/

/**
 * SQLSTATE classes and codes, https://www.postgresql.org/docs/current/errcodes-appendix.html: connection exception,
 * insufficient resources (too many connections, disk full), operator intervention (shutdown, statement timeout),
 * system error, read-only transaction, lock timeout, idle transaction or session timeout.
 */
const unavailableState = /^(08|53|57P|58|57014$|25006$|55P03$|25P03$|25P04$)/
/** Of these, the states after which the server closes the connection. */
const closedState = /^(08|57P|25P03$)/

/** The error as DatabaseUnavailableError if a retry may succeed, otherwise unchanged. */
export function toDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (lostConnection.test(code) || lostConnectionMessage.test(error.message))
    return new DatabaseUnavailableError(error, true)
  if (/^[0-9A-Z]{5}$/.test(code) && unavailableState.test(code))
    return new DatabaseUnavailableError(error, closedState.test(code))
  return error
}

/** The error of an attempt to connect, which always may succeed later. */
export const toUnavailable = (error: unknown): unknown =>
  error instanceof Error && !(error instanceof DatabaseUnavailableError)
    ? new DatabaseUnavailableError(error, true)
    : error
