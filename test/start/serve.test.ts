import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { ProvidersDocument } from '../generated/graphql.ts'
import { openStream } from '../graphql/subscribe.ts'
import { build, createLink, occupyPort, run, serve, temporaryFolder } from './process.ts'

// Each start of the embedded store takes seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

const keys = { GATEWAY_API_KEY: 'gw_key_of_the_operator', GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32) }

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
      [expect.stringMatching(/^Start here http:\/\/127\.0\.0\.1:\d+\/$/)],
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
    }, 30_000)

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
