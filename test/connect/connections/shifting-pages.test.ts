import { expect, test } from 'vitest'
import { syncConnections } from '../../../src/connect/connections/sync-connections.ts'
import type { ProviderAdapter } from '../../../src/providers/adapter.ts'
import { createTestClock } from '../../helpers/clock.ts'
import { startTestGateway } from '../../helpers/gateway.ts'
import { openSandbox } from '../../sandbox/open.ts'
import { outside } from '../gateway.ts'

const signal = new AbortController().signal

/** Everything that the adapter lists now. */
async function idsAt(adapter: ProviderAdapter): Promise<readonly string[]> {
  const ids: string[] = []
  for await (const page of adapter.listConnections([], { signal }))
    ids.push(...page.map(({ remoteId }) => remoteId))
  return ids
}

test('rows that slip from one page of a provider to the one before are all there after two syncs', async () => {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock, connections: 250 })
  const gateway = await startTestGateway({ clock, sandbox })
  const { db, providers } = gateway.connect
  const census = providers.getConfigured('CENSUS')
  const gone: string[] = []

  /** The first row of each page is deleted once the page has been read, and all that follow move up by one. */
  async function* listing(groups: readonly string[]) {
    for await (const page of census.adapter.listConnections(groups, { signal })) {
      yield page
      const id = page[0]?.remoteId ?? ''
      const headers = { authorization: 'Bearer sandbox-pat' }
      await outside(gateway, `/census/api/v2/activations/${id}`, { method: 'DELETE', headers })
      gone.push(id)
      clock.advance(1)
    }
  }
  const shifting = { ...census, adapter: { ...census.adapter, listConnections: listing } }
  for (const _ of [1, 2]) {
    clock.advance(60)
    await syncConnections(gateway.connect, shifting, signal)
  }
  const left = (await idsAt(census.adapter)).toSorted()
  expect(left).toHaveLength(250 - gone.length)
  expect(gone.length).toBeGreaterThan(4)

  clock.advance(60)
  await syncConnections(gateway.connect, census, signal)
  const rows = await db.selectFrom('connections').select(['remoteId', 'status']).execute()
  const are = (isGone: boolean) =>
    rows.filter(({ status }) => (status === 'DISCONNECTED') === isGone).map(({ remoteId }) => remoteId)
  expect(are(false).toSorted()).toEqual(left)
  expect(gone).toEqual(expect.arrayContaining(are(true)))
})
