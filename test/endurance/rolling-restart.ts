import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { providerDefinitions } from '../../src/providers/index.ts'
import { freshPostgres } from '../helpers/database.ts'
import { runRollingRestart } from './rolling-load.ts'
import { startBalancer } from './two-gateways.ts'

/**
 * Restarts two gateways behind nginx, with its defaults for `proxy_next_upstream` and `max_fails`, one after the other
 * under load, and prints how many requests failed and how many subscriptions lost their event; exits with 1 if there is
 * one. Runs the built program (npm run build) on the PostgreSQL server of DATABASE_URL. Compile and run it:
 *
 *     npx tsc -p . --noEmit false --noCheck --outDir node_modules/.cache/endurance
 *     node node_modules/.cache/endurance/test/endurance/rolling-restart.js [restarts of each gateway]
 */
const rounds = Number(process.argv[2] ?? 3)
const server = process.env.DATABASE_URL
if (server === undefined) throw new Error('set DATABASE_URL')
const apiKey = 'gw_key_of_the_rolling_restart'
/** nginx avoids a gateway for 10 s after a refused connection: only afterwards may the other one be restarted. */
const pauseMs = 12_000

const folder = mkdtempSync(join(tmpdir(), 'gateway-rolling-'))
const children = new Set<ChildProcess>()
const sandbox = start('sandbox', { SANDBOX_PORT: '0', DATA_DIR: join(folder, 'sandbox') })
const sandboxUrl = await printed(sandbox, /listens on (http:\S+) under/)
const environment = {
  ...Object.assign(
    {},
    ...providerDefinitions.map((definition) => definition.sandboxVariables(sandboxUrl, {})),
  ),
  DATABASE_URL: await freshPostgres(server, 'gateway_rolling_restart'),
  DATA_DIR: folder,
  GATEWAY_API_KEY: apiKey,
  GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32),
}
const ports = [await findPort(), await findPort()]
const gateways = new Map(ports.map((port) => [port, startGateway(port)]))
for (const port of ports) await untilReady(port)
const proxy = await startBalancer(ports, '')

const startedAt = performance.now()
const { failures, ...figures } = await runRollingRestart({
  url: `${proxy.origin}/graphql`,
  apiKey,
  queryWorkers: 8,
  linkWorkers: 4,
  subscribers: 50,
  pauseMs,
  restarts: Array.from({ length: rounds }, () => ports.map((port) => () => restart(port))).flat(),
})
process.stdout.write(
  `${JSON.stringify({ seconds: Math.round((performance.now() - startedAt) / 1_000), restarts: rounds * 2, ...figures, failed: failures.length })}\n`,
)
for (const failure of failures) process.stdout.write(`${failure}\n`)
if (failures.length > 0) process.stdout.write(proxy.log())
await proxy.stop()
await Promise.all([...children].map(stop))
rmSync(folder, { recursive: true, force: true })
process.exit(failures.length === 0 ? 0 : 1)

async function restart(port: number): Promise<void> {
  const gateway = gateways.get(port)
  const code = gateway && (await stop(gateway))
  if (code !== 0) throw new Error(`the gateway ended with ${code}`)
  gateways.set(port, startGateway(port))
  await untilReady(port)
}

function startGateway(port: number): ChildProcess {
  return start('serve', { ...environment, PORT: String(port) })
}

function start(command: string, variables: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, ['dist/main.js', command], {
    env: { PATH: process.env.PATH ?? '', ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  return child
}

async function stop(child: ChildProcess): Promise<number | null> {
  children.delete(child)
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
  return child.exitCode
}

async function printed({ stdout }: ChildProcess, pattern: RegExp): Promise<string> {
  for await (const chunk of stdout ?? []) {
    const [, found] = pattern.exec(String(chunk)) ?? []
    if (found !== undefined) return found
  }
  throw new Error(`the program did not print ${pattern}`)
}

async function untilReady(port: number): Promise<void> {
  const status = () => fetch(`http://127.0.0.1:${port}/ready`).then((response) => response.status)
  for (let attempt = 0; (await status().catch(() => 0)) !== 200; attempt += 1) {
    if (attempt > 600) throw new Error('the gateway does not get ready')
    await sleep(100)
  }
}

async function findPort(): Promise<number> {
  const listener = createServer()
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  await new Promise((resolve) => listener.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}
