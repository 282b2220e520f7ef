import { OperatorError } from '../domain/errors.ts'

/** The message to print for a failed command; `undefined` for an unexpected error, which is printed with its stack. */
export function explainError(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof OperatorError) return withCause(error)
  return explainListen(error) ?? explainFile(error) ?? explainDatabase(error) ?? explainError(error.cause)
}

/** The cause of an operator's error often names the setting to change. */
function withCause(error: OperatorError): string {
  const cause = explainError(error.cause)
  return cause === undefined ? error.message : `${error.message} ${cause}`
}

const propertyOf = (error: Error, name: string): string =>
  name in error ? String(error[name as keyof Error]) : ''

function explainListen(error: Error): string | undefined {
  if (propertyOf(error, 'syscall') !== 'listen') return undefined
  const code = propertyOf(error, 'code')
  return code === 'EADDRINUSE'
    ? `Port ${propertyOf(error, 'port')} is in use: set PORT to another one.`.replace('Port  ', 'Port ')
    : `Cannot listen on the configured address (${code}): see HOST and PORT.`
}

const fileProblems: Readonly<Record<string, string>> = {
  EACCES: 'is not writable for this user',
  EPERM: 'is not writable for this user',
  EROFS: 'is on a read-only file system',
  ENOTDIR: 'is a file, or a part of its path is one',
  EEXIST: 'is a file, or a part of its path is one',
  ENOSPC: 'is on a full disk',
}

function explainFile(error: Error): string | undefined {
  const [code, path, syscall] = ['code', 'path', 'syscall'].map((name) => propertyOf(error, name))
  if (code === 'ENOENT' && syscall === 'open')
    return `${path} does not exist: see sslrootcert, sslcert and sslkey in DATABASE_URL.`
  // Node reports a read-only file system so, when it creates a folder with those above it.
  const problem = code === 'ENOENT' && syscall === 'mkdir' ? 'cannot be created' : fileProblems[code ?? '']
  if (problem === undefined || syscall === '') return undefined
  return `${path || 'The data folder'} ${problem}: see DATA_DIR.`
}

/** SQLSTATE codes (https://www.postgresql.org/docs/current/errcodes-appendix.html) and codes of Node's TLS and network. */
const databaseProblems: Readonly<Record<string, string>> = {
  '28P01': 'refused the password',
  '28000': 'refused the user, or a connection without TLS (sslmode=require in the URL asks for TLS)',
  '3D000': 'does not have the database that the URL names',
  '3F000': 'has no schema that this user may create tables in: create it, or set search_path for the user',
  '42501': 'does not allow this user to create or use its tables: grant CREATE on the schema',
  '25006': 'is read-only: connect to the primary server',
  '53100': 'has no disk space left',
  '53300': 'has no free connection: raise max_connections',
  '57P03': 'is starting up or shutting down',
  ECONNREFUSED: 'cannot be reached: nothing listens at that address',
  ENOTFOUND: 'cannot be reached: its host name is unknown',
  EAI_AGAIN: 'cannot be reached: its host name cannot be resolved now',
  ETIMEDOUT: 'cannot be reached: no answer',
  EHOSTUNREACH: 'cannot be reached: no route to its host',
  ENOENT: 'cannot be reached: there is no such socket',
  SELF_SIGNED_CERT_IN_CHAIN: privateAuthority(),
  DEPTH_ZERO_SELF_SIGNED_CERT: privateAuthority(),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: privateAuthority(),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: privateAuthority(),
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another host name',
  CERT_HAS_EXPIRED: 'has a certificate that has expired',
}

function privateAuthority(): string {
  return 'has a certificate of an authority that is not trusted: name its file with sslrootcert=… in the URL, or NODE_EXTRA_CA_CERTS'
}

function explainDatabase(error: Error): string | undefined {
  const code = propertyOf(error, 'code')
  const problem = databaseProblems[code]
  if (problem !== undefined) return `The database ${problem} (${code}): see DATABASE_URL.`
  if (code === '08P01' && error.message.startsWith('unsupported startup parameter'))
    return 'The connection pooler refuses a parameter: remove "options" from DATABASE_URL, or add it to ignore_startup_parameters of pgbouncer.'
  if (error.message.includes('client password must be a string'))
    return 'The database requires a password: add it to DATABASE_URL.'
  if (error.message.includes('does not support SSL'))
    return 'The database does not offer TLS: remove sslmode from DATABASE_URL, or enable TLS in the database.'
  if (/timeout exceeded when trying to connect|due to connection timeout|timeout expired/.test(error.message))
    return 'The database cannot be reached (no answer within the time limit): see DATABASE_URL.'
  // A SQLSTATE code has five characters.
  if (/^[0-9A-Z]{5}$/.test(code) && propertyOf(error, 'severity') !== '')
    return `The database refused the statement or connection (${code}): see DATABASE_URL.`
  return undefined
}
