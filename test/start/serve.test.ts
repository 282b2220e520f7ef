import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { ConnectionsDocument, ConnectLinkDocument, ProvidersDocument } from '../generated/graphql.ts'
import { openStream } from '../graphql/watching.ts'
import { decide } from '../helpers/gateway.ts'
import { build, createLink, type Gateway, occupyPort, run, serve, temporaryFolder } from './process.ts'

// Each start of the embedded store takes seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

const keys = { GATEWAY_API_KEY: 'gw_key_of_the_operator', GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32) }

const connectionsOf = async ({ send }: Gateway) => (await send(ConnectionsDocument, {})).connections

const oneLine = (text: string) => expect(text).toMatch(/^[^\n]+\n$/)

describe('a start', () => {
  test('shows where GraphiQL is, the key, what is real and where data lives, and logs nothing', async () => {
    const DATA_DIR = temporaryFolder()
    const gateway = await serve({ DATA_DIR })

    const lines = gateway
      .stdout()
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/))
    expect(lines).toEqual([
      ['Connect Gateway'],
      [''],
      ['GraphiQL', expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/)],
      ['API key', expect.stringMatching(/^gw_dev_[\w-]{32}$/)],
      ['Fivetran', 'sandbox'],
      ['Census', 'sandbox'],
      ['Pipedream', 'sandbox'],
      ['xpander', 'sandbox'],
      ['Sandbox', expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)],
      ['Data', DATA_DIR],
      [''],
      ['Ctrl-C stops it.'],
    ])
    expect(gateway.stderr()).toBe('')
    const { providers } = await gateway.send(ProvidersDocument, {})
    expect(providers.map(({ sandbox }) => sandbox)).toEqual([true, true, true, true])
    expect((await fetch(gateway.url, { headers: { accept: 'text/html' } })).status).toBe(200)
    expect((await fetch(new URL('/ready', gateway.url))).status).toBe(200)
  })

  test('in production has no sandbox, shows no key and makes none', async () => {
    const DATA_DIR = temporaryFolder()
    const gateway = await serve({ DATA_DIR, NODE_ENV: 'production', ...keys })

    const screen = gateway.stdout()
    for (const name of ['Fivetran', 'Census', 'Pipedream', 'xpander']) {
      expect(screen).toMatch(new RegExp(`${name} +not configured`))
    }
    expect(screen + gateway.stderr()).not.toMatch(/API key|gw_key|Sandbox/)
    expect(readdirSync(DATA_DIR).toSorted()).toEqual(['gateway.lock', 'pg'])
  })

  test('with a port in use ends with one line and leaves no lock', async () => {
    const [port, DATA_DIR] = [await occupyPort(), temporaryFolder()]
    const program = run('serve', { PORT: String(port), SANDBOX_PORT: '0', DATA_DIR })

    expect(await program.ended).toEqual({ code: 1, signal: null })
    expect(program.stderr()).toBe(`Port ${port} is in use: set PORT to another one.\n`)
    expect(program.stdout()).toBe('')
    expect(existsSync(join(DATA_DIR, 'gateway.lock'))).toBe(false)
  })

  test('with the port of the sandbox in use takes the next free one and says so', async () => {
    const port = await occupyPort()
    const gateway = await serve({ SANDBOX_PORT: String(port), DATA_DIR: temporaryFolder() })

    expect(gateway.stdout()).toContain(`${gateway.sandboxUrl} (port ${port} is in use)`)
    expect(Number(new URL(gateway.sandboxUrl).port)).toBeGreaterThan(port)
  })

  test('with a wrong environment ends before anything is opened, and says all of it', async () => {
    const DATA_DIR = join(temporaryFolder(), 'not-made')
    const program = run('serve', { DATA_DIR, PORT: 'hunter2', FIVETRAN_API_KEY: 'hunter2' })

    expect(await program.ended).toEqual({ code: 1, signal: null })
    expect(program.stdout()).toBe('')
    expect(program.stderr().match(/PORT|FIVETRAN_\w+/g)).toEqual([
      'PORT',
      'FIVETRAN_API_SECRET',
      'FIVETRAN_GROUP_ID',
    ])
    expect(program.stderr()).not.toContain('hunter2')
    expect(existsSync(DATA_DIR)).toBe(false)
  })
})

describe('a stop', () => {
  test('by Ctrl-C ends with 0, in silence, and leaves no lock', async () => {
    const DATA_DIR = temporaryFolder()
    const gateway = await serve({ DATA_DIR })

    expect(await gateway.stop('SIGINT')).toEqual({ code: 0, signal: null })
    expect(gateway.stderr()).toBe('')
    expect(existsSync(join(DATA_DIR, 'gateway.lock'))).toBe(false)
  })

  test('by SIGTERM lets a request under way finish before it ends with 0', async () => {
    const DATA_DIR = temporaryFolder()
    const gateway = await serve({ DATA_DIR })
    const control = `${gateway.sandboxUrl}/__sandbox`
    await fetch(`${control}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ provider: 'fivetran', method: 'POST', times: 1, delayMs: 1000 }),
    })
    const link = createLink(gateway)
    await vi.waitFor(async () => {
      expect(await (await fetch(`${control}/requests`)).text()).toContain('"POST","path":"/fivetran')
    })

    const ended = gateway.stop('SIGTERM')

    expect(await link).toMatchObject({ status: 'CREATED' })
    expect(await ended).toEqual({ code: 0, signal: null })
    expect(existsSync(join(DATA_DIR, 'gateway.lock'))).toBe(false)
  })
})

test('a stop ends streams in good order, and does not wait for their clients', async () => {
  const gateway = await serve({ DATA_DIR: temporaryFolder() })
  const { id } = await createLink(gateway)
  const at = { url: new URL(gateway.url).origin }
  const headers = { authorization: `Bearer ${gateway.apiKey}` }
  const one = { query: 'subscription ($id: ID) { connectLinkUpdated(id: $id) { id } }', variables: { id } }
  const all = { query: 'subscription { connectionUpdated { id } }' }
  const streams = [await openStream(at, { ...one, headers }), await openStream(at, { ...all, headers })]
  await Promise.all(streams.map(({ until }) => until(/^:/)))

  const ended = gateway.stop('SIGTERM')

  for (const { toItsEnd } of streams) expect((await toItsEnd()).trimEnd()).toMatch(/event: complete\ndata:$/)
  expect(await ended).toEqual({ code: 0, signal: null })
  expect(gateway.stderr()).toBe('')
})

describe('a restart', () => {
  test('keeps the keys, which only their owner may read, and a connection that was made', async () => {
    const DATA_DIR = temporaryFolder()
    const before = await serve({ DATA_DIR })
    const { url } = await createLink(before)
    await decide(url ?? '', 'approve')
    const listed = (await connectionsOf(before))?.nodes
    expect(listed).toMatchObject([{ status: 'ACTIVE', endUser: { id: 'user-1' } }])
    const file = join(DATA_DIR, 'keys.json')
    const made = readFileSync(file, 'utf8')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    await before.stop()

    const after = await serve({ DATA_DIR })

    expect(after.apiKey).toBe(before.apiKey)
    expect(readFileSync(file, 'utf8')).toBe(made)
    const { nodes, sources } = (await connectionsOf(after)) ?? {}
    expect(sources?.find(({ provider }) => provider === 'FIVETRAN')?.state).toBe('FRESH')
    expect(nodes).toMatchObject([{ id: listed?.[0]?.id, status: 'ACTIVE', endUser: { id: 'user-1' } }])
  })

  test('after kill -9 takes the lock over and finds what was there', async () => {
    const DATA_DIR = temporaryFolder()
    const before = await serve({ DATA_DIR })
    const { id } = await createLink(before, 'PIPEDREAM')
    expect(await before.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' })
    expect(existsSync(join(DATA_DIR, 'gateway.lock'))).toBe(true)

    const after = await serve({ DATA_DIR })

    expect((await after.send(ConnectLinkDocument, { id })).connectLink).toMatchObject({
      id,
      status: 'CREATED',
    })
  })
})

describe('two processes', () => {
  test('on one data folder: the second ends with one line, and no row of the first is lost', async () => {
    const DATA_DIR = temporaryFolder()
    const first = await serve({ DATA_DIR })
    const links = [await createLink(first)]
    const seconds = [1, 2].map(() => run('serve', { PORT: '0', SANDBOX_PORT: '0', DATA_DIR }))
    seconds.push(run('migrate', { DATA_DIR }))
    for (let count = 0; count < 20; count += 1) links.push(await createLink(first))

    for (const second of seconds) {
      expect(await second.ended).toEqual({ code: 1, signal: null })
      oneLine(second.stderr())
      expect(second.stderr()).toContain(`in use by another gateway (process ${first.pid} on `)
      expect(second.stdout()).toBe('')
    }
    expect(existsSync(join(DATA_DIR, 'gateway.lock'))).toBe(true)
    await first.stop()
    const again = await serve({ DATA_DIR })
    for (const { id } of links) {
      expect((await again.send(ConnectLinkDocument, { id })).connectLink?.id).toBe(id)
    }
  })
})
