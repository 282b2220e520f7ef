import { OperatorError } from '../domain/errors.ts'

const connectErrorCodes = ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EAI_AGAIN']

/** The message to print for a failed command; `undefined` for an unexpected error, which is printed with its stack. */
export function explainError(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof OperatorError) return error.message
  const code = 'code' in error ? String(error.code) : ''
  const syscall = 'syscall' in error ? error.syscall : undefined
  if (syscall === 'listen' && code === 'EADDRINUSE') {
    return `Port${'port' in error ? ` ${error.port}` : ''} is in use: set PORT to another one.`
  }
  if (syscall === 'listen') return `Cannot listen on the configured address (${code}): see HOST and PORT.`
  // A SQLSTATE code has five characters, for example 28P01 (invalid password) or 3D000 (unknown database).
  if (/^[0-9A-Z]{5}$/.test(code)) return `The database refused the connection (${code}): see DATABASE_URL.`
  if (connectErrorCodes.includes(code)) return `The database cannot be reached (${code}): see DATABASE_URL.`
  return undefined
}
