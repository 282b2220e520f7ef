import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { ProviderKey } from '../../src/domain/provider-key.ts'
import type { RemoteConnector } from '../../src/providers/adapter.ts'
import type { Environment } from '../../src/providers/definition.ts'
import { definitionByKey } from '../../src/providers/index.ts'
import { providerFixtures } from '../fixtures/providers.ts'
import { capabilitiesOf, providerVariants } from '../helpers/providers.ts'
import { createConnection } from './connected.ts'
import { call, openProvider, readAll, type TestProvider } from './open.ts'
import {
  breakOptionalFields,
  breakPaging,
  type ChangeRows,
  changeLists,
  changingProxy,
  pagedByCount,
  unreadableRows,
  unreadableValues,
} from './unreadable-rows.ts'

const cases = providerVariants.flatMap(([key, environment]) =>
  Object.keys(unreadableRows).map((kind) => ({ key, environment, kind })),
)

type ChangeBody = Parameters<typeof changingProxy>[0]

/** A provider with some rows in each list, whose responses pass through `change`. */
function openChanged(key: ProviderKey, environment: Environment, change: ChangeBody) {
  const { connectorKey, connectorName, newLink } = providerFixtures[key]
  const linkDefaults = { connectorKey, connectorName, direction: newLink.direction }
  const setup = { definition: definitionByKey[key], environment, linkDefaults }
  return openProvider(setup, { connections: 6 }, changingProxy(change))
}

/** The same; only the lists in responses to GET requests pass through `change`. */
const open = (key: ProviderKey, environment: Environment, change: ChangeRows) =>
  openChanged(key, environment, (body, method) => (method === 'GET' ? changeLists(body, change) : body))

const listsOf = ({ adapter }: TestProvider) => ({
  connections: () => readAll(adapter.listConnections([], call)),
  connectors: () => readAll(adapter.listConnectors(call)),
})

/** Everything by which a row, a connection nested in it, or the connector that it is about, may be listed. */
const keysOf = (row: Readonly<Record<string, unknown>>): string[] => {
  const nested = Array.isArray(row.connections) ? row.connections.map(({ id }) => id) : []
  const toolkit = z.object({ slug: z.string() }).safeParse(row.toolkit).data
  const { id, service_name, name_slug, slug, connection_id, unique_key } = row
  const own = [id, service_name, name_slug, slug, toolkit?.slug, connection_id, unique_key]
  return [...own, ...nested].map(String)
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
    const lists = listsOf(provider)
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
      const otherConnectors = before.connectors.items.filter(({ key }) => !replaced.has(key))
      expect(byKey(connectors.items)).toMatchObject(byKey(otherConnectors))
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

const byKey = (connectors: readonly RemoteConnector[]) =>
  Object.fromEntries(connectors.map((connector) => [connector.key, connector]))

/** The IDs of both lists; of skipped rows, `null` if they are not known. */
async function idsOf(provider: TestProvider) {
  const [connections, connectors] = [
    await listsOf(provider).connections(),
    await listsOf(provider).connectors(),
  ]
  return {
    connections: {
      ids: connections.items.map(({ remoteId }) => remoteId),
      skipped: connections.skipped.map(({ id }) => id),
    },
    connectors: {
      ids: connectors.items.map(({ key }) => key),
      skipped: connectors.skipped.map(({ id }) => id),
    },
  }
}

const valueCases = providerVariants.flatMap(([key, environment]) =>
  Object.keys(unreadableValues).map((kind) => ({ key, environment, kind })),
)

describe('fields that are not essential, in all responses', () => {
  test.each(valueCases)(
    'of $key $environment ($kind) cost no row, no read and no link',
    async ({ key, environment, kind }) => {
      const change = { isOn: false }
      const provider = await openChanged(key, environment, (body) =>
        change.isOn ? breakOptionalFields(body, key, unreadableValues[kind]) : body,
      )
      const before = await idsOf(provider)

      change.isOn = true
      expect(await idsOf(provider)).toEqual(before)
      const { remoteId, direction, connectorKey } = await createConnection(provider)
      expect(connectorKey).toBe(providerFixtures[key].connectorKey)
      const created = { remoteId, direction, connectorKey }
      expect(await provider.adapter.getConnection(created, call)).toMatchObject(created)
    },
  )

  test.each(valueCases.filter(({ key }) => capabilitiesOf(key).reconnect))(
    'of $key $environment ($kind) do not prevent a link for a connection',
    async ({ key, environment, kind }) => {
      const provider = await openChanged(key, environment, (body) =>
        breakOptionalFields(body, key, unreadableValues[kind]),
      )
      const { link } = await provider.reconnect(await createConnection(provider))
      expect(await provider.adapter.checkLink(link, call)).toMatchObject({ kind: 'open' })
    },
  )
})

const pagedVariants = providerVariants.filter(([key]) => !pagedByCount.includes(key))
const pagingCases = pagedVariants.flatMap(([key, environment]) =>
  (['outer', 'inner'] as const).flatMap((depth) => [
    // An object without a cursor is that of a last page.
    ...(depth === 'inner' ? [{ key, environment, depth, value: {} }] : []),
    { key, environment, depth, value: [] },
    { key, environment, depth, value: true },
  ]),
)

describe('an unreadable paging field', () => {
  test.each(pagingCases)(
    '($depth, $value) of $key $environment ends lists after the page, which is reported, and costs no link',
    async ({ key, environment, depth, value }) => {
      const change = { isOn: false }
      const provider = await openChanged(key, environment, (body) =>
        change.isOn ? breakPaging(withPaging(body, key), depth, value) : body,
      )
      const before = await idsOf(provider)

      change.isOn = true
      const after = await idsOf(provider)
      for (const list of ['connections', 'connectors'] as const) {
        expect(after[list].ids.length).toBeGreaterThan(0)
        expect(before[list].ids).toEqual(expect.arrayContaining([...after[list].ids]))
        expect(new Set(after[list].skipped)).toEqual(new Set([null]))
      }
      expect(await createConnection(provider)).toMatchObject({
        connectorKey: providerFixtures[key].connectorKey,
      })
    },
  )
})

/** Fivetran's last page has no cursor. */
function withPaging(body: unknown, key: ProviderKey): unknown {
  const list = z.object({ data: z.looseObject({ items: z.array(z.unknown()) }) }).safeParse(body).data
  return key === 'FIVETRAN' && list ? { data: { next_cursor: 'next', ...list.data } } : body
}
