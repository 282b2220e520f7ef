import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import published from '../../schema/persisted-documents.json' with { type: 'json' }
import { providerKeys } from '../../src/domain/provider-key.ts'
import { providerFixtures } from '../fixtures/providers.ts'
import { ProvidersDocument } from '../generated/graphql.ts'
import { openStream } from '../graphql/subscribe.ts'
import { manifestOf, sha256, writeManifest } from '../server/manifest.ts'
import { build, createLink, occupyPort, run, serve, temporaryFolder } from './process.ts'
import { embeddedFolder, newStore } from './store.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

const names = providerKeys.map((key) => providerFixtures[key].name)
const keys = {
  GATEWAY_API_KEY: 'gw_key_of_the_operator_of_the_gateway',
  GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32),
}

const sessionShape = z.object({ data: z.object({ createSession: z.object({ token: z.string() }) }) })

describe('serve', () => {
  test('prints the URLs, the API key, the provider modes and the data location, and logs nothing', async () => {
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
      [expect.stringMatching(/^Start here http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/)],
      ['GraphiQL', expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/graphql\?token=[\w-]{43}$/)],
      ['API key', expect.stringMatching(/^gw_dev_[\w-]{32}$/)],
      ...names.map((name) => [name, 'sandbox']),
      ['Sandbox', expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)],
      ['CORS', 'pages on localhost, any port; set CORS_ORIGINS for others'],
      ['Data', DATA_DIR],
      [''],
      ['Ctrl-C stops it.'],
    ])
    expect(gateway.stderr()).toBe('')
    const { providers } = await gateway.send(ProvidersDocument, {})
    expect(providers.map(({ name, sandbox }) => [name, sandbox])).toEqual(names.map((name) => [name, true]))
    const exchange = await fetch(gateway.startUrl, { redirect: 'manual' })
    const cookie = exchange.headers.get('set-cookie')?.split(';')[0] ?? ''
    const graphiql = await fetch(gateway.url, { headers: { accept: 'text/html', cookie } })
    expect(await graphiql.text()).toContain(gateway.apiKey)
    expect((await fetch(new URL('/ready', gateway.url))).status).toBe(200)
  })

  test('starts no sandbox in production, prints no API key and generates no keys', async () => {
    const DATA_DIR = await embeddedFolder()
    const gateway = await serve({ DATA_DIR, NODE_ENV: 'production', ...keys })

    const output = gateway.stdout()
    for (const name of names) {
      expect(output).toMatch(new RegExp(`${name} +not configured`))
    }
    expect(output + gateway.stderr()).not.toMatch(/API key|gw_key|Sandbox|token|GraphiQL|localhost/)
    expect(readdirSync(DATA_DIR).toSorted()).toEqual(['gateway.lock', 'pg'])
  })

  test('exits with one line and leaves no lock if its port is in use', async () => {
    const [port, DATA_DIR] = [await occupyPort(), await embeddedFolder()]
    const program = run('serve', { PORT: String(port), SANDBOX_PORT: '0', DATA_DIR })

    expect(await program.ended).toEqual({ code: 1, signal: null })
    expect(program.stderr()).toBe(`Port ${port} is in use: set PORT to another one.\n`)
    expect(program.stdout()).toBe('')
    expect(existsSync(join(DATA_DIR, 'gateway.lock'))).toBe(false)
  })

  test('uses the next free port for the sandbox if its port is in use, and prints that', async () => {
    const port = await occupyPort()
    const gateway = await serve({ SANDBOX_PORT: String(port), ...(await newStore()) })

    expect(gateway.stdout()).toContain(`${gateway.sandboxUrl} (port ${port} is in use)`)
    expect(Number(new URL(gateway.sandboxUrl).port)).toBeGreaterThan(port)
  })

  test('exits with all problems of an invalid environment before it opens anything', async () => {
    const DATA_DIR = join(temporaryFolder(), 'not-created')
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

  test('exits with the problems of a manifest of trusted documents before it opens anything', async () => {
    const DATA_DIR = join(temporaryFolder(), 'not-created')
    const file = writeManifest(manifestOf('query Old { viewer { kin } }'))
    const program = run('serve', { DATA_DIR, PORT: '0', TRUSTED_DOCUMENTS_FILE: file })

    expect(await program.ended).toEqual({ code: 1, signal: null })
    expect(program.stdout()).toBe('')
    expect(program.stderr()).toMatch(
      /^Trusted documents cannot be used:\n {2}.*: Old: Cannot query field .*\n$/,
    )
    expect(program.stderr()).toContain(file)
    expect(existsSync(DATA_DIR)).toBe(false)
  })

  test('accepts the published operations and those of a manifest by their hashes, and in a session nothing else', async () => {
    const own = 'query Own { viewer { kind } }'
    const store = await newStore()
    const env = { NODE_ENV: 'production', ...keys, TRUSTED_DOCUMENTS_FILE: writeManifest(manifestOf(own)) }
    const { url, apiKey } = await serve({ ...store, ...env })
    const post = async (token: string, body: object) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json()
    }
    const documentId = Object.entries(published).find(([, text]) => text.includes('CreateSession('))?.[0]
    const created = await post(apiKey, { documentId, variables: { input: { endUser: { id: 'ada' } } } })
    const { token } = sessionShape.parse(created).data.createSession
    expect(await post(token, { documentId: `sha256:${sha256(own)}` })).toEqual({
      data: { viewer: { kind: 'END_USER' } },
    })
    expect(await post(token, { query: own })).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_ONLY' } }],
    })
    expect(await post(apiKey, { query: own })).toMatchObject({ data: { viewer: { kind: 'API_KEY' } } })
  })
})

describe('a shutdown', () => {
  test('by SIGINT exits with 0, logs nothing, and leaves no lock', async () => {
    const store = await newStore()
    const gateway = await serve(store)

    expect(await gateway.stop('SIGINT')).toEqual({ code: 0, signal: null })
    expect(gateway.stderr()).toBe('')
    expect(existsSync(join(store.DATA_DIR, 'gateway.lock'))).toBe(false)
  })

  test('by SIGTERM waits for running requests and exits with 0', async () => {
    const store = await newStore()
    const gateway = await serve(store)
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
    expect(existsSync(join(store.DATA_DIR, 'gateway.lock'))).toBe(false)
  })
})

test('a shutdown cuts streams without completing them, and does not wait for their clients', async () => {
  const gateway = await serve(await newStore())
  const { id } = await createLink(gateway)
  const target = { url: new URL(gateway.url).origin }
  const headers = { authorization: `Bearer ${gateway.apiKey}` }
  const one = { query: 'subscription ($id: ID) { connectLinkUpdated(id: $id) { id } }', variables: { id } }
  const all = { query: 'subscription { connectionUpdated { id } }' }
  const streams = [
    await openStream(target, { ...one, headers }),
    await openStream(target, { ...all, headers }),
  ]
  await Promise.all(streams.map(({ until }) => until(/^:/)))

  const ended = gateway.stop('SIGTERM')

  for (const { toItsCut } of streams) expect(await toItsCut()).not.toContain('complete')
  expect(await ended).toEqual({ code: 0, signal: null })
  expect(gateway.stderr()).toBe('')
})
