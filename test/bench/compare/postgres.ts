import { execFileSync } from 'node:child_process'
import { chownSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { scratchFolder } from '../../endurance/processes.ts'
import { freePort } from '../../helpers/free-port.ts'
import { bin, noPostgres, unprivileged } from '../../proxies/postgres-server.ts'

/** A server with two databases of the comparison. */
export interface BenchServer {
  /** The gateway's database, whose owner is no superuser. */
  readonly gatewayUrl: string
  /** Copies the gateway's database, which must not be in use; returns the URL of the copy. */
  copyForLimit(): Promise<string>
}

/** The server of DATABASE_URL; without it, one that is started from the installed programs and stopped at the end. */
export async function openServer(): Promise<BenchServer> {
  const server = process.env.DATABASE_URL ?? (await startServer())
  const urlOf = (database: string) => Object.assign(new URL(server), { pathname: `/${database}` }).href
  const owned = new URL(urlOf('gateway_compare'))
  Object.assign(owned, { username: 'gateway_compare', password: 'gateway_compare' })
  await execute(
    server,
    'drop database if exists gateway_compare with (force)',
    'drop database if exists gateway_compare_limit with (force)',
    'drop role if exists gateway_compare',
    `create role gateway_compare login password 'gateway_compare'`,
    'create database gateway_compare owner gateway_compare',
  )
  return {
    gatewayUrl: owned.href,
    async copyForLimit() {
      await execute(server, 'create database gateway_compare_limit template gateway_compare')
      await execute(urlOf('gateway_compare_limit'), 'analyze')
      return urlOf('gateway_compare_limit')
    },
  }
}

async function execute(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

async function startServer(): Promise<string> {
  if (noPostgres !== undefined)
    throw new Error('set DATABASE_URL to a PostgreSQL server, or install postgresql')
  const folder = scratchFolder()
  const { uid, gid } = unprivileged
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid)
  const port = await freePort()
  const data = join(folder, 'data')
  const run = (program: string, args: readonly string[]) =>
    execFileSync(join(bin, program), ['-D', data, ...args], { ...unprivileged, cwd: folder, stdio: 'ignore' })
  run('initdb', ['-U', 'postgres', '-A', 'trust', '--no-sync'])
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`
  // Before the folder is removed: listeners run in the order in which they were added, so this one comes first.
  process.prependOnceListener('exit', () => run('pg_ctl', ['-m', 'immediate', '-w', 'stop']))
  run('pg_ctl', ['-l', join(folder, 'log'), '-w', '-o', settings, 'start'])
  return `postgres://postgres@127.0.0.1:${port}/postgres`
}
