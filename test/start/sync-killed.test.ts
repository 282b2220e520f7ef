import { beforeAll, describe, expect, test, vi } from 'vitest'
import { ConnectionsDocument, type ConnectionsQuery } from '../generated/graphql.ts'
import { providers } from '../graphql/open.ts'
import { freshPostgres, onPostgres } from '../helpers/database.ts'
import { build, type Gateway, serve } from './process.ts'
import { seenBy, serveSandbox } from './sandbox.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

const each = 300

/** The whole list, and what is said of where it comes from. */
async function readList({ send }: Gateway) {
  const rows: ConnectionsQuery['connections']['nodes'] = []
  let after: string | null = null
  for (;;) {
    const page: ConnectionsQuery = await send(ConnectionsDocument, { first: 100, after })
    const { nodes, pageInfo, syncStatus }: ConnectionsQuery['connections'] = page.connections
    rows.push(...nodes)
    if (!pageInfo.hasNextPage) return { rows, states: syncStatus.map(({ state }) => state) }
    after = pageInfo.endCursor ?? null
  }
}

async function killAndComeBack(environment: Record<string, string>) {
  const sandbox = await serveSandbox(environment, { SANDBOX_CONNECTIONS: String(each) })
  const hanging = { provider: 'CENSUS', path: 'page=2', times: 100, delayMs: 3_600_000 }
  expect((await sandbox.control('POST', 'faults', hanging)).status).toBe(201)
  const asksForMore = (line: string) => line.includes('/census/') && line.includes('page=2')

  const gateway = await serve(sandbox.environment)
  const early = await readList(gateway)
  await vi.waitFor(async () => expect((await seenBy(sandbox)).some(asksForMore)).toBe(true), 60_000)
  expect(early.states[providers.indexOf('CENSUS')]).toBe('FAILED')
  await gateway.stop('SIGKILL')
  await sandbox.control('DELETE', 'faults')

  const again = await serve(sandbox.environment)
  const whole = await vi.waitFor(
    async () => {
      const list = await readList(again)
      expect(list.states).toEqual(providers.map(() => 'FRESH'))
      return list.rows
    },
    { timeout: 120_000, interval: 500 },
  )
  expect(new Set(whole.map(({ provider, remoteId }) => `${provider.key} ${remoteId}`)).size).toBe(
    whole.length,
  )
  for (const key of providers)
    expect(whole.filter(({ provider }) => provider.key === key).length, key).toBe(each)
  expect(whole.filter(({ status }) => status === 'DISCONNECTED')).toEqual([])
}

describe('a gateway that is killed while it reads the lists has them whole when it has come back', () => {
  test('with the embedded store', () => killAndComeBack({}))

  onPostgres('with PostgreSQL', async (server) =>
    killAndComeBack({ DATABASE_URL: await freshPostgres(server, 'gateway_sync_killed') }),
  )
})
