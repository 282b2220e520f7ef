import { describe, expect, test } from 'vitest'
import type { ProviderKey } from '../../src/domain/provider-key.ts'
import type { Environment } from '../../src/providers/definition.ts'
import { definitionByKey } from '../../src/providers/index.ts'
import { providerFixtures } from '../fixtures/providers.ts'
import { providerVariants } from '../helpers/providers.ts'
import { createConnection } from './connected.ts'
import { call, openProvider, readAll } from './open.ts'
import { type ChangeRows, changingProxy, unreadableRows } from './unreadable-rows.ts'

const cases = providerVariants.flatMap(([key, environment]) =>
  Object.keys(unreadableRows).map((kind) => ({ key, environment, kind })),
)

/** A provider with some rows in each list, whose responses pass through `change`. */
function open(key: ProviderKey, environment: Environment, change: ChangeRows) {
  const { connectorKey, connectorName, newLink } = providerFixtures[key]
  const linkDefaults = { connectorKey, connectorName, direction: newLink.direction }
  const setup = { definition: definitionByKey[key], environment, linkDefaults }
  return openProvider(
    setup,
    { connections: 6 },
    changingProxy((rows) => change(rows)),
  )
}

/** Everything by which a row, or a connection nested in it, may be listed. */
const keysOf = (row: Readonly<Record<string, unknown>>): string[] => {
  const nested = Array.isArray(row.connections) ? row.connections.map(({ id }) => id) : []
  return [row.id, row.service_name, row.name_slug, ...nested].map(String)
}

describe('a list with an unreadable row', () => {
  test.each(cases)('of $key $environment ($kind) has all other rows', async ({ key, environment, kind }) => {
    const replacing = { index: -1 }
    const replaced = new Set<string>()
    const provider = await open(key, environment, (rows) => {
      const row = rows[replacing.index]
      if (row === undefined) return rows
      for (const one of keysOf(row)) replaced.add(one)
      return rows.with(replacing.index, unreadableRows[kind] as never)
    })
    const lists = {
      connections: () => readAll(provider.adapter.listConnections([], call)),
      connectors: () => readAll(provider.adapter.listConnectors(call)),
    }
    const before = { connections: await lists.connections(), connectors: await lists.connectors() }
    expect(before.connections.items.length).toBeGreaterThanOrEqual(6)
    expect([...before.connections.skipped, ...before.connectors.skipped]).toEqual([])

    for (replacing.index of [0, 1, 2, 3, 4, 5]) {
      replaced.clear()
      const connections = await lists.connections()
      const others = before.connections.items.filter(({ remoteId }) => !replaced.has(remoteId))
      expect(connections.items).toEqual(others)
      expect(connections.skipped).not.toEqual([])

      replaced.clear()
      const connectors = await lists.connectors()
      expect(connectors.items).toEqual(
        expect.arrayContaining(before.connectors.items.filter((connector) => !replaced.has(connector.key))),
      )
      expect(connectors.skipped).not.toEqual([])
    }
  })
})

describe('a link', () => {
  test.each(cases)(
    'of $key $environment completes although each list has unreadable rows ($kind)',
    async ({ key, environment, kind }) => {
      const row = unreadableRows[kind]
      const provider = await open(key, environment, (rows) => [row, ...rows, row])
      const connection = await createConnection(provider)
      expect(connection.connectorKey).toBe(providerFixtures[key].connectorKey)
      expect((await provider.connections()).map(({ remoteId }) => remoteId)).toContain(connection.remoteId)
      expect(await provider.adapter.getConnection(connection, call)).toEqual(connection)
    },
  )
})
