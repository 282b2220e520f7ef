import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { providerDefinitions } from '../../src/providers/index.ts'
import { type OpenDatabase, openDatabase } from '../../src/store/database.ts'
import { freshPostgres } from '../helpers/database.ts'

/**
 * Measures a full sync of 25,000 connections of each provider: seconds, peak memory of the gateway, rows written;
 * again without changes, after some connections have changed, and after the gateway was killed during the sync. Runs
 * the built program (npm run build) on PGlite or on the server of DATABASE_URL; the sandbox providers run in another
 * process. Compile and run it:
 *
 *     npx tsc -p . --noEmit false --noCheck --outDir node_modules/.cache/bench
 *     node node_modules/.cache/bench/test/bench/sync.js [connections per provider]
 */
const perProvider = Number(process.argv[2] ?? 25_000)
const server = process.env.DATABASE_URL
const folder = mkdtempSync(join(tmpdir(), 'gateway-bench-'))
const key = 'gw_key_of_the_bench'

const sandbox = await start('sandbox', /listens on (http:\S+) under/, {
  SANDBOX_PORT: '0',
  SANDBOX_CONNECTIONS: String(perProvider),
  DATA_DIR: join(folder, 'sandbox'),
})
const credentials = Object.assign(
  {},
  ...providerDefinitions.map((definition) => definition.sandboxVariables(sandbox.url, {})),
)

print(
  `${perProvider * providerDefinitions.length} connections, ${server === undefined ? 'PGlite' : 'PostgreSQL'}`,
)
const first = await openStore('first')
const firstSyncSeconds = await measureSync('first sync', first)
await report(first)
await measureSync('second sync, no changes', first)
await report(first)
await breakConnections(25)
await measureSync('third sync, 25 Fivetran connections broken', first)
await report(first)
const second = await openStore('killed')
await killAfter(firstSyncSeconds / 4, second)
await report(second)
await measureSync('sync after the kill', second)
await report(second)
await measureSync('second sync after the kill', second)
await report(second)

sandbox.child.kill()
rmSync(folder, { recursive: true, force: true })

type Store = Awaited<ReturnType<typeof openStore>>

async function openStore(name: string) {
  const url = server && (await freshPostgres(server, `gateway_bench_${name}`))
  const environment = {
    PORT: '0',
    GATEWAY_API_KEY: key,
    DATA_DIR: join(folder, name),
    ...(url && { DATABASE_URL: url, GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32) }),
    ...credentials,
  }
  const open = (): Promise<OpenDatabase> => openDatabase(url ? { url } : { folder: join(folder, name) })
  return { environment, open }
}

function serve({ environment }: Store) {
  return start('serve', /GraphiQL +(\S+)[\s\S]*Ctrl-C/, environment)
}

/** Starts the gateway and polls the list until the sync has completed. Returns the duration in seconds. */
async function measureSync(label: string, store: Store): Promise<number> {
  const { child, url } = await serve(store)
  const startedAt = performance.now()
  while (!(await isFresh(url))) await sleep(100)
  const seconds = (performance.now() - startedAt) / 1000
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
  print(`${label}: ${seconds.toFixed(1)} s, peak ${Math.round(Number(peak) / 1024)} MiB`)
  child.kill()
  await once(child, 'exit')
  return seconds
}

async function killAfter(seconds: number, store: Store): Promise<void> {
  const { child, url } = await serve(store)
  await isFresh(url)
  await sleep(seconds * 1000)
  print(`killed after ${seconds.toFixed(1)} s`)
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function isFresh(url: string): Promise<boolean> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: '{ connections(first: 1) { syncStatus { state } } }' }),
  })
  const body = await response.text()
  if (body.includes('"errors"')) throw new Error(body)
  return !/STALE|FAILED/.test(body)
}

/** Prints the number of stored rows, and how many were written since the last report. */
async function report({ open }: Store): Promise<void> {
  const { db, close } = await open()
  await sql`create table if not exists bench_versions (id uuid, version text)`.execute(db)
  const { rows } = await sql<{ rows: number; distinct: number; disconnected: number; written: number }>`
    select count(*) as rows, count(distinct (account_key, direction, remote_id)) as "distinct",
      count(*) filter (where status = 'DISCONNECTED') as disconnected,
      count(*) filter (where bench_versions.id is null) as written
    from connections left join bench_versions
      on bench_versions.id = connections.id and version = connections.xmin::text`.execute(db)
  await sql`truncate bench_versions`.execute(db)
  await sql`insert into bench_versions select id, xmin::text from connections`.execute(db)
  await close()
  const [
    { rows: count, distinct, disconnected, written } = { rows: 0, distinct: 0, disconnected: 0, written: 0 },
  ] = rows
  print(
    `  ${count} rows, ${distinct} distinct, ${disconnected} disconnected; ${written} written since the last report`,
  )
}

/** Breaks `count` connections at the Fivetran sandbox. */
async function breakConnections(count: number): Promise<void> {
  const { db, close } = await first.open()
  const rows = await db
    .selectFrom('connections')
    .select('remoteId')
    .where('provider', '=', 'FIVETRAN')
    .where('status', '=', 'ACTIVE')
    .limit(count)
    .execute()
  await close()
  for (const { remoteId: id } of rows) {
    const response = await fetch(`${sandbox.url}/__sandbox/break`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ vendor: 'fivetran', id }),
    })
    if (!response.ok) throw new Error(await response.text())
  }
}

/** Starts the built program; resolves when its output matches the pattern. `url` is the first capture group. */
async function start(
  command: string,
  pattern: RegExp,
  environment: Record<string, string>,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, ['dist/main.js', command], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += String(chunk)
      const [, match] = pattern.exec(output) ?? []
      if (match !== undefined) resolve(match)
    })
    child.once('exit', () => reject(new Error(`the program exited: ${output}`)))
  })
  return { child, url }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
