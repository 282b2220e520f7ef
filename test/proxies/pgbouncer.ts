import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { freePort } from '../helpers/free-port.ts'
import { isAccepting, noPostgres, serverFolder, unprivileged } from './postgres-server.ts'

const program = '/usr/sbin/pgbouncer'

/** Why the tests behind pgbouncer are skipped; `undefined` if they are not. */
export const noPgbouncer = existsSync(program) ? noPostgres : `skipped: no pgbouncer at ${program}`

if (noPgbouncer !== undefined) console.warn(`The tests behind pgbouncer are ${noPgbouncer}.`)

/**
 * Starts pgbouncer with its default settings, but in transaction mode and with this number of connections to the server;
 * stopped after the test. Returns the URL of the database through it.
 */
export async function startPgbouncer(databaseUrl: string, poolSize: number): Promise<string> {
  const folder = serverFolder()
  const { hostname, port: serverPort, username, password, pathname } = new URL(databaseUrl)
  const port = await freePort()
  writeFileSync(join(folder, 'users'), `"${username}" "${password}"\n`)
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    [
      '[databases]',
      `* = host=${hostname} port=${serverPort}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = plain',
      `auth_file = ${join(folder, 'users')}`,
      'pool_mode = transaction',
      `default_pool_size = ${poolSize}`,
    ].join('\n'),
  )
  const child = spawn(program, ['-q', join(folder, 'pgbouncer.ini')], { ...unprivileged, stdio: 'ignore' })
  onTestFinished(async () => {
    const ended = once(child, 'exit')
    if (child.exitCode === null && child.kill('SIGKILL')) await ended
  })
  const url = `postgres://${username}:${password}@127.0.0.1:${port}${pathname}`
  while (!(await isAccepting(url))) {
    if (child.exitCode !== null) throw new Error('pgbouncer has ended')
    await sleep(50)
  }
  return url
}
