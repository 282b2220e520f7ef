import { expect, test } from 'vitest'
import { syncConnections } from '../../../src/connect/connections/sync-connections.ts'
import { backgroundWork } from '../../../src/http/http-types.ts'
import type { ProviderAdapter } from '../../../src/providers/adapter.ts'
import { createTestClock } from '../../helpers/clock.ts'
import { startTestGateway } from '../../helpers/gateway.ts'
import { openSandbox } from '../../sandbox/open.ts'
import { callDirectly } from '../gateway.ts'

const signal = new AbortController().signal

/** Remote ids of all connections that the adapter lists. */
async function listIds(adapter: ProviderAdapter): Promise<readonly string[]> {
  const ids: string[] = []
  for await (const { items } of adapter.listConnections([], backgroundWork(signal)))
    ids.push(...items.map(({ remoteId }) => remoteId))
  return ids
}

test('two syncs find all rows, even if rows move to earlier pages during each sync', async () => {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock, connections: 250 })
  const gateway = await startTestGateway({ clock, sandbox })
  const { db, providers } = gateway.connect
  const census = providers.getConfigured('CENSUS')
  const deleted: string[] = []

  /** Deletes the first row of each page after the page was read, so that all later rows move up by one. */
  async function* listAndDelete(groups: readonly string[]) {
    for await (const page of census.adapter.listConnections(groups, backgroundWork(signal))) {
      yield page
      const id = page.items[0]?.remoteId ?? ''
      const headers = { authorization: 'Bearer sandbox-pat' }
      await callDirectly(gateway, `/census/api/v2/activations/${id}`, { method: 'DELETE', headers })
      deleted.push(id)
      clock.advance(1)
    }
  }
  const shifting = { ...census, adapter: { ...census.adapter, listConnections: listAndDelete } }
  for (const _ of [1, 2]) {
    clock.advance(60)
    await syncConnections(gateway.connect, shifting, signal)
  }
  const remaining = (await listIds(census.adapter)).toSorted()
  expect(remaining).toHaveLength(250 - deleted.length)
  expect(deleted.length).toBeGreaterThan(4)

  clock.advance(60)
  await syncConnections(gateway.connect, census, signal)
  const rows = await db.selectFrom('connections').select(['remoteId', 'status']).execute()
  const idsWhere = (isDisconnected: boolean) =>
    rows
      .filter(({ status }) => (status === 'DISCONNECTED') === isDisconnected)
      .map(({ remoteId }) => remoteId)
  expect(idsWhere(false).toSorted()).toEqual(remaining)
  expect(deleted).toEqual(expect.arrayContaining(idsWhere(true)))
})
