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
 * What it takes to read 100,000 connections of four providers: seconds, the gateway's peak of memory, rows written; the
 * same a second time, after some have changed, and after a kill on the way. The built program (npm run build), on the
 * embedded store or on the server that DATABASE_URL names, the providers in a process of their own. Compiled with the rest:
 * npx tsc -p . --noEmit false --noCheck --outDir node_modules/.cache/bench, then
 * node node_modules/.cache/bench/test/bench/sync.js [connections of each provider]
 */
const each = Number(process.argv[2] ?? 25_000)
const server = process.env.DATABASE_URL
const folder = mkdtempSync(join(tmpdir(), 'gateway-bench-'))
const key = 'gw_key_of_the_bench'

const sandbox = await start('sandbox', /listens on (http:\S+) under/, {
  SANDBOX_PORT: '0',
  SANDBOX_CONNECTIONS: String(each),
  DATA_DIR: join(folder, 'sandbox'),
})
const credentials = Object.assign(
  {},
  ...providerDefinitions.map((definition) => definition.sandboxVariables(sandbox.found, {})),
)

print(`${each * 4} connections, ${server === undefined ? 'embedded store' : 'PostgreSQL'}`)
const first = await openStore('first')
const took = await readAll('first reading', first)
await report(first)
await readAll('second reading, nothing new', first)
await report(first)
await change(25)
await readAll('third reading, 25 Fivetran connections have broken', first)
await report(first)
const second = await openStore('killed')
await killAfter(took / 4, second)
await report(second)
await readAll('reading after the kill', second)
await report(second)
await readAll('second reading after the kill', second)
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

/** Asks for the list until all of it has been read by this process. Answers the seconds. */
async function readAll(what: string, store: Store): Promise<number> {
  const { child, found: url } = await serve(store)
  const startedAt = performance.now()
  while (!(await isFresh(url))) await sleep(100)
  const seconds = (performance.now() - startedAt) / 1000
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
  print(`${what}: ${seconds.toFixed(1)} s, peak ${Math.round(Number(peak) / 1024)} MiB`)
  child.kill()
  await once(child, 'exit')
  return seconds
}

async function killAfter(seconds: number, store: Store): Promise<void> {
  const { child, found: url } = await serve(store)
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
  const answer = await response.text()
  if (answer.includes('"errors"')) throw new Error(answer)
  return !/STALE|FAILED/.test(answer)
}

/** What the store holds, and how many of its rows were written since it was last looked at. */
async function report({ open }: Store): Promise<void> {
  const { db, close } = await open()
  await sql`create table if not exists bench_versions (id uuid, version text)`.execute(db)
  const { rows } = await sql<{ rows: number; things: number; gone: number; written: number }>`
    select count(*) as rows, count(distinct (account_key, direction, remote_id)) as things,
      count(*) filter (where status = 'DISCONNECTED') as gone,
      count(*) filter (where bench_versions.id is null) as written
    from connections left join bench_versions
      on bench_versions.id = connections.id and version = connections.xmin::text`.execute(db)
  await sql`truncate bench_versions`.execute(db)
  await sql`insert into bench_versions select id, xmin::text from connections`.execute(db)
  await close()
  const [{ rows: count, things, gone, written } = { rows: 0, things: 0, gone: 0, written: 0 }] = rows
  print(`  ${count} rows, ${things} different, ${gone} disconnected; ${written} written since`)
}

/** Breaks so many connections at one provider. */
async function change(count: number): Promise<void> {
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
    const response = await fetch(`${sandbox.found}/__sandbox/break`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ vendor: 'fivetran', id }),
    })
    if (!response.ok) throw new Error(await response.text())
  }
}

/** Starts the built program; answers when it says what the pattern wants, with the first group of it. */
async function start(
  command: string,
  pattern: RegExp,
  environment: Record<string, string>,
): Promise<{ readonly child: ChildProcess; readonly found: string }> {
  const child = spawn(process.execPath, ['dist/main.js', command], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const found = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += String(chunk)
      const [, word] = pattern.exec(said) ?? []
      if (word !== undefined) resolve(word)
    })
    child.once('exit', () => reject(new Error(`the program ended: ${said}`)))
  })
  return { child, found }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
