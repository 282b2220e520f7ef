import { beforeAll, expect, test, vi } from 'vitest'
import { onPostgres } from '../helpers/database.ts'
import { freePort } from '../helpers/free-port.ts'
import { approveAndReturn } from '../helpers/gateway.ts'
import { build, createLink, run, serve, temporaryFolder } from './process.ts'
import { newStore } from './store.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

/** The samples of the metrics that are served on a port of their own, by name and labels. */
async function readMetrics(port: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`)
  expect(response.status).toBe(200)
  const lines = (await response.text()).split('\n').filter((line) => /^[a-z]/.test(line))
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      return [line.slice(0, at), Number(line.slice(at + 1))]
    }),
  )
}

const created =
  'connect_gateway_request_duration_seconds_count{operation="CreateConnectLink",type="mutation",caller="API_KEY",outcome="OK"}'

test('METRICS_PORT serves metrics without a token, also how long a link took, and how links were polled', async () => {
  const METRICS_PORT = String(await freePort())
  const gateway = await serve({ ...(await newStore()), METRICS_PORT })
  const link = await createLink(gateway, 'PIPEDREAM', { connector: 'github' })
  await createLink(gateway, 'PIPEDREAM', { connector: 'github', endUser: { id: 'user-2' } })
  await approveAndReturn(link.url ?? '')
  await vi.waitFor(
    async () => {
      const samples = await readMetrics(METRICS_PORT)
      expect(samples.get('connect_gateway_link_completion_seconds_count{provider="PIPEDREAM"}')).toBe(1)
      expect(samples.get('connect_gateway_polls_total{provider="PIPEDREAM",outcome="open"}')).toBeGreaterThan(
        0,
      )
      expect(samples.get('connect_gateway_database_connections{state="waiting"}')).toBeGreaterThanOrEqual(0)
      expect(samples.get(created)).toBe(2)
    },
    { timeout: 60_000, interval: 500 },
  )
  const url = `http://127.0.0.1:${METRICS_PORT}`
  expect((await fetch(`${url}/graphql`)).status).toBe(404)
  expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405)
  expect((await fetch(new URL('/metrics', gateway.url))).status).toBe(404)

  const second = run('serve', { PORT: '0', SANDBOX: 'off', DATA_DIR: temporaryFolder(), METRICS_PORT })
  expect(await second.ended).toEqual({ code: 1, signal: null })
  expect(second.stderr()).toMatch(
    /^The metrics cannot be served \([^\n]+\): see METRICS_PORT and METRICS_HOST\.\n$/,
  )
  expect(await gateway.stop()).toEqual({ code: 0, signal: null })
})

onPostgres(
  'with several workers METRICS_PORT has the sum of all, and what is in the database once',
  async () => {
    const METRICS_PORT = String(await freePort())
    const gateway = await serve({ WORKERS: '2', ...(await newStore()), METRICS_PORT })
    const count = 20
    for (let index = 0; index < count; index += 1)
      await createLink(gateway, 'PIPEDREAM', { endUser: { id: `user-${index}` } })
    const samples = await readMetrics(METRICS_PORT)
    expect(samples.get(created)).toBe(count)
    expect(samples.get('connect_gateway_open_links{provider="PIPEDREAM",status="CREATED"}')).toBe(count)
    expect(samples.get('connect_gateway_circuit_state{provider="PIPEDREAM",state="CLOSED"}')).toBe(1)
    expect(await gateway.stop()).toEqual({ code: 0, signal: null })
  },
)
