import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshPostgres } from '../helpers/database.ts'

/** The built program, relative to the project's folder, in which the scripts are run. */
const program = 'dist/main.js'

export interface RunningProcess {
  readonly pid: number
  readonly ended: Promise<number | null>
  output(): string
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts `dist/main.js <command>` and waits until it prints a line that matches. */
export const startProcess = (
  command: string,
  environment: Readonly<Record<string, string>>,
  ready: RegExp,
): Promise<RunningProcess & { readonly match: RegExpExecArray }> =>
  startNode([program, command], environment, ready)

/** Starts Node.js with these arguments and waits until it prints a line that matches. Killed at the end of the script. */
export async function startNode(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  ready: RegExp,
): Promise<RunningProcess & { readonly match: RegExpExecArray }> {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let output = ''
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      running.delete(child)
      resolve(code)
    })
  })
  child.stderr.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-1_000_000)
  })
  const match = await new Promise<RegExpExecArray>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-1_000_000)
      const found = ready.exec(output)
      if (found) resolve(found)
    })
    ended.then((code) =>
      reject(new Error(`${args.join(' ')} ended with code ${code}: ${output.slice(-2_000)}`)),
    )
  })
  return {
    pid: child.pid ?? 0,
    match,
    ended,
    output: () => output,
    stop(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}

/** A folder that is removed at the end of the script. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-endurance-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Starts the sandbox in a process of its own; returns its origin. */
export async function startSandboxProcess(
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningProcess & { readonly origin: string }> {
  const sandbox = await startProcess(
    'sandbox',
    { SANDBOX_PORT: '0', DATA_DIR: scratchFolder(), ...environment },
    /^The sandbox listens on (http:\S+) under/m,
  )
  return { ...sandbox, origin: sandbox.match[1] ?? '' }
}

export const apiKey = 'gw_key_of_an_endurance_script_of_this_project'

/** Starts the gateway; returns the URL of its GraphQL endpoint. */
export async function startGatewayProcess(
  environment: Readonly<Record<string, string>>,
): Promise<RunningProcess & { readonly url: string }> {
  const gateway = await startProcess(
    'serve',
    {
      PORT: '0',
      SANDBOX_PORT: '0',
      GATEWAY_API_KEY: apiKey,
      GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32),
      ...environment,
    },
    /^ +Start here +(\S+)[\s\S]*Ctrl-C stops it/m,
  )
  return { ...gateway, url: new URL('graphql', gateway.match[1] ?? '').href }
}

/** The environment of a store: `postgres` (a new database on the server of `DATABASE_URL`) or `pglite`. */
export async function storeEnvironment(store: string, name: string): Promise<Record<string, string>> {
  if (store === 'pglite') return { DATA_DIR: scratchFolder() }
  if (store !== 'postgres') throw new Error('--store must be pglite or postgres')
  const server = process.env.DATABASE_URL
  if (server === undefined) throw new Error('set DATABASE_URL to a PostgreSQL server for --store postgres')
  return { DATA_DIR: scratchFolder(), DATABASE_URL: await freshPostgres(server, name) }
}
