import { existsSync } from 'node:fs'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { ConnectLinkDocument } from '../generated/graphql.ts'
import { rest, watchedLinks } from '../graphql/subscribe.ts'
import { decide } from '../helpers/gateway.ts'
import { build, createLink, type Gateway, run, serve, temporaryFolder } from './process.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

/** How a command ends that was asked for what cannot be done: with one line, and nothing on standard output. */
async function refusalOf(command: string, environment: Record<string, string>): Promise<string> {
  const program = run(command, environment)
  expect(await program.ended).toEqual({ code: 1, signal: null })
  expect(program.stdout()).toBe('')
  expect(program.stderr()).toMatch(/^[^\n]+\n$/)
  return program.stderr()
}

test('migrate brings the database up to date, once', async () => {
  const DATA_DIR = temporaryFolder()
  const first = run('migrate', { DATA_DIR })
  expect([await first.ended, first.stdout()]).toEqual([
    { code: 0, signal: null },
    'Migrated: 2026-11-22-initial, 2026-11-22-lists, 2026-11-23-inputs, 2026-11-23-selection, 2026-11-23-walks, 2026-11-24-connector-inputs, 2026-11-29-standard-names.\n',
  ])
  const second = run('migrate', { DATA_DIR })
  expect([await second.ended, second.stdout()]).toEqual([
    { code: 0, signal: null },
    'The database is up to date.\n',
  ])
  expect(first.stderr() + second.stderr()).toBe('')
})

test('sandbox serves the four providers alone, and anything else explains the commands', async () => {
  const sandbox = run('sandbox', { SANDBOX_PORT: '0', DATA_DIR: temporaryFolder() })
  const [, origin] = await sandbox.line(/^The sandbox listens on (http:\S+) under/m)
  expect((await fetch(`${origin}/__sandbox/requests`)).status).toBe(200)
  expect(await sandbox.stop()).toEqual({ code: 0, signal: null })

  for (const words of ['serv', 'toString', '__proto__']) {
    const unknown = run(words, {})
    expect(await unknown.ended).toEqual({ code: 2, signal: null })
    expect(unknown.stderr()).toBe('Usage: node dist/main.js serve | sandbox | migrate | webhooks | purge\n')
  }
})

describe('webhooks', () => {
  /** What the command needs to know of a gateway that runs. */
  const besides = (gateway: Gateway, DATA_DIR: string) => ({
    DATA_DIR,
    PORT: new URL(gateway.url).port,
    SANDBOX_PORT: new URL(gateway.sandboxUrl).port,
  })

  test('has Fivetran report to the running gateway, so that links complete by its word; twice is once', async () => {
    const DATA_DIR = temporaryFolder()
    const gateway = await serve({ DATA_DIR })
    const environment = besides(gateway, DATA_DIR)
    for (const _ of [1, 2]) {
      const command = run('webhooks fivetran', environment)
      expect([await command.ended, command.stderr()]).toEqual([{ code: 0, signal: null }, ''])
      expect(command.stdout()).toBe(`Fivetran now reports to ${new URL(gateway.url).origin}.\n`)
    }
    const headers = {
      authorization: `Basic ${Buffer.from('sandbox-key:sandbox-secret').toString('base64')}`,
    }
    const registered = await fetch(`${gateway.sandboxUrl}/fivetran/v1/webhooks`, { headers })
    expect(await registered.json()).toMatchObject({ data: { items: [{ active: true, type: 'group' }] } })

    const { id, url } = await createLink(gateway)
    const watched = watchedLinks({ url: new URL(gateway.url).origin }, id, bearer(gateway))
    const seen = rest(watched)
    // Nobody comes back, and the first poll is due two seconds after the link was opened.
    await decide(url ?? '', 'approve')
    expect((await seen).at(-1)).toMatchObject({ status: 'COMPLETED', connection: { status: 'ACTIVE' } })
    const { connectLink } = await gateway.send(ConnectLinkDocument, { id })
    expect(connectLink?.history.at(-1)).toMatchObject({ to: 'COMPLETED', source: 'PROVIDER_WEBHOOK' })
    expect(gateway.stderr()).toBe('')
  })

  test('says in one line what it cannot do', async () => {
    const DATA_DIR = temporaryFolder()
    const gateway = await serve({ DATA_DIR })
    const environment = besides(gateway, DATA_DIR)
    expect(await refusalOf('webhooks', environment)).toContain('Name a provider')
    expect(await refusalOf('webhooks segment', environment)).toContain('Name a provider')
    for (const provider of ['census', 'pipedream', 'xpander'])
      expect(await refusalOf(`webhooks ${provider}`, environment)).toContain('needs no webhook')

    // Nobody answers at the address that the provider tries.
    const elsewhere = { ...environment, PORT: '1', LOG_LEVEL: 'silent' }
    const refusal = await refusalOf('webhooks fivetran', elsewhere)
    expect(refusal).toContain('Does the gateway run')
    expect(refusal).not.toContain('/webhooks/')
  })

  test('makes no promise to a real provider that cannot reach it', async () => {
    const DATA_DIR = temporaryFolder()
    const environment = {
      DATA_DIR,
      FIVETRAN_API_KEY: 'hunter2',
      FIVETRAN_API_SECRET: 'hunter3',
      FIVETRAN_GROUP_ID: 'group',
    }
    const refusal = await refusalOf('webhooks fivetran', environment)
    expect(refusal).toContain('PUBLIC_URL')
    expect(refusal).not.toMatch(/hunter/)
    expect(existsSync(`${DATA_DIR}/pg`)).toBe(false)
  })
})

const bearer = ({ apiKey }: Gateway) => ({ authorization: `Bearer ${apiKey}` })
