import { beforeAll, expect, test, vi } from 'vitest'
import { ConnectionsDocument, ConnectLinkDocument } from '../generated/graphql.ts'
import { xpanderKey } from '../graphql/open.ts'
import { decide } from '../helpers/gateway.ts'
import { build, createLink, type Gateway, run, serve, temporaryFolder } from './process.ts'
import { seenBy, serveSandbox } from './sandbox.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

const of = (id: string) => ({ endUser: { id, name: `Name of ${id}`, email: `${id}@example.com` } })

/** A connection of that person at a provider, finished. */
async function connect(gateway: Gateway, provider: 'FIVETRAN' | 'CENSUS' | 'PIPEDREAM', id: string) {
  const link = await createLink(gateway, provider, { ...of(id), idempotencyKey: `${provider} of ${id}` })
  await decide(link.url ?? '', 'approve')
  await vi.waitFor(
    async () => {
      const { connectLink } = await gateway.send(ConnectLinkDocument, { id: link.id })
      expect(connectLink?.status).toBe('COMPLETED')
    },
    { timeout: 60_000, interval: 500 },
  )
  return link.id
}

test('a person is forgotten while the gateway is stopped: here, and at the providers', async () => {
  const sandbox = await serveSandbox()
  const first = await serve(sandbox.asIfReal)
  for (const provider of ['FIVETRAN', 'CENSUS', 'PIPEDREAM'] as const) {
    await connect(first, provider, 'ada')
  }
  const kept = await connect(first, 'PIPEDREAM', 'bob')
  const open = await createLink(first, 'FIVETRAN', of('ada'))
  const openAtCensus = await createLink(first, 'CENSUS', of('ada'))

  const tooEarly = run('purge end-user ada', sandbox.asIfReal)
  expect(await tooEarly.ended).toEqual({ code: 1, signal: null })
  expect(tooEarly.stderr()).toMatch(/^[^\n]*in use by another gateway[^\n]*\n$/)
  await first.stop()
  await sandbox.control('DELETE', 'requests')

  const purge = run('purge end-user ada', sandbox.asIfReal)
  expect([await purge.ended, purge.stderr()]).toEqual([{ code: 0, signal: null }, ''])
  expect(purge.stdout()).toBe('Forgotten: 5 links, 3 connections.\n')
  const removed = (await seenBy(sandbox)).filter((line) => /^DELETE|revoke$/.test(line))
  expect(removed.map((line) => line.replace(/\/[^/]+(\/revoke)?$/, '/:id$1')).toSorted()).toEqual([
    'DELETE /census/api/v2/activations/:id',
    // What was finished, and what was half made for the open link.
    'DELETE /fivetran/v1/connections/:id',
    'DELETE /fivetran/v1/connections/:id',
    'DELETE /pipedream/v1/connect/proj_sandbox/accounts/:id',
    'POST /census/api/v2/activation_connect_links/:id/revoke',
  ])

  const again = run('purge end-user ada', sandbox.asIfReal)
  expect([await again.ended, again.stdout()]).toEqual([
    { code: 0, signal: null },
    'Forgotten: 0 links, 0 connections.\n',
  ])
  const second = await serve(sandbox.asIfReal)
  for (const { id } of [open, openAtCensus]) {
    expect((await second.send(ConnectLinkDocument, { id })).connectLink).toBeNull()
  }
  expect((await fetch(open.url?.replace(/:\d+/, `:${new URL(second.url).port}`) ?? '')).status).toBe(404)
  const { connections } = await second.send(ConnectionsDocument, {})
  expect(connections.nodes).toMatchObject([{ endUser: { id: 'bob' }, status: 'ACTIVE' }])
  expect((await second.send(ConnectLinkDocument, { id: kept })).connectLink?.status).toBe('COMPLETED')
  // The keys are free again.
  const fresh = await createLink(second, 'PIPEDREAM', { ...of('ada'), idempotencyKey: 'PIPEDREAM of ada' })
  expect(fresh.status).toBe('CREATED')
})

test('what a provider cannot remove is said, and names nobody any more', async () => {
  const sandbox = await serveSandbox()
  const first = await serve(sandbox.asIfReal)
  const more = { connector: xpanderKey('Algolia'), xpander: { security: { apiKey: 'key' } } }
  await createLink(first, 'XPANDER', { ...of('ada'), ...more })
  const { connections } = await first.send(ConnectionsDocument, {})
  const remoteId = connections.nodes[0]?.remoteId
  await first.stop()

  const purge = run('purge end-user ada', sandbox.asIfReal)
  expect(await purge.ended).toEqual({ code: 1, signal: null })
  expect(purge.stderr()).toContain('Forgotten: 1 links, 0 connections.')
  expect(purge.stderr()).toContain(`  XPANDER ${remoteId}\n`)
  const second = await serve(sandbox.asIfReal)
  const after = (await second.send(ConnectionsDocument, {})).connections
  expect(after.nodes).toMatchObject([{ remoteId, endUser: null }])
})

test.each(['purge', 'purge end-user', 'purge user ada', 'purge ada'])(
  'whom to forget has to be said: %s',
  async (command) => {
    const purge = run(command, { DATA_DIR: temporaryFolder() })
    expect(await purge.ended).toEqual({ code: 1, signal: null })
    expect([purge.stdout(), purge.stderr()]).toEqual(['', 'Say whom to forget: purge end-user <id>\n'])
  },
)
