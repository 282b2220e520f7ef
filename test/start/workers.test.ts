import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { beforeAll, expect, test, vi } from 'vitest'
import { ConnectLinkDocument } from '../generated/graphql.ts'
import { collect, subscribeToLinks } from '../graphql/subscribe.ts'
import { onPostgres } from '../helpers/database.ts'
import { freePort } from '../helpers/free-port.ts'
import { followReturnUrl, submitProviderPage } from '../helpers/gateway.ts'
import { build, createLink, type Gateway, requestLink, run, serve, temporaryFolder } from './process.ts'
import { newStore } from './store.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 })

beforeAll(build)

const lostMs = 30_000

/** The process ids of the workers. */
async function workersOf({ pid }: Pick<Gateway, 'pid'>): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('pgrep', ['-P', String(pid)])
  return stdout.trim().split('\n').map(Number)
}

const startTwo = async (environment: Record<string, string> = {}) =>
  serve({ WORKERS: '2', LOG_LEVEL: 'info', ...(await newStore()), ...environment })

/** Sends requests one after the other until the signal; returns the errors. */
async function sendUntil(signal: AbortSignal, send: () => Promise<unknown>) {
  const errors: unknown[] = []
  while (!signal.aborted) await send().catch((error: unknown) => errors.push(error))
  return errors
}

test('with the embedded store, or a database that cannot be reached, the error is printed once', async () => {
  const embedded = run('serve', { WORKERS: '2', DATA_DIR: temporaryFolder() })
  expect(await embedded.ended).toEqual({ code: 1, signal: null })
  expect(embedded.stderr()).toBe(
    'The environment has a problem:\n  WORKERS above 1 needs DATABASE_URL: only one process can use the embedded store\n',
  )
  const DATABASE_URL = `postgres://gateway@127.0.0.1:${await freePort()}/gateway`
  const unreachable = run('serve', {
    ...{ WORKERS: '2', PORT: '0', SANDBOX_PORT: '0' },
    ...{ DATABASE_URL, DATA_DIR: temporaryFolder() },
  })
  expect(await unreachable.ended).toEqual({ code: 1, signal: null })
  expect(unreachable.stderr().match(/ECONNREFUSED/g)).toHaveLength(1)
  expect(unreachable.stderr()).toMatch(/^[^\n]+\nA worker process cannot be started\.\n$/)
})

onPostgres('two workers share the port, the database and one sandbox, and a signal ends both', async () => {
  const gateway = await startTwo()
  expect(await workersOf(gateway)).toHaveLength(2)
  expect(gateway.stdout().match(/Connect Gateway/g)).toHaveLength(1)
  const links = await Promise.all(Array.from({ length: 8 }, () => createLink(gateway, 'PIPEDREAM')))
  const [link = await createLink(gateway)] = links
  const updates = collect(
    subscribeToLinks({ url: new URL(gateway.url).origin }, link.id, {
      authorization: `Bearer ${gateway.apiKey}`,
    }),
  )
  const { location } = await submitProviderPage(link.url ?? '', 'approve')
  await followReturnUrl(location)
  expect((await updates).at(-1)).toMatchObject({ status: 'COMPLETED' })
  for (const { id } of links)
    expect((await gateway.send(ConnectLinkDocument, { id })).connectLink?.id).toBe(id)

  expect(await gateway.stop()).toEqual({ code: 0, signal: null })
  expect(gateway.stderr().match(/all workers are ready/g)).toHaveLength(1)
  await expect(fetch(gateway.url)).rejects.toThrow()
})

onPostgres('a worker that is killed under load is replaced, and only its own requests fail', async () => {
  const gateway = await startTwo()
  const senders = 8
  const stopped = new AbortController()
  let sent = 0
  async function send(): Promise<void> {
    const request = requestLink(gateway, 'CENSUS', { endUser: { id: randomUUID() } })
    await Promise.race([request, sleep(lostMs).then(() => Promise.reject(new TypeError('no response')))])
    sent += 1
  }
  const sending = Array.from({ length: senders }, () => sendUntil(stopped.signal, send))
  // Both workers have connections then.
  await expect.poll(() => sent, { timeout: 60_000 }).toBeGreaterThan(5 * senders)
  const [killed = 0, survivor = 0] = await workersOf(gateway)
  process.kill(killed, 'SIGKILL')
  await expect.poll(() => gateway.stderr(), { timeout: 60_000 }).toContain('a worker was replaced')
  stopped.abort()
  const errors = (await Promise.all(sending)).flat()
  // Each sender can lose the one request that it had sent to the killed worker. It gets no response at all if Node was
  // handing the connection to that worker.
  expect(errors.length).toBeLessThanOrEqual(senders)
  expect(errors.filter((error) => !(error instanceof TypeError))).toEqual([])

  const workers = await workersOf(gateway)
  expect(workers).toHaveLength(2)
  expect(workers).toContain(survivor)
  for (let count = 0; count < 10; count += 1) await createLink(gateway, 'CENSUS', { endUser: { id: 'last' } })
  expect(await gateway.stop()).toEqual({ code: 0, signal: null })
})
