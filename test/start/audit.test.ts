import { beforeAll, expect, test, vi } from 'vitest'
import { openDatabase } from '../../src/store/database.ts'
import { onEmbedded, onPostgres } from '../helpers/database.ts'
import { tamper } from '../store/audit.ts'
import { build, createLink, run, serve, temporaryFolder } from './process.ts'
import { newStore } from './store.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

/** Runs a command to its end; returns its exit code and output. */
async function resultOf(command: string, environment: Record<string, string>) {
  const program = run(command, environment)
  const { code } = await program.ended
  return { code, stdout: program.stdout(), stderr: program.stderr() }
}

/** Changes the store of a stopped gateway. */
async function change({ DATA_DIR, DATABASE_URL }: Awaited<ReturnType<typeof newStore>>): Promise<void> {
  const database = await openDatabase(
    DATABASE_URL === undefined ? { folder: DATA_DIR } : { url: DATABASE_URL },
  )
  await tamper(database.db, (transaction) =>
    transaction.updateTable('auditEvents').set({ endUserId: 'user-9' }).where('number', '=', 2).execute(),
  )
  await database.close()
}

test('audit verify and export read the log of a stopped gateway, and find an event that was changed', async () => {
  const store = await newStore()
  const gateway = await serve(store)
  for (const id of ['user-1', 'user-2', 'user-3']) await createLink(gateway, 'PIPEDREAM', { endUser: { id } })
  await gateway.stop()

  const verified = await resultOf('audit verify', store)
  expect(verified).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      /^Verified: 3 events \(1 to 3\), 0 of them without personal data\.\nHead: [0-9a-f]{64}\n$/,
    ),
    stderr: '',
  })
  const head = /Head: (\w+)/.exec(verified.stdout)?.[1] ?? ''
  const exported = await resultOf('audit export', store)
  const lines = exported.stdout.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { number: 1, operation: 'createConnectLink', actorKind: 'API_KEY', endUserId: 'user-1' },
    { number: 2, endUserId: 'user-2' },
    { number: 3, endUserId: 'user-3', hash: head },
  ])
  expect((await resultOf('audit export --since 2999-01-01', store)).stdout).toBe('')
  expect(await resultOf(`audit verify --head ${head}`, store)).toMatchObject({ code: 0 })
  expect(await resultOf(`audit verify --head ${'0'.repeat(63)}1`, store)).toEqual({
    code: 1,
    stdout: '',
    stderr: 'The audit log does not verify. No event has the given hash: events were replaced or removed.\n',
  })

  await change(store)
  expect(await resultOf('audit verify', store)).toEqual({
    code: 1,
    stdout: '',
    stderr: 'The audit log does not verify. Event 2 was changed, or one before it replaced.\n',
  })
})

test('a change of a key on the command line is recorded', async () => {
  const store = await newStore()
  expect(await resultOf('keys create --name Backend --scopes links:read', store)).toMatchObject({ code: 0 })
  const { stdout } = await resultOf('audit export', store)
  expect(JSON.parse(stdout)).toMatchObject({
    number: 1,
    operation: 'apiKey.created',
    actorKind: 'COMMAND_LINE',
    actorId: 'keys',
    targets: [expect.stringMatching(/^ApiKey:[0-9a-f-]{36}$/)],
  })
})

onEmbedded('audit verify is refused while the gateway runs on the embedded store', async () => {
  const store = await newStore()
  await serve(store)
  const { code, stderr } = await resultOf('audit verify', store)
  expect(code).toBe(1)
  expect(stderr).toMatch(/^[^\n]*in use by another gateway[^\n]*\n$/)
})

onPostgres('two gateways that write at the same time make one chain, which verifies meanwhile', async () => {
  const store = {
    ...(await newStore()),
    GATEWAY_API_KEY: 'gw_key_of_the_operator',
    GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32),
    MAX_OPEN_LINKS_PER_END_USER: '100',
  }
  const gateways = await Promise.all([serve(store), serve({ ...store, DATA_DIR: temporaryFolder() })])
  const create = async (gateway: (typeof gateways)[number]) => {
    for (let count = 0; count < 20; count += 1) await createLink(gateway, 'PIPEDREAM')
  }
  const writing = Promise.all(gateways.map(create))
  expect(await resultOf('audit verify', store)).toMatchObject({ code: 0, stderr: '' })
  await writing
  const verified = await resultOf('audit verify', store)
  expect(verified.stdout).toMatch(/^Verified: 40 events \(1 to 40\)/)
})

test.each([
  'audit',
  'audit check',
  'audit verify now',
  'audit verify --since 2026-01-01',
  'audit export --since x',
])('invalid arguments have exit code 2: %s', async (command) => {
  expect(await resultOf(command, { DATA_DIR: temporaryFolder() })).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^(error|Usage): /),
  })
})
