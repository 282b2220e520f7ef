import { beforeAll, expect, onTestFinished, vi } from 'vitest'
import { providerDefinitions } from '../../src/providers/index.ts'
import { runRollingRestart } from '../endurance/rolling-load.ts'
import { startBalancer } from '../endurance/two-gateways.ts'
import { onPostgres } from '../helpers/database.ts'
import { build, freePort, type Gateway, run, serve, temporaryFolder } from '../start/process.ts'
import { newStore } from '../start/store.ts'
import { missingProxy } from './proxy.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 })

beforeAll(build)

const missing = missingProxy('nginx')

onPostgres(
  'two gateways start at once on an empty database, and restart under load without a failure',
  async () => {
    if (missing !== undefined) return
    const environment = await gatewayEnvironment()
    const ports = [await freePort(), await freePort()]
    const start = (port: number) => serve({ ...environment, PORT: String(port) })
    // At once, on an empty database.
    const gateways = await Promise.all(ports.map(start))
    // `max_fails=0`: nginx would otherwise avoid a gateway for 10 s after a refused connection.
    const proxy = await startBalancer(ports, 'max_fails=0')
    onTestFinished(proxy.stop)

    const { failures, ...counts } = await runRollingRestart({
      url: `${proxy.origin}/graphql`,
      apiKey: environment.GATEWAY_API_KEY,
      queryWorkers: 4,
      linkWorkers: 2,
      subscribers: 10,
      pauseMs: 1_500,
      restarts: ports.map((port, index) => async () => {
        expect(await (gateways[index] as Gateway).stop()).toEqual({ code: 0, signal: null })
        gateways[index] = await start(port)
      }),
    })

    expect(failures).toEqual([])
    expect(counts.queries).toBeGreaterThan(0)
    expect(counts.links).toBeGreaterThan(counts.subscribers)
    expect(counts.reconnects).toBeGreaterThan(0)
  },
)

/** A database and a sandbox that both gateways use. */
async function gatewayEnvironment() {
  const { DATABASE_URL = '', DATA_DIR } = await newStore()
  const sandbox = run('sandbox', { SANDBOX_PORT: '0', DATA_DIR: temporaryFolder() })
  const [, url = ''] = await sandbox.line(/listens on (\S+) under/)
  const variables = providerDefinitions.map((definition) => definition.sandboxVariables(url, {}))
  return {
    ...Object.assign({}, ...variables),
    DATABASE_URL,
    DATA_DIR,
    GATEWAY_API_KEY: 'gw_key_of_the_rolling_restart_test',
    GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32),
    RATE_LIMIT_ADDRESS: '0',
  } as { readonly GATEWAY_API_KEY: string } & Record<string, string>
}
