import { beforeAll, describe, expect, vi } from 'vitest'
import { connectionStatuses } from '../../src/domain/statuses.ts'
import { ConnectionsDocument, type ConnectionsQuery } from '../generated/graphql.ts'
import { providers } from '../graphql/open.ts'
import { freshPostgres, onEmbedded, onPostgres } from '../helpers/database.ts'
import { build, type Gateway, serve } from './process.ts'
import { requestsOf, serveSandbox } from './sandbox.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

const connectionsPerProvider = 300
const filter = { statuses: [...connectionStatuses] }

/** All pages of the list, and the sync state of each provider. */
async function readList({ send }: Gateway) {
  const rows: ConnectionsQuery['connections']['nodes'] = []
  let after: string | null = null
  for (;;) {
    const page: ConnectionsQuery = await send(ConnectionsDocument, { filter, first: 100, after })
    const { nodes, pageInfo, syncStatus }: ConnectionsQuery['connections'] = page.connections
    rows.push(...nodes)
    if (!pageInfo.hasNextPage) return { rows, states: syncStatus.map(({ state }) => state) }
    after = pageInfo.endCursor ?? null
  }
}

async function killAndRestart(environment: Record<string, string>) {
  const sandbox = await serveSandbox(environment, { SANDBOX_CONNECTIONS: String(connectionsPerProvider) })
  const hanging = { provider: 'CENSUS', path: 'page=2', times: 100, delayMs: 3_600_000 }
  expect((await sandbox.control('POST', 'faults', hanging)).status).toBe(201)
  const isSecondPage = (line: string) => line.includes('/census/') && line.includes('page=2')

  const gateway = await serve(sandbox.environment)
  const partial = await readList(gateway)
  await vi.waitFor(async () => expect((await requestsOf(sandbox)).some(isSecondPage)).toBe(true), 60_000)
  expect(partial.states[providers.indexOf('CENSUS')]).toBe('FAILED')
  await gateway.stop('SIGKILL')
  await sandbox.control('DELETE', 'faults')

  const restarted = await serve(sandbox.environment)
  const complete = await vi.waitFor(
    async () => {
      const list = await readList(restarted)
      expect(list.states).toEqual(providers.map(() => 'FRESH'))
      return list.rows
    },
    { timeout: 120_000, interval: 500 },
  )
  expect(new Set(complete.map(({ provider, remoteId }) => `${provider.key} ${remoteId}`)).size).toBe(
    complete.length,
  )
  for (const key of providers)
    expect(complete.filter(({ provider }) => provider.key === key).length, key).toBe(connectionsPerProvider)
  expect(complete.filter(({ status }) => status === 'DISCONNECTED')).toEqual([])
}

describe('a gateway that is killed during a sync has the complete lists after a restart', () => {
  onEmbedded('with the embedded database', () => killAndRestart({}))

  onPostgres('with PostgreSQL', async (server) =>
    killAndRestart({ DATABASE_URL: await freshPostgres(server, 'gateway_sync_killed') }),
  )
})
