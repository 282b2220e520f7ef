import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { freePort } from '../helpers/free-port.ts'

const installed = '/usr/lib/postgresql'
const latest = existsSync(installed)
  ? readdirSync(installed)
      .toSorted((a, b) => +a - +b)
      .at(-1)
  : undefined
/** Where the programs of the newest installed version are. */
export const bin = join(installed, latest ?? '', 'bin')

/** Why the tests that start PostgreSQL servers are skipped; `undefined` if they are not. */
export const noPostgres = existsSync(join(bin, 'initdb'))
  ? undefined
  : `skipped: no PostgreSQL server in ${installed}; install postgresql`

if (noPostgres !== undefined) console.warn(`The tests with servers of their own are ${noPostgres}.`)

const isRoot = process.getuid?.() === 0
const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
/** PostgreSQL and pgbouncer refuse to run as root. */
export const unprivileged: { readonly uid?: number; readonly gid?: number } =
  isRoot && noPostgres === undefined ? { uid: idOf('-u'), gid: idOf('-g') } : {}

/** A folder that the servers can write to; removed after the test. */
export function serverFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-server-'))
  const { uid, gid } = unprivileged
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const superuser = 'postgres_test'

export interface PostgresServer {
  readonly folder: string
  readonly port: number
  /** Of the superuser, for the database `postgres`. */
  readonly url: string
  /** Immediate: without a checkpoint, and without waiting for its clients. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Runs a statement as superuser. */
  query<Row extends pg.QueryResultRow>(text: string): Promise<Row[]>
}

export interface ServerOptions {
  /** Lines of postgresql.conf. */
  readonly settings?: readonly string[]
  /** Lines of pg_hba.conf that come first. */
  readonly access?: readonly string[]
  /** The server becomes a standby of this one. */
  readonly primary?: PostgresServer
  readonly folder?: string
}

/** Starts a PostgreSQL server of its own on a free port of 127.0.0.1; stopped and removed after the test. */
export async function startPostgres(options: ServerOptions = {}): Promise<PostgresServer> {
  const folder = options.folder ?? serverFolder()
  const data = join(folder, 'data')
  const port = await freePort()
  createData(data, folder, options)
  const settings = [
    `port = ${port}`,
    "listen_addresses = '127.0.0.1'",
    `unix_socket_directories = '${folder}'`,
    'fsync = off',
    ...(options.settings ?? []),
  ]
  appendFileSync(join(data, 'postgresql.conf'), `\n${settings.join('\n')}\n`)
  if (options.access) prepend(join(data, 'pg_hba.conf'), options.access)
  const url = `postgres://${superuser}@127.0.0.1:${port}/postgres`
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    const started = spawn(join(bin, 'postgres'), ['-D', data], {
      ...unprivileged,
      cwd: folder,
      stdio: 'ignore',
    })
    child = started
    while (!(await isAccepting(url))) {
      if (started.exitCode !== null) throw new Error('the PostgreSQL server has ended')
      await sleep(50)
    }
  }

  async function stop(): Promise<void> {
    if (child === undefined || child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGQUIT')
    await ended
  }

  onTestFinished(stop)
  await start()
  return { folder, port, url, start, stop, query: (text) => queryOnce(url, text) }
}

function createData(data: string, folder: string, { primary }: ServerOptions): void {
  const [program, args] = primary
    ? ['pg_basebackup', ['-R', '-c', 'fast', '-d', primary.url]]
    : ['initdb', ['-U', superuser, '-A', 'trust', '--no-sync']]
  execFileSync(join(bin, String(program)), ['-D', data, ...(args ?? [])], { ...unprivileged, cwd: folder })
}

/** Whether the server accepts connections with this URL. */
export const isAccepting = (url: string): Promise<boolean> =>
  queryOnce(url, 'select 1').then(
    () => true,
    () => false,
  )

async function queryOnce<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  // Ends the query; an error event without a listener would end the process.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end().catch(() => undefined)
  }
}

function prepend(file: string, lines: readonly string[]): void {
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, `${lines.join('\n')}\n${text}`)
}

/** Creates a role without privileges and a database that it owns; returns the URL. */
export async function ownDatabase({ query, port }: PostgresServer): Promise<string> {
  await query(`create role gateway login password 'p-of-gateway'`)
  await query('create database gateway owner gateway')
  return `postgres://gateway:p-of-gateway@127.0.0.1:${port}/gateway`
}
