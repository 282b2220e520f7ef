import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { build, run, temporaryFolder } from '../start/process.ts'
import { noPostgres, type PostgresServer, startPostgres } from './postgres-server.ts'
import { mountSmallDisk, noDisk } from './small-disk.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 })

const password = 'a-secret-password'

const start = (environment: Record<string, string>) =>
  run('serve', {
    PORT: '0',
    SANDBOX_PORT: '0',
    GATEWAY_API_KEY: 'gw_key_of_the_operator_of_the_gateway',
    GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32),
    DATA_DIR: temporaryFolder(),
    ...environment,
  })

/** Expects one or two lines that match, exit code 1, and no stack trace. */
async function expectError(environment: Record<string, string>, message: RegExp): Promise<void> {
  const program = start(environment)
  expect(await program.ended).toEqual({ code: 1, signal: null })
  // Lines of the driver about its options, which have a prefix and a blank line.
  const text = program
    .stderr()
    .replace(/^\(node:\d+\) Warning: SECURITY WARNING[\s\S]*?where the warning was created\)\n/, '')
  expect(text).toMatch(message)
  expect(text.trim().split('\n').length).toBeLessThanOrEqual(2)
  expect(program.stderr()).not.toContain(password)
}

/** Roles that own a database of their name, and what is wrong with them. */
const roles: Readonly<Record<string, readonly string[]>> = {
  no_create: [`alter database no_create owner to postgres_test`],
  no_schema: [`alter role no_schema set search_path = missing`],
  read_only: [`alter role read_only set default_transaction_read_only = on`],
  no_connections: [`alter role no_connections connection limit 0`],
  only_tls: [],
  other_dates: [`alter role other_dates set datestyle = 'German, DMY'`],
}

async function startServer(): Promise<PostgresServer> {
  const server = await startPostgres({
    access: [
      'hostnossl all only_tls all reject',
      `host all ${Object.keys(roles).join(',')},unknown_role all scram-sha-256`,
    ],
  })
  for (const [name, changes] of Object.entries(roles)) {
    const statements = [
      `create role ${name} login password '${password}'`,
      `create database ${name} owner ${name}`,
      ...changes,
    ]
    for (const statement of statements) await server.query(statement)
  }
  return server
}

describe.skipIf(noPostgres !== undefined)('the program ends with a message', () => {
  beforeAll(build)

  test('that names what is wrong with PostgreSQL or its URL', async () => {
    const { port, folder } = await startServer()
    const url = (role: string, rest = `/${role}`, secret = password) =>
      `postgres://${role}:${secret}@127.0.0.1:${port}${rest}`
    const expected: readonly (readonly [string, RegExp])[] = [
      [url('no_create'), /grant CREATE on the schema \(42501\)/],
      [url('no_schema'), /has no schema .*\(3F000\)/],
      [url('read_only'), /is read-only: connect to the primary server/],
      [url('no_connections'), /has no free connection/],
      [url('read_only', '/missing'), /does not have the database that the URL names/],
      [url('read_only', '/read_only', 'wrong'), /refused the password/],
      [`postgres://read_only@127.0.0.1:${port}/read_only`, /requires a password/],
      [url('unknown_role', '/read_only'), /\(28000\)|refused the (password|user)/],
      [url('only_tls'), /sslmode=require/],
      [url('read_only', '/read_only?sslmode=require'), /does not offer TLS/],
      [url('read_only', '/read_only?sslrootcert=/missing.crt'), /^\/missing\.crt does not exist/],
      [`postgres://x:y@127.0.0.1:1/x`, /nothing listens at that address/],
      ['postgres://x:y@no-such-host.invalid/x', /host name (is unknown|cannot be resolved)/],
      [`postgres://x@/x?host=${folder}/missing`, /no such socket/],
      ['postgres://x:y#z@host/x', /percent-encoded/],
    ]
    for (const [DATABASE_URL, message] of expected) await expectError({ DATABASE_URL }, message)
  })

  test('that names what is wrong with the data folder', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    await expectError({ DATA_DIR: file }, /is a file, .*DATA_DIR/)
    await expectError({ DATA_DIR: join(file, 'data') }, /is a file, .*DATA_DIR/)
  })

  if (noDisk === undefined)
    test('that says that the disk is full', async () => {
      const { folder, fill } = mountSmallDisk()
      fill()
      await expectError({ DATA_DIR: join(folder, 'data') }, /full disk.*DATA_DIR/)
    })
})

describe.skipIf(noPostgres !== undefined)('the program starts', () => {
  beforeAll(build)

  test('with a socket in the URL, with several hosts, and with another date style of the role', async () => {
    const { port, folder } = await startServer()
    const credentials = `other_dates:${password}`
    for (const DATABASE_URL of [
      `postgres://other_dates@/other_dates?host=${folder}&port=${port}`,
      `postgres://${credentials}@127.0.0.1:1,127.0.0.1:${port}/other_dates`,
    ]) {
      const program = start({ DATABASE_URL })
      await program.line(/Ctrl-C stops it/)
      expect((await program.stop()).code).toBe(0)
    }
  })
})
