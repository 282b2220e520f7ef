import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { freePort } from '../helpers/free-port.ts'
import { randomFrom } from '../helpers/random.ts'
import { credentialsFor } from '../helpers/sandbox-credentials.ts'
import { type Client, createClient } from './client.ts'
import { findViolations } from './kill-loop/checks.ts'
import { createLoad, type Load } from './kill-loop/load.ts'
import { settle } from './kill-loop/settle.ts'
import {
  type RunningProcess,
  scratchFolder,
  startGatewayProcess,
  startSandboxProcess,
  storeEnvironment,
} from './processes.ts'

/**
 * Kills the gateway with SIGKILL at random moments, again and again, while clients create links with idempotency keys,
 * approve them at the providers, and disconnect connections. At the end, what was acknowledged to the clients must be
 * true at the gateway and at the providers.
 *
 *     npm run endurance -- kill-loop [--rounds 60] [--store pglite|postgres] [--seed 1]
 *
 * A round is a start of the gateway, load until a call is acknowledged (at most 30 s) and up to 3 s longer, and a SIGKILL.
 * The sandbox runs in a process of its own, and keeps running. Violations: an acknowledged link or disconnection that is
 * lost, a key with two links or two connections, an approved link that does not complete, and a connection at a provider
 * that belongs to no link. A connection at Census V2 whose browser returns too late is expected
 * without an end user. Every key is repeated and every link has to end: a row that stays locked is found, too.
 */
export async function main(args: readonly string[]): Promise<readonly string[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '60' },
      store: { type: 'string', default: 'pglite' },
      seed: { type: 'string', default: '1' },
    },
  })
  const random = randomFrom(Number(values.seed))
  const sandboxFolder = scratchFolder()
  const sandbox = await startSandboxProcess({ DATA_DIR: sandboxFolder })
  const store = await storeEnvironment(values.store, 'gateway_kill_loop')
  const environment = {
    ...store,
    ...credentialsFor(sandbox.origin),
    // Pages and return URLs contain the port: it must be the same after each start.
    PORT: String(await freePort()),
    RATE_LIMIT_ADDRESS: '0',
  }
  async function withGateway(work: (client: Client) => Promise<readonly string[]>) {
    const gateway = await startGatewayProcess(environment)
    const client = createClient(gateway.url)
    const result = await work(client)
    await client.close()
    await gateway.stop()
    return result
  }
  const load = createLoad(random, `http://127.0.0.1:${environment.PORT}`)
  const rounds = Number(values.rounds)
  for (let round = 1; round <= rounds; round += 1) {
    const gateway = await startGatewayProcess(environment)
    await underLoad(load, gateway, 200 + random.below(2_800))
    console.log(`round ${round}: ${load.describe()}`)
  }
  const unsettled = await withGateway((client) => settle(load, client))
  const violations = await withGateway((client) => findViolations(load, client, sandboxFolder))
  await sandbox.stop()
  console.log(`${rounds} kills on ${values.store}, seed ${values.seed}: ${load.describe()}`)
  return [...unsettled, ...violations]
}

/** Runs the clients until a call is acknowledged and then for that time, and kills the gateway while they go on. */
async function underLoad(load: Load, gateway: RunningProcess & { readonly url: string }, forMs: number) {
  const client = createClient(gateway.url)
  const ended = new AbortController()
  const clients = load.run(client, ended.signal)
  const acknowledged = load.acknowledged()
  for (let tries = 0; tries < 300 && load.acknowledged() === acknowledged; tries += 1) await sleep(100)
  await sleep(forMs)
  await gateway.stop('SIGKILL')
  ended.abort()
  await Promise.all(clients)
  await client.close()
}
