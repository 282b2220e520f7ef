import { ConfigError } from '../app/config.ts'
import { FolderInUseError } from '../store/lock-file.ts'
import { MigrationError } from '../store/migrate.ts'
import { CommandError } from './command-error.ts'
import { KeysFileError } from './dev-keys.ts'

/** Errors whose message is written for the person who started the program. */
const selfExplanatory = [ConfigError, FolderInUseError, MigrationError, KeysFileError, CommandError]

const unreachableCodes = ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EAI_AGAIN']

/** One line on why a command failed, for the terminal; `undefined` for an unexpected error. */
export function explainError(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (selfExplanatory.some((kind) => error instanceof kind)) return error.message
  const code = 'code' in error ? String(error.code) : ''
  const syscall = 'syscall' in error ? error.syscall : undefined
  if (syscall === 'listen' && code === 'EADDRINUSE') {
    return `Port${'port' in error ? ` ${error.port}` : ''} is in use: set PORT to another one.`
  }
  if (syscall === 'listen') return `Cannot listen there (${code}): see HOST and PORT.`
  // SQLSTATE codes have five characters: a wrong password, an unknown database.
  if (/^[0-9A-Z]{5}$/.test(code)) return `The database refused the connection (${code}): see DATABASE_URL.`
  if (unreachableCodes.includes(code)) return `The database cannot be reached (${code}): see DATABASE_URL.`
  return undefined
}
