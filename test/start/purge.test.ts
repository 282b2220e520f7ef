import { beforeAll, expect, test, vi } from 'vitest'
import { providerFixtures } from '../fixtures/providers.ts'
import { ConnectionsDocument, ConnectLinkDocument, type ProviderKey } from '../generated/graphql.ts'
import { xpanderKey } from '../graphql/open.ts'
import { onEmbedded } from '../helpers/database.ts'
import { approveAndReturn } from '../helpers/gateway.ts'
import { providersWith } from '../helpers/providers.ts'
import { build, createLink, freshConnections, type Gateway, run, serve, temporaryFolder } from './process.ts'
import { requestsOf, serveSandbox } from './sandbox.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

const inputFor = (id: string) => ({ endUser: { id, name: `Name of ${id}`, email: `${id}@example.com` } })

/** Creates and completes a link of that end user; returns its ID. */
async function connect(gateway: Gateway, provider: ProviderKey, id: string) {
  const link = await createLink(gateway, provider, {
    ...inputFor(id),
    connector: providerFixtures[provider].connectorKey,
    idempotencyKey: `${provider} of ${id}`,
  })
  await approveAndReturn(link.url ?? '')
  await vi.waitFor(
    async () => {
      const { connectLink } = await gateway.send(ConnectLinkDocument, { id: link.id })
      expect(connectLink?.status).toBe('COMPLETED')
    },
    { timeout: 60_000, interval: 500 },
  )
  return link.id
}

onEmbedded(
  'purge erases an end user in the database and at the providers; the gateway must be stopped',
  async () => {
    const sandbox = await serveSandbox()
    const first = await serve(sandbox.realEnvironment)
    const removable = providersWith('disconnect')
    for (const provider of removable) await connect(first, provider, 'ada')
    const otherLinkId = await connect(first, 'PIPEDREAM', 'bob')
    const open = await createLink(first, 'FIVETRAN', inputFor('ada'))
    const openAtCensus = await createLink(first, 'CENSUS', inputFor('ada'))

    const tooEarly = run('purge end-user ada', sandbox.realEnvironment)
    expect(await tooEarly.ended).toEqual({ code: 1, signal: null })
    expect(tooEarly.stderr()).toMatch(/^[^\n]*in use by another gateway[^\n]*\n$/)
    await first.stop()
    await sandbox.control('DELETE', 'requests')

    const purge = run('purge end-user ada', sandbox.realEnvironment)
    expect([await purge.ended, purge.stderr()]).toEqual([{ code: 0, signal: null }, ''])
    expect(purge.stdout()).toBe(`Erased: ${removable.length + 2} links, ${removable.length} connections.\n`)
    const removed = (await requestsOf(sandbox)).filter((line) => /^DELETE|revoke$/.test(line))
    expect(removed.map((line) => line.replace(/\/[^/]+(\/revoke)?$/, '/:id$1')).toSorted()).toEqual(
      [
        ...removable.map((provider) => `${providerFixtures[provider].requests.disconnect.join(' ')}:id`),
        // The incomplete connection of the open link.
        'DELETE /fivetran/v1/connections/:id',
        'POST /census/api/v2/activation_connect_links/:id/revoke',
      ].toSorted(),
    )

    const again = run('purge end-user ada', sandbox.realEnvironment)
    expect([await again.ended, again.stdout()]).toEqual([
      { code: 0, signal: null },
      'Erased: 0 links, 0 connections.\n',
    ])
    const second = await serve(sandbox.realEnvironment)
    for (const { id } of [open, openAtCensus]) {
      expect((await second.send(ConnectLinkDocument, { id })).connectLink).toBeNull()
    }
    expect((await fetch(open.url?.replace(/:\d+/, `:${new URL(second.url).port}`) ?? '')).status).toBe(404)
    const { connections } = await second.send(ConnectionsDocument, {})
    expect(connections.nodes).toMatchObject([{ endUser: { id: 'bob' }, status: 'ACTIVE' }])
    expect((await second.send(ConnectLinkDocument, { id: otherLinkId })).connectLink?.status).toBe(
      'COMPLETED',
    )
    // The idempotency keys can be used again.
    const fresh = await createLink(second, 'PIPEDREAM', {
      ...inputFor('ada'),
      idempotencyKey: 'PIPEDREAM of ada',
    })
    expect(fresh.status).toBe('CREATED')
  },
)

test('a connection that the provider cannot remove is reported, and loses its end user', async () => {
  const sandbox = await serveSandbox()
  const first = await serve(sandbox.realEnvironment)
  const more = { connector: xpanderKey('Algolia'), xpander: { security: { apiKey: 'key' } } }
  await createLink(first, 'XPANDER', { ...inputFor('ada'), ...more })
  const { connections } = await first.send(ConnectionsDocument, {})
  const remoteId = connections.nodes[0]?.remoteId
  await first.stop()

  const purge = run('purge end-user ada', sandbox.realEnvironment)
  expect(await purge.ended).toEqual({ code: 1, signal: null })
  expect(purge.stderr()).toContain('Erased: 1 links, 0 connections.')
  expect(purge.stderr()).toContain(`  XPANDER ${remoteId}\n`)
  const second = await serve(sandbox.realEnvironment)
  expect((await freshConnections(second)).nodes).toMatchObject([{ remoteId, endUser: null }])
})

test.each(['purge', 'purge end-user', 'purge user ada', 'purge ada', 'purge end-user '])(
  'invalid arguments have exit code 2: %s',
  async (command) => {
    const purge = run(command, { DATA_DIR: temporaryFolder() })
    expect(await purge.ended).toEqual({ code: 2, signal: null })
    expect([purge.stdout(), purge.stderr()]).toEqual(['', expect.stringMatching(/^(error|Usage): /)])
  },
)
