import { expect, test } from 'vitest'
import { backgroundWork } from '../../src/http/http-types.ts'
import { testFaults } from './contract-faults.ts'
import { testLinks } from './contract-links.ts'
import type { Contract } from './contract-subject.ts'
import { allOf, openProvider } from './open.ts'

/** The tests that every adapter has to pass, over real HTTP against the sandbox. */
export function testProvider(contract: Contract): void {
  testLinks(contract)
  test('implements exactly the methods of its capabilities', () => testCapabilities(contract))
  test('returns undefined for a webhook body that is not a delivery', () => testForeignDeliveries(contract))
  test('lists the connectors of the catalogue without duplicates', () => testCatalogue(contract))
  test('reads all pages of a list without duplicates', () => testPagination(contract))
  test('sends no request after the caller has aborted', () => testAbort(contract))
  testFaults(contract)
}

async function testCapabilities(contract: Contract) {
  const { adapter, capabilities } = await openProvider(contract)
  expect({
    reconnect: adapter.createReconnectLink !== undefined,
    revokeLink: adapter.revokeLink !== undefined,
  }).toEqual({
    reconnect: capabilities.reconnect,
    revokeLink: capabilities.revokeLink,
  })
  // Without it, webhooks may still report changes of connections.
  if (capabilities.completion.includes('WEBHOOK')) expect(adapter.parseWebhook).toBeDefined()
  expect(capabilities.reconnect).toBe('createReconnectLink' in contract.calls)
  expect(capabilities.revokeLink).toBe('revokeLink' in contract.calls)
  expect(capabilities.revokeLink).toBe(contract.revocation !== undefined)
  expect(capabilities.pollsPerMinute).toBeGreaterThan(0)
}

async function testForeignDeliveries(contract: Contract) {
  const { adapter } = await openProvider(contract)
  for (const text of ['', ' ', 'not JSON', '{"event":', '[]', '"event"', 'null', '7']) {
    const delivery = { body: Buffer.from(text), headers: {}, secrets: ['secret'] }
    expect(adapter.parseWebhook?.(delivery), text).toBeUndefined()
  }
}

async function testCatalogue({ connectors, linkDefaults, ...setup }: Contract) {
  const provider = await openProvider({ ...setup, linkDefaults })
  const all = await provider.connectors()
  expect(all.length).toBeGreaterThanOrEqual(connectors)
  expect(new Set(all.map(({ key }) => key)).size).toBe(all.length)
  const { connectorKey, connectorName, direction } = linkDefaults
  const connector = all.find(({ key }) => key === connectorKey)
  expect(connector).toMatchObject({ name: connectorName, linkable: true })
  expect(connector?.directions).toContain(direction)
  const directions = new Set(all.flatMap((one) => one.directions))
  expect([...directions].every((one) => provider.capabilities.directions.includes(one))).toBe(true)
}

async function testPagination(contract: Contract) {
  const count = 1_100
  const provider = await openProvider(contract, { connectors: count, connections: count })
  const keys = (await provider.connectors()).map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.length).toBeGreaterThanOrEqual(count)
  const listed = await provider.connections()
  const ids = listed.map(({ direction, remoteId }) => `${direction} ${remoteId}`)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBeGreaterThanOrEqual(count)
}

async function testAbort(contract: Contract) {
  const { adapter, requests } = await openProvider(contract)
  const aborted = backgroundWork(AbortSignal.abort(new Error('the caller has aborted')))
  await expect(allOf(adapter.listConnections([], aborted))).rejects.toThrow('the caller has aborted')
  expect((await requests()).filter(({ path }) => !path.includes('/oauth/token'))).toEqual([])
}
