import { expect, test } from 'vitest'
import { testFaults } from './contract-faults.ts'
import { testLinks } from './contract-links.ts'
import type { Contract } from './contract-subject.ts'
import { allOf, openProvider } from './open.ts'

/** What every adapter promises, over real HTTP against the sandbox. */
export function testProvider(contract: Contract): void {
  testLinks(contract)
  test('it can do what its capabilities say, and nothing else', () => saysWhatItCan(contract))
  test('a delivery that is none is told from one', () => knowsDeliveries(contract))
  test('the catalogue has real connectors, each once', () => hasConnectors(contract))
  test('lists are read to their end, each row once', () => readsEverything(contract))
  test('a caller who has gone away is not worked for', () => stopsWhenAborted(contract))
  testFaults(contract)
}

async function saysWhatItCan(contract: Contract) {
  const { adapter, capabilities } = await openProvider(contract)
  expect({
    reconnect: adapter.createReconnectLink !== undefined,
    revokeLink: adapter.revokeLink !== undefined,
    webhooks: adapter.parseWebhook !== undefined,
  }).toEqual({
    reconnect: capabilities.reconnect,
    revokeLink: capabilities.revokeLink,
    webhooks: capabilities.completion.includes('WEBHOOK'),
  })
  expect(capabilities.reconnect).toBe('createReconnectLink' in contract.calls)
  expect(capabilities.revokeLink).toBe('revokeLink' in contract.calls)
  expect(capabilities.pollsPerMinute).toBeGreaterThan(0)
}

async function knowsDeliveries(contract: Contract) {
  const { adapter } = await openProvider(contract)
  for (const text of ['', ' ', 'not JSON', '{"event":', '[]', '"event"', 'null', '7']) {
    const delivery = { body: Buffer.from(text), headers: {}, secrets: ['secret'] }
    expect(adapter.parseWebhook?.(delivery), text).toBeUndefined()
  }
}

async function hasConnectors({ connectors, standard, ...setting }: Contract) {
  const provider = await openProvider({ ...setting, standard })
  const all = await provider.connectors()
  expect(all.length).toBeGreaterThanOrEqual(connectors)
  expect(new Set(all.map(({ key }) => key)).size).toBe(all.length)
  const { connectorKey, connectorName, direction } = standard
  const found = all.find(({ key }) => key === connectorKey)
  expect(found).toMatchObject({ name: connectorName, linkable: true })
  expect(found?.directions).toContain(direction)
  const directions = new Set(all.flatMap((connector) => connector.directions))
  expect([...directions].every((one) => provider.capabilities.directions.includes(one))).toBe(true)
}

async function readsEverything(contract: Contract) {
  const many = 1_100
  const provider = await openProvider(contract, { connectors: many, connections: many })
  const keys = (await provider.connectors()).map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.length).toBeGreaterThanOrEqual(many)
  const listed = await provider.connections()
  const ids = listed.map(({ direction, remoteId }) => `${direction} ${remoteId}`)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBeGreaterThanOrEqual(many)
}

async function stopsWhenAborted(contract: Contract) {
  const { adapter, requests } = await openProvider(contract)
  const gone = { signal: AbortSignal.abort(new Error('the caller has gone')) }
  await expect(allOf(adapter.listConnections([], gone))).rejects.toThrow('the caller has gone')
  expect((await requests()).filter(({ path }) => !path.includes('/oauth/token'))).toEqual([])
}
