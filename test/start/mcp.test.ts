import { beforeAll, expect, test, vi } from 'vitest'
import { onPostgres } from '../helpers/database.ts'
import { approveAndReturn } from '../helpers/gateway.ts'
import { openMcpClient } from '../server/mcp/client.ts'
import { build, serve, temporaryFolder } from './process.ts'
import { newStore } from './store.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 })

beforeAll(build)

const env = { MCP: 'on' }
const githubFor = (id: string) => ({
  provider: 'PIPEDREAM',
  input: { connector: 'github', endUser: { id } },
})

test('the built program serves MCP, and ends with a call that waits for its link', async () => {
  const gateway = await serve({ ...env, DATA_DIR: temporaryFolder() })
  const url = new URL(gateway.url).origin
  expect(gateway.stdout()).toContain(`  MCP        ${url}/mcp\n`)
  let isWaiting = false
  const { call, names } = await openMcpClient(
    { url },
    {
      token: gateway.apiKey,
      onElicit: async () => {
        isWaiting = true
        return 'accept'
      },
    },
  )
  expect(await names()).toContain('create_connect_link')
  const ended = new AbortController()
  const waiting = call('create_connect_link', githubFor('user-1'), ended.signal).catch(
    (error: unknown) => error,
  )
  await vi.waitFor(() => expect(isWaiting).toBe(true), { timeout: 60_000 })
  expect(await gateway.stop()).toEqual({ code: 0, signal: null })
  ended.abort('the gateway has stopped')
  expect(await waiting).toBeInstanceOf(Error)
})

onPostgres('of several workers each may get a request of the client', async () => {
  const gateway = await serve({ ...env, ...(await newStore()), WORKERS: '2' })
  const { call, completed } = await openMcpClient(
    { url: new URL(gateway.url).origin },
    {
      token: gateway.apiKey,
      onElicit: async ({ url }) => {
        void approveAndReturn(url).catch(() => undefined)
        return 'accept'
      },
    },
  )
  // Of one end user, only the time of the returns would say which account belongs to which link.
  const calls = await Promise.all(
    Array.from({ length: 8 }, (_, index) => call('create_connect_link', githubFor(`user-${index}`))),
  )
  for (const { value } of calls) expect(value).toMatchObject({ connectLink: { status: 'COMPLETED' } })
  expect(completed.toSorted()).toEqual(calls.map(({ value }) => value.connectLink.id).toSorted())
})
