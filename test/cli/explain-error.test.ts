import { describe, expect, test } from 'vitest'
import { explainError } from '../../src/cli/explain-error.ts'
import { MigrationError } from '../../src/store/migrate.ts'

const errorWith = (properties: object, message = 'raw driver text') =>
  Object.assign(new Error(message), properties)

describe('the message of a failed command names the cause and the setting', () => {
  test.each([
    [
      'port',
      { syscall: 'listen', code: 'EADDRINUSE', port: 4000 },
      'Port 4000 is in use: set PORT to another one.',
    ],
    ['address', { syscall: 'listen', code: 'EADDRNOTAVAIL' }, /HOST and PORT/],
    [
      'folder is a file',
      { syscall: 'mkdir', code: 'EEXIST', path: '/data' },
      '/data is a file, or a part of its path is one: see DATA_DIR.',
    ],
    ['folder not writable', { syscall: 'open', code: 'EACCES', path: '/data/x' }, /not writable.*DATA_DIR/],
    [
      'folder on a read-only file system',
      { syscall: 'mkdir', code: 'ENOENT', path: '/data' },
      /cannot be created.*DATA_DIR/,
    ],
    [
      'certificate file',
      { syscall: 'open', code: 'ENOENT', path: '/ca.crt' },
      /^\/ca.crt does not exist.*DATABASE_URL/,
    ],
    ['disk full', { syscall: 'write', code: 'ENOSPC' }, /The data folder is on a full disk/],
    ['password', { severity: 'FATAL', code: '28P01' }, /refused the password \(28P01\): see DATABASE_URL/],
    ['TLS required', { severity: 'FATAL', code: '28000' }, /sslmode=require/],
    ['database', { severity: 'FATAL', code: '3D000' }, /does not have the database/],
    ['schema', { severity: 'ERROR', code: '3F000' }, /no schema/],
    ['right', { severity: 'ERROR', code: '42501' }, /grant CREATE/],
    ['read-only', { severity: 'ERROR', code: '25006' }, /read-only/],
    ['connections', { severity: 'FATAL', code: '53300' }, /max_connections/],
    ['private authority', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }, /sslrootcert/],
    ['host', { syscall: 'getaddrinfo', code: 'ENOTFOUND' }, /host name is unknown/],
    ['socket', { syscall: 'connect', code: 'ENOENT', path: '/tmp/.s.PGSQL.5432' }, /no such socket/],
    ['another state', { severity: 'ERROR', code: 'XX000' }, /\(XX000\): see DATABASE_URL/],
  ])('%s', (_, properties, expected) => {
    const message = explainError(errorWith(properties)) ?? ''
    if (typeof expected === 'string') expect(message).toBe(expected)
    else expect(message).toMatch(expected)
    expect(message).not.toContain('raw driver text')
    // As the cause of another error too.
    expect(explainError(new MigrationError('Failed.', { cause: errorWith(properties) }))).toBe(
      `Failed. ${message}`,
    )
  })

  test('a parameter that a pooler refuses, and a URL without the password', () => {
    const refused = { severity: 'FATAL', code: '08P01' }
    expect(explainError(errorWith(refused, 'unsupported startup parameter: options'))).toMatch(/pgbouncer/)
    expect(explainError(new Error('SASL: … client password must be a string'))).toMatch(/requires a password/)
  })

  test('TLS that is not offered, and no answer', () => {
    expect(explainError(new Error('The server does not support SSL connections'))).toMatch(
      /does not offer TLS/,
    )
    expect(explainError(new Error('timeout exceeded when trying to connect'))).toMatch(/no answer/)
  })

  test('an unexpected error is not explained', () => {
    expect(explainError(new TypeError('x is not a function'))).toBeUndefined()
    expect(explainError('text')).toBeUndefined()
  })
})
