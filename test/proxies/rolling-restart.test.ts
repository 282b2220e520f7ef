import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { providerDefinitions } from '../../src/providers/index.ts'
import { type RollingRestart, runRollingRestart } from '../endurance/rolling-restart/load.ts'
import { startBalancer } from '../endurance/rolling-restart/two-gateways.ts'
import { onEmbedded, onPostgres } from '../helpers/database.ts'
import { freePort } from '../helpers/free-port.ts'
import { build, type Gateway, run, serve, temporaryFolder } from '../start/process.ts'
import { newStore } from '../start/store.ts'
import { missingProxy } from './proxy.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 })

beforeAll(build)

const missing = missingProxy('nginx')

if (missing !== undefined) test.skip(`rolling restart, ${missing}`, () => undefined)
else {
  onPostgres(
    'two gateways start at once on an empty database, and restart under load without a failure',
    async () => {
      const { failures, ...counts } = await restartAll([await freePort(), await freePort()], {
        queryWorkers: 4,
        linkWorkers: 2,
      })
      expect(failures).toEqual([])
      expect(counts.queries).toBeGreaterThan(0)
      expect(counts.links).toBeGreaterThan(counts.subscribers)
      expect(counts.reconnects).toBeGreaterThan(0)
    },
  )

  onEmbedded('subscribers of one gateway get their last event after its restart', async () => {
    const { failures, ...counts } = await restartAll([await freePort()], { queryWorkers: 0, linkWorkers: 0 })
    expect(failures).toEqual([])
    expect(counts.reconnects).toBeGreaterThanOrEqual(counts.subscribers)
  })
}

/** Starts gateways behind nginx at once, on an empty database, and restarts one after the other. */
async function restartAll(
  ports: readonly number[],
  workers: Pick<RollingRestart, 'queryWorkers' | 'linkWorkers'>,
) {
  const environment = await gatewayEnvironment()
  const start = (port: number) => serve({ ...environment, PORT: String(port) })
  const gateways = new Map<number, Gateway>()
  await Promise.all(ports.map(async (port) => gateways.set(port, await start(port))))
  // `max_fails=0`: nginx would otherwise avoid a gateway for 10 s after a refused connection.
  const proxy = await startBalancer(ports, 'max_fails=0')
  onTestFinished(proxy.stop)
  return runRollingRestart({
    ...workers,
    url: `${proxy.origin}/graphql`,
    apiKey: environment.GATEWAY_API_KEY,
    subscribers: 10,
    pauseMs: 1_500,
    restarts: ports.map((port) => async () => {
      expect(await gateways.get(port)?.stop()).toEqual({ code: 0, signal: null })
      gateways.set(port, await start(port))
    }),
  })
}

/** A database and a sandbox that both gateways use. */
async function gatewayEnvironment() {
  const store = await newStore()
  const sandbox = run('sandbox', { SANDBOX_PORT: '0', DATA_DIR: temporaryFolder() })
  const [, url = ''] = await sandbox.line(/listens on (\S+) under/)
  const variables = providerDefinitions.map((definition) => definition.sandboxVariables(url, {}))
  return {
    ...Object.assign({}, ...variables),
    ...store,
    GATEWAY_API_KEY: 'gw_key_of_the_rolling_restart_test',
    GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32),
    RATE_LIMIT_ADDRESS: '0',
  } as { readonly GATEWAY_API_KEY: string } & Record<string, string>
}
