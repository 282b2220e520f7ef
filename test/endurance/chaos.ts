import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { randomFrom } from '../helpers/random.ts'
import { credentialsFor } from '../helpers/sandbox-credentials.ts'
import { check, duplicateWrites } from './chaos/checks.ts'
import { type FaultMix, startFaultProxy } from './chaos/fault-proxy.ts'
import { createRun, failing, type Phase } from './chaos/load.ts'
import { createClient } from './client.ts'
import { startGatewayProcess, startSandboxProcess, storeEnvironment } from './processes.ts'

/**
 * Two providers fail in every way while two others work: reads must stay fast, creations with a key must have one effect,
 * no request may exceed its deadline, and the circuit breakers must open and close.
 *
 *     npm run endurance -- chaos [--seconds 300] [--store pglite|postgres] [--seed 1]
 *
 * Phases: calm (a fifth of the time, at least 20 s), chaos, outage of the failing providers (20 s), recovery.
 */

const chaosMix: FaultMix = { error5xx: 0.3, reset: 0.05, slow: 0.05, truncated: 0.02, rateLimited: 0.05 }
const outage: FaultMix = { error5xx: 1, reset: 0, slow: 0, truncated: 0, rateLimited: 0 }

export async function main(args: readonly string[]): Promise<readonly string[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '300' },
      store: { type: 'string', default: 'pglite' },
      seed: { type: 'string', default: '1' },
    },
  })
  const seconds = Number(values.seconds)
  const random = randomFrom(Number(values.seed))
  const sandbox = await startSandboxProcess()
  const proxy = await startFaultProxy(sandbox.origin, random)
  const gateway = await startGatewayProcess({
    ...(await storeEnvironment(values.store, 'gateway_chaos')),
    ...credentialsFor(proxy.origin),
  })
  const client = createClient(gateway.url)
  const run = createRun(client)
  console.log('warm-up')
  await run.warmUp()
  console.log('calm')
  const end = new AbortController()
  const workers = run.start(end.signal)
  const setFaults = (mix: FaultMix | null) => {
    for (const key of failing) proxy.setFaults(key.toLowerCase(), mix)
  }
  const enter = (phase: Phase) => {
    run.phase = phase
    console.log(phase)
  }
  await sleep(Math.max(20, seconds / 5) * 1_000)
  enter('chaos')
  setFaults(chaosMix)
  await sleep(seconds * 1_000)
  enter('outage')
  setFaults(outage)
  await sleep(20_000)
  enter('recovery')
  setFaults(null)
  await sleep(75_000)
  end.abort()
  await Promise.all(workers)
  await run.finishPending()
  await client.close()
  const exitCode = await gateway.stop()
  await sandbox.stop()
  proxy.close()
  console.log(`provider requests: ${JSON.stringify(proxy.counts)}`)
  console.log(`status changes: ${run.statusChanges.join(', ')}`)
  console.log(`links: ${run.keys.size} keys, ${run.pending.size} not acknowledged`)
  return [
    ...check(run),
    ...duplicateWrites(proxy.writes, run.keys),
    ...(run.pending.size > 0 ? [`${run.pending.size} creations never succeeded`] : []),
    ...(exitCode === 0 ? [] : [`the gateway exited with code ${exitCode}`]),
  ]
}
