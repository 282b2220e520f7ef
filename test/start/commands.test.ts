import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { providerKeys } from '../../src/domain/provider-key.ts'
import { allMigrations } from '../fixtures/migrations.ts'
import { ConnectLinkDocument } from '../generated/graphql.ts'
import { collect, subscribeToLinks } from '../graphql/subscribe.ts'
import { submitProviderPage } from '../helpers/gateway.ts'
import { adapterOf } from '../helpers/providers.ts'
import { build, createLink, type Gateway, run, serve, temporaryFolder } from './process.ts'
import { newStore } from './store.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

/** Runs a command that must fail with exit code 1 and one line on standard error only; returns the line. */
async function errorOf(command: string, environment: Record<string, string>): Promise<string> {
  const program = run(command, environment)
  expect(await program.ended).toEqual({ code: 1, signal: null })
  expect(program.stdout()).toBe('')
  expect(program.stderr()).toMatch(/^[^\n]+\n$/)
  return program.stderr()
}

test('migrate updates the database, and does nothing the second time', async () => {
  const store = await newStore()
  const first = run('migrate', store)
  expect([await first.ended, first.stdout()]).toEqual([
    { code: 0, signal: null },
    `Migrated: ${allMigrations.join(', ')}.\n`,
  ])
  const second = run('migrate', store)
  expect([await second.ended, second.stdout()]).toEqual([
    { code: 0, signal: null },
    'The database is up to date.\n',
  ])
  expect(first.stderr() + second.stderr()).toBe('')
})

test('sandbox starts the sandbox alone', async () => {
  const sandbox = run('sandbox', { SANDBOX_PORT: '0', DATA_DIR: temporaryFolder() })
  const [, origin] = await sandbox.line(/^The sandbox listens on (http:\S+) under/m)
  expect((await fetch(`${origin}/__sandbox/requests`)).status).toBe(200)
  expect(await sandbox.stop()).toEqual({ code: 0, signal: null })
})

test.each(['serv', 'toString', '__proto__', 'serve --jsno', 'serve now'])(
  'an invalid command line has exit code 2: %s',
  async (command) => {
    const unknown = run(command, { DATA_DIR: temporaryFolder() })
    expect(await unknown.ended).toEqual({ code: 2, signal: null })
    expect(unknown.stdout()).toBe('')
    expect(unknown.stderr()).toMatch(/^error: /)
  },
)

test('a misspelled command or option gets a suggestion', async () => {
  for (const [command, suggestion] of [
    ['serv', 'Did you mean serve?'],
    ['keys lits', 'Did you mean list?'],
    ['migrate --jsn', 'Did you mean --json?'],
  ] as const) {
    const program = run(command, {})
    await program.ended
    expect(program.stderr()).toContain(suggestion)
  }
})

test('with --json results are one JSON document', async () => {
  const store = await newStore()
  const resultOf = async (command: string) => {
    const program = run(`${command} --json`, store)
    expect(await program.ended).toEqual({ code: 0, signal: null })
    expect(program.stdout()).toMatch(/^[^\n]+\n$/)
    return JSON.parse(program.stdout())
  }
  expect(await resultOf('migrate')).toEqual({ migrated: allMigrations })
  const created = await resultOf('keys create --name Backend --scopes links:read')
  expect(created).toMatchObject({ key: expect.stringMatching(/^cgw_/), name: 'Backend', revokedAt: null })
  const rotated = await resultOf(`keys rotate ${created.id}`)
  expect(rotated).toMatchObject({ id: created.id, previousExpiresAt: expect.stringMatching(/Z$/) })
  const revoked = await resultOf(`keys revoke ${created.id}`)
  expect(revoked).toMatchObject({ id: created.id, revokedAt: expect.stringMatching(/Z$/) })
  expect(revoked.key).toBeUndefined()
  expect(await resultOf('keys list')).toEqual({ apiKeys: [revoked] })
  expect(await resultOf('purge end-user ada')).toMatchObject({ links: 0, connections: 0, remaining: [] })
  expect(await resultOf('audit verify')).toMatchObject({
    events: 4,
    head: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
})

describe('webhooks', () => {
  /** The environment for a command that uses a running gateway. */
  const environmentOf = (gateway: Gateway, store: Record<string, string>) => ({
    ...store,
    PORT: new URL(gateway.url).port,
    SANDBOX_PORT: new URL(gateway.sandboxUrl).port,
  })

  test('registers at Fivetran, so that links complete by webhook; idempotent', async () => {
    const store = await newStore()
    const gateway = await serve(store)
    const environment = environmentOf(gateway, store)
    for (const _ of [1, 2]) {
      const command = run('webhooks fivetran', environment)
      expect([await command.ended, command.stderr()]).toEqual([{ code: 0, signal: null }, ''])
      expect(command.stdout()).toBe(`Fivetran now sends webhooks to ${new URL(gateway.url).origin}.\n`)
    }
    const headers = {
      authorization: `Basic ${Buffer.from('sandbox-key:sandbox-secret').toString('base64')}`,
    }
    const registered = await fetch(`${gateway.sandboxUrl}/fivetran/v1/webhooks`, { headers })
    expect(await registered.json()).toMatchObject({ data: { items: [{ active: true, type: 'group' }] } })

    const { id, url } = await createLink(gateway)
    const watched = subscribeToLinks({ url: new URL(gateway.url).origin }, id, bearer(gateway))
    const updates = collect(watched)
    // The return URL is not requested, and the first poll is due two seconds after the link was opened.
    await submitProviderPage(url ?? '', 'approve')
    expect((await updates).at(-1)).toMatchObject({ status: 'COMPLETED', connection: { status: 'ACTIVE' } })
    const { connectLink } = await gateway.send(ConnectLinkDocument, { id })
    expect(connectLink?.history.at(-1)).toMatchObject({ to: 'COMPLETED', source: 'PROVIDER_WEBHOOK' })
    expect(gateway.stderr()).toBe('')
  })

  test('fails with one line for an unknown or unsupported provider, and without a running gateway', async () => {
    const store = await newStore()
    const gateway = await serve(store)
    const environment = environmentOf(gateway, store)
    expect(await errorOf('webhooks', environment)).toContain('Specify a provider')
    expect(await errorOf('webhooks segment', environment)).toContain('Specify a provider')
    const withoutWebhook = providerKeys.filter((key) => adapterOf(key).registerWebhook === undefined)
    expect(withoutWebhook).toEqual(expect.arrayContaining(['CENSUS', 'PIPEDREAM', 'XPANDER']))
    for (const key of withoutWebhook)
      expect(await errorOf(`webhooks ${key.toLowerCase()}`, environment)).toContain('needs no webhook')

    // The provider's test request fails: no gateway listens on that port.
    const wrongPort = { ...environment, PORT: '1', LOG_LEVEL: 'silent' }
    const error = await errorOf('webhooks fivetran', wrongPort)
    expect(error).toContain('Is the gateway running')
    expect(error).not.toContain('/webhooks/')
  })

  test('fails for a real provider without a public https URL', async () => {
    const DATA_DIR = temporaryFolder()
    const environment = {
      DATA_DIR,
      FIVETRAN_API_KEY: 'hunter2',
      FIVETRAN_API_SECRET: 'hunter3',
      FIVETRAN_GROUP_ID: 'group',
    }
    const error = await errorOf('webhooks fivetran', environment)
    expect(error).toContain('PUBLIC_URL')
    expect(error).not.toMatch(/hunter/)
    expect(existsSync(`${DATA_DIR}/pg`)).toBe(false)
  })
})

const bearer = ({ apiKey }: Gateway) => ({ authorization: `Bearer ${apiKey}` })

describe('the data folder', () => {
  test('must not be open to other users', async () => {
    const folder = join(temporaryFolder(), 'data')
    mkdirSync(folder)
    chmodSync(folder, 0o755)
    expect(await errorOf('migrate', { DATA_DIR: folder })).toBe(
      `The data folder ${folder} is open to other users (mode 755). Run: chmod 700 ${folder}\n`,
    )
    expect(readdirSync(folder)).toEqual([])
    chmodSync(folder, 0o700)
    expect(await run('migrate', { DATA_DIR: folder }).ended).toEqual({ code: 0, signal: null })
    // PGlite sets the modes of its files itself: only the folder keeps others out.
    expect(statSync(folder).mode & 0o777).toBe(0o700)
  })
})

test('serve refuses an encryption key with which the stored links cannot be decrypted', async () => {
  const DATA_DIR = temporaryFolder()
  const key = 'a'.repeat(32)
  const gateway = await serve({ DATA_DIR, GATEWAY_ENCRYPTION_KEY: key })
  await createLink(gateway, 'PIPEDREAM', { connector: 'github', endUser: { id: 'ada' } })
  await gateway.stop()
  const other = { DATA_DIR, PORT: '0', SANDBOX_PORT: '0', GATEWAY_ENCRYPTION_KEY: 'b'.repeat(32) }
  expect(await errorOf('serve', other)).toMatch(
    /^The stored links were encrypted with another key\. Set GATEWAY/,
  )
  const rotated = await serve({ ...other, GATEWAY_ENCRYPTION_KEYS_OLD: `${key}\n` })
  expect(await rotated.stop()).toMatchObject({ code: 0 })
})
