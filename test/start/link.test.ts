import { existsSync } from 'node:fs'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { RevokeConnectLinkDocument } from '../generated/graphql.ts'
import { approveAndReturn } from '../helpers/gateway.ts'
import { build, type Gateway, run, serve, temporaryFolder } from './process.ts'
import { newStore } from './store.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

async function open(more: Record<string, string> = {}) {
  const store = await newStore()
  const gateway = await serve({ ...store, ...more })
  return { gateway, environment: environmentOf(gateway, store) }
}

/** Of a developer's terminal: the key is in the data folder. */
const environmentOf = (gateway: Gateway, store: { readonly DATA_DIR: string }) => ({
  DATA_DIR: store.DATA_DIR,
  PORT: new URL(gateway.url).port,
})

async function resultOf(command: string, environment: Record<string, string>) {
  const program = run(command, environment)
  const { code } = await program.ended
  return { code, stdout: program.stdout(), stderr: program.stderr() }
}

const control = ({ sandboxUrl }: Gateway, path: string, body: object) =>
  fetch(`${sandboxUrl}/__sandbox/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

test('link prints the URL only, and connections lists what was connected', async () => {
  const { gateway, environment } = await open()
  const waiting = run('link github --end-user user-1 --provider pipedream --wait --timeout 5m', environment)
  const [, url = ''] = await waiting.line(/^(http:\S+)\n/)
  await approveAndReturn(url)
  expect(await waiting.ended).toEqual({ code: 0, signal: null })
  expect(waiting.stdout()).toBe(`${url}\n`)
  expect(waiting.stderr()).toMatch(/ CREATED\n(.*\n)*.* COMPLETED\n$/)
  expect(waiting.stderr()).not.toContain(url)

  const { stdout, stderr } = await resultOf('connections --end-user user-1 --status active', environment)
  expect(stdout.split('\n')[1]?.split('\t')).toMatchObject({
    1: 'PIPEDREAM',
    2: 'github',
    3: 'ACTIVE',
    5: 'user-1',
  })
  expect(stderr).toBe('')
  const listed = await resultOf('connections --provider census --json', environment)
  expect(JSON.parse(listed.stdout)).toMatchObject({ totalCount: 0, connections: [] })
  expect(gateway.stderr()).toBe('')
})

test('link --json prints one document, and without a provider the gateway selects one', async () => {
  const { environment } = await open()
  const { code, stdout } = await resultOf('link github --end-user user-1 --json', environment)
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^[^\n]+\n$/)])
  expect(JSON.parse(stdout)).toMatchObject({
    status: 'CREATED',
    url: expect.stringContaining('/connect/'),
    provider: { key: expect.any(String) },
    selection: { reason: expect.any(String) },
  })
})

describe('link --wait --json prints each status, and its exit code says how the link ended', () => {
  const command = 'link github --end-user user-1 --provider pipedream --wait --json'

  async function waitUntil(end: (gateway: Gateway, id: string) => Promise<unknown>, more = '') {
    const { gateway, environment } = await open()
    const waiting = run(`${command}${more}`, environment)
    const [, id = ''] = await waiting.line(/"id":"(\w+)","status"/)
    await end(gateway, id)
    const { code } = await waiting.ended
    const [created, ...changes] = waiting
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(created).toMatchObject({ id, status: 'CREATED' })
    return { code, statuses: changes.map(({ status }) => status) }
  }

  test('5: revoked', async () => {
    const revoke = (gateway: Gateway, id: string) => gateway.send(RevokeConnectLinkDocument, { id })
    expect(await waitUntil(revoke)).toEqual({ code: 5, statuses: ['CREATED', 'REVOKED'] })
  })

  test('7: still open after the timeout', async () => {
    expect(await waitUntil(async () => undefined, ' --timeout 1s')).toEqual({
      code: 7,
      statuses: ['CREATED'],
    })
  })

  test('4: expired', async () => {
    const { environment } = await open({ LINK_TTL_SECONDS: '1' })
    expect(await resultOf(command, environment)).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/"status":"EXPIRED".*\n$/),
    })
  })

  test('3: failed, because the provider has deleted what was created with the link', async () => {
    const { gateway, environment } = await open()
    const waiting = run('link hubspot --end-user user-1 --provider fivetran --wait', environment)
    await waiting.line(/^http/)
    // The pending connection of the link is gone.
    await control(gateway, 'reset', {})
    expect(await waiting.ended).toEqual({ code: 3, signal: null })
    expect(waiting.stderr()).toMatch(/ FAILED \(\w+\)\n$/)
  })
})

test('--open does not fail where there is no browser', async () => {
  const { environment } = await open()
  // Nothing is found in this PATH.
  const { code, stderr } = await resultOf('link github --end-user user-1 --open', {
    ...environment,
    PATH: '/nowhere',
  })
  expect(code).toBe(0)
  expect(stderr).toMatch(/The browser could not be opened with \S+: open the link yourself\.\n$/)
})

test('errors are one line: of the gateway, of the key, and without a gateway', async () => {
  const { environment } = await open()
  const errorOf = async (command: string, more: Record<string, string> = {}) => {
    const { code, stdout, stderr } = await resultOf(command, { ...environment, ...more })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^[^\n]+\n$/)
    return stderr
  }
  expect(await errorOf('link no-such-application --end-user user-1')).toContain('(NOT_FOUND)')
  expect(await errorOf('link github --end-user user-1 --return-url ftp://x')).toContain('redirectUri')
  expect(await errorOf('connections', { GATEWAY_API_KEY: 'wrong' })).toContain('does not accept the API key')
  const nothing = { GATEWAY_URL: 'http://127.0.0.1:1' }
  expect(await errorOf('connections', nothing)).toContain('No gateway answers at http://127.0.0.1:1')
  // A key of this machine is never sent to another one.
  const remote = { GATEWAY_URL: 'https://gateway.example' }
  expect(await errorOf('link github --end-user user-1', remote)).toContain(
    'No API key for https://gateway.example',
  )
  const DATA_DIR = temporaryFolder()
  expect(await errorOf('connections', { DATA_DIR })).toContain('No API key')
  expect(existsSync(`${DATA_DIR}/keys.json`)).toBe(false)
})

test.each([
  'link',
  'link github',
  'link github --end-user x --provider segment',
  'connections --limit 0',
  'connections --status open',
])('an invalid command line has exit code 2: %s', async (command) => {
  expect(await resultOf(command, {})).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^error: /),
  })
})
