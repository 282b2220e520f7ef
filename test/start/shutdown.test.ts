import { createClient } from 'graphql-sse'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { RevokeConnectLinkDocument } from '../generated/graphql.ts'
import { onPostgres } from '../helpers/database.ts'
import { freePort } from '../helpers/free-port.ts'
import { startRelay } from '../helpers/relay.ts'
import { build, createLink, type Gateway, occupyPort, run, serve, temporaryFolder } from './process.ts'
import { newStore } from './store.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

const statusOf = async (url: string, path: string) => {
  const response = await fetch(new URL(path, url))
  return [response.status, await response.text()]
}

test('a subscriber gets the next event of a gateway that was restarted, without code of its own', async () => {
  const [PORT, store] = [String(await freePort()), await newStore()]
  const before = await serve({ PORT, ...store })
  const { id } = await createLink(before)
  const statuses = subscribeToStatuses(before, id)
  expect((await statuses.next()).value).toBe('CREATED')

  expect(await before.stop()).toEqual({ code: 0, signal: null })
  const after = await serve({ PORT, ...store })
  expect((await statuses.next()).value).toBe('CREATED')
  await after.send(RevokeConnectLinkDocument, { id })

  expect((await statuses.next()).value).toBe('REVOKED')
  expect((await statuses.next()).done).toBe(true)
})

test('/ready reports the shutdown while requests are still served for SHUTDOWN_DELAY_SECONDS', async () => {
  const gateway = await serve({ SHUTDOWN_DELAY_SECONDS: '3', ...(await newStore()) })
  expect(await statusOf(gateway.url, '/ready')).toEqual([200, '{"status":"ready"}'])
  const ended = gateway.stop()
  await expect
    .poll(() => statusOf(gateway.url, '/ready'), { timeout: 30_000 })
    .toEqual([503, '{"status":"stopping"}'])
  expect(await statusOf(gateway.url, '/health')).toEqual([200, '{"status":"ok"}'])
  expect(await ended).toEqual({ code: 0, signal: null })
})

test('/health is 200 and /ready 503 while the gateway waits for its database, and a signal ends it', async () => {
  const port = await freePort()
  // Accepts connections and never answers.
  const DATABASE_URL = `postgres://gateway@127.0.0.1:${await occupyPort()}/gateway`
  const program = run('serve', { PORT: String(port), DATABASE_URL, DATA_DIR: temporaryFolder() })
  const url = `http://127.0.0.1:${port}`
  await expect
    .poll(() => statusOf(url, '/health').catch(() => null), { timeout: 30_000 })
    .toEqual([200, '{"status":"ok"}'])
  expect(await statusOf(url, '/ready')).toEqual([503, '{"status":"starting"}'])
  const waiting = statusOf(url, '/')
  expect((await program.stop()).signal).toBeNull()
  // Waited for a start that failed.
  expect(await waiting).toEqual([503, '{"status":"starting"}'])
})

onPostgres('a shutdown whose database is gone names the failed step and exits with 1', async () => {
  const { DATABASE_URL = '', DATA_DIR } = await newStore()
  const relay = await startRelay(DATABASE_URL)
  const gateway = await serve({ DATA_DIR, DATABASE_URL: relay.url })
  await relay.close()
  expect(await gateway.stop()).toEqual({ code: 1, signal: null })
  expect(gateway.stderr()).toContain('"step":"jobs"')
})

/** Yields the status in each event of the link. */
async function* subscribeToStatuses({ url, apiKey }: Gateway, id: string): AsyncGenerator<unknown> {
  // With the defaults for retries.
  const client = createClient({ url, headers: { authorization: `Bearer ${apiKey}` } })
  onTestFinished(() => client.dispose())
  const query = 'subscription ($id: ID) { connectLinkUpdated(id: $id) { status } }'
  for await (const { data } of client.iterate<{ connectLinkUpdated: { status: string } }>({
    query,
    variables: { id },
  }))
    yield data?.connectLinkUpdated.status
}
