import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { freePort } from '../helpers/free-port.ts'
import { credentialsFor } from '../helpers/sandbox-credentials.ts'
import { apiKey, startGatewayProcess, startSandboxProcess, storeEnvironment } from './processes.ts'
import { runRollingRestart } from './rolling-restart/load.ts'
import { startBalancer } from './rolling-restart/two-gateways.ts'

/**
 * Restarts two gateways behind nginx, with its defaults for `proxy_next_upstream` and `max_fails`, one after the other
 * under load. No request may fail, and no subscription of a link may lose its event.
 *
 *     DATABASE_URL=… npm run endurance -- rolling-restart [--restarts 3]
 *
 * `restarts`: of each gateway.
 */
export async function main(args: readonly string[]): Promise<readonly string[]> {
  const { values } = parseArgs({ args: [...args], options: { restarts: { type: 'string', default: '3' } } })
  const rounds = Number(values.restarts)
  const sandbox = await startSandboxProcess()
  const environment = {
    ...(await storeEnvironment('postgres', 'gateway_rolling_restart')),
    ...credentialsFor(sandbox.origin),
  }
  const start = (port: number) => startGatewayProcess({ ...environment, PORT: String(port) })
  const ports = [await freePort(), await freePort()]
  const gateways = new Map(await Promise.all(ports.map(async (port) => [port, await start(port)] as const)))
  async function restart(port: number): Promise<void> {
    const code = await gateways.get(port)?.stop()
    if (code !== 0) throw new Error(`the gateway ended with ${code}`)
    gateways.set(port, await start(port))
    await untilReady(port)
  }
  const proxy = await startBalancer(ports, '')
  const { failures, ...figures } = await runRollingRestart({
    url: `${proxy.origin}/graphql`,
    apiKey,
    queryWorkers: 8,
    linkWorkers: 4,
    subscribers: 50,
    pauseMs,
    restarts: Array.from({ length: rounds }, () => ports.map((port) => () => restart(port))).flat(),
  })
  console.log(JSON.stringify({ restarts: rounds * ports.length, ...figures }))
  if (failures.length > 0) console.log(proxy.log())
  await proxy.stop()
  await Promise.all([...gateways.values(), sandbox].map((one) => one.stop()))
  return failures
}

/** nginx avoids a gateway for 10 s after a refused connection: only afterwards may the other one be restarted. */
const pauseMs = 12_000

async function untilReady(port: number): Promise<void> {
  const status = () => fetch(`http://127.0.0.1:${port}/ready`).then((response) => response.status)
  for (let attempt = 0; (await status().catch(() => 0)) !== 200; attempt += 1) {
    if (attempt > 600) throw new Error('the gateway does not get ready')
    await sleep(100)
  }
}
