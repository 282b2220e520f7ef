import { beforeAll, describe, expect, test, vi } from 'vitest'
import { permissions } from '../../src/domain/permissions.ts'
import { ApiKeysDocument, RevokeApiKeyDocument } from '../generated/graphql.ts'
import { onEmbedded, onPostgres } from '../helpers/database.ts'
import { build, type Gateway, run, serve, temporaryFolder } from './process.ts'
import { newStore } from './store.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 })

beforeAll(build)

type Environment = Readonly<Record<string, string>>

/** Runs `keys` with arguments; returns its exit code and its output. */
async function keys(args: string, environment: Environment) {
  const program = run(`keys ${args}`, environment)
  const { code } = await program.ended
  return { code, stdout: program.stdout(), stderr: program.stderr() }
}

/** Runs `keys create`; returns the key, which is the only line on standard output, and its ID. */
async function create(args: string, environment: Environment) {
  const { code, stdout, stderr } = await keys(`create ${args}`, environment)
  expect([code, stdout, stderr]).toEqual([
    0,
    expect.stringMatching(/^cgw_\w{38}\n$/),
    expect.stringMatching(/^Created API key \w+\. It cannot be shown again\.\n$/),
  ])
  return { key: stdout.trim(), id: /key (\w+)/.exec(stderr)?.[1] ?? '' }
}

const rowsOf = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))

/** The HTTP status of a request with that key, which needs `links:read`. */
async function statusOf({ url }: Gateway, key: string): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: '{ connectLinks { totalCount } }' }),
  })
  const { errors } = (await response.json()) as { errors?: unknown }
  if (response.status === 200) expect(errors).toBeUndefined()
  return response.status
}

test('keys creates, lists, rotates and revokes keys, which the gateway accepts until then', async () => {
  const store = await newStore()
  const { key, id } = await create('--name Backend --scopes links:read,links:write --expires-in 90d', store)
  const first = await serve(store)
  expect(await statusOf(first, key)).toBe(200)
  expect((await first.send(ApiKeysDocument, {})).apiKeys.nodes).toMatchObject([
    { id, name: 'Backend', scopes: ['links:read', 'links:write'], createdBy: 'CLI' },
  ])
  await first.stop()

  const rotated = await keys(`rotate ${id} --overlap 1h`, store)
  expect([rotated.code, rotated.stdout]).toEqual([0, expect.stringMatching(/^cgw_\w{38}\n$/)])
  expect(rotated.stderr).toMatch(/^Rotated API key \w+\. .* The former key is accepted until \S+Z\.\n$/)
  const second = await serve(store)
  for (const accepted of [key, rotated.stdout.trim()]) expect(await statusOf(second, accepted)).toBe(200)
  await second.stop()

  const revoked = await keys(`revoke ${id}`, store)
  expect(revoked).toMatchObject({ code: 0, stderr: '' })
  const [, revokedAt] = /^Revoked API key \w+ at (\S+Z)\.\n$/.exec(revoked.stdout) ?? []
  const { stdout } = await keys('list', store)
  const time = expect.stringMatching(/^\d{4}-.*Z$/)
  expect(rowsOf(stdout)).toEqual([
    ['ID', 'NAME', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED', 'REVOKED'],
    [id, 'Backend', 'links:read,links:write', time, time, time, revokedAt],
  ])
  expect(stdout).not.toContain('cgw_')
  const third = await serve(store)
  for (const refused of [key, rotated.stdout.trim()]) expect(await statusOf(third, refused)).toBe(401)
})

onEmbedded('with the embedded store the gateway must be stopped, or its mutations be used', async () => {
  const store = await newStore()
  const gateway = await serve(store)
  const { code, stdout, stderr } = await keys('create --name x --scopes links:read', store)
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^The data folder is in use by another gateway \(process \d+ on .*createApiKey.*\n$/)
  expect((await gateway.send(ApiKeysDocument, {})).apiKeys.totalCount).toBe(0)
})

onPostgres('on PostgreSQL keys are managed beside two gateways, and revoked at both', async () => {
  const store = await newStore()
  const gateways = [await serve(store), await serve(store)] as const
  const patience = { timeout: 60_000, interval: 100 }
  const revoke = {
    mutation: (id: string) => gateways[0].send(RevokeApiKeyDocument, { id }),
    'command line': (id: string) => keys(`revoke ${id}`, store),
  }
  for (const revokeKey of Object.values(revoke)) {
    const { key, id } = await create('--name Backend --scopes links:read', store)
    for (const gateway of gateways) expect(await statusOf(gateway, key)).toBe(200)
    await revokeKey(id)
    for (const gateway of gateways)
      await vi.waitFor(async () => expect(await statusOf(gateway, key)).toBe(401), patience)
  }
})

describe('invalid arguments', () => {
  test.each([
    '',
    'delete',
    'list all',
    'create',
    'create --name x',
    'create --scopes links:read',
    'create --name x --scopes links:read --expires 1d',
    'create x --name x --scopes links:read',
    'rotate',
    'rotate x --overlap',
    'revoke',
    'revoke x y',
  ])('have exit code 2: keys %s', async (args) => {
    const { code, stdout, stderr } = await keys(args, { DATA_DIR: temporaryFolder() })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^(error|Usage): /)
  })

  test('are explained by the help, which names the scopes', async () => {
    const { code, stdout, stderr } = await keys('create --help', {})
    expect([code, stderr]).toEqual([0, ''])
    for (const scope of permissions) expect(stdout).toContain(scope)
  })

  test('of other kinds are explained, without a stack', async () => {
    const store = await newStore()
    const errorOf = async (args: string) => {
      const { code, stdout, stderr } = await keys(args, store)
      expect([code, stdout]).toEqual([1, ''])
      return stderr
    }
    expect(await errorOf('create --name x --scopes links:read --expires-in 90')).toBe(
      '--expires-in must be a time with a unit, such as 90d, 24h, 30m or 0s.\n',
    )
    expect(await errorOf('create --name x --scopes links:read,all --expires-in 0s')).toBe(
      `--scopes must be one of ${permissions.join(', ')}\n--expires-in must be between 1 and 315360000\n`,
    )
    expect(await errorOf('rotate x --overlap 31d')).toBe('--overlap must be between 0 and 2592000\n')
    for (const command of ['rotate', 'revoke'])
      expect(await errorOf(`${command} x`)).toBe('There is no such API key.\n')
  })
})
