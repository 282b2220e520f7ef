import { expect, test } from 'vitest'
import type { Connector } from '../../../../src/connect/catalogue/connector.ts'
import { searchConnectors } from '../../../../src/connect/catalogue/search/search-connectors.ts'
import { joinTokens } from '../../../../src/connect/catalogue/search/tokenize.ts'
import { indexAll, readSandboxConnectors } from '../sandbox-connectors.ts'

test('of 3,000 connectors of each provider every one is found by its exact name, before all others', async () => {
  const found = await readSandboxConnectors(3000)
  const indexes = await indexAll(found)
  const all = [...found.values()].flat()
  expect(all).toHaveLength(12_000)
  const bearers = new Map<string, Connector[]>()
  for (const connector of all) {
    const name = joinTokens(connector.name)
    bearers.set(name, [...(bearers.get(name) ?? []), connector])
  }

  const missed: string[] = []
  for (const [name, same] of bearers) {
    const first = searchConnectors(indexes, { search: same[0]?.name ?? '' }).slice(0, same.length)
    if (!first.every((match) => joinTokens(match.connector.name) === name)) missed.push(same[0]?.name ?? '')
  }

  expect(missed).toEqual([])
  expect(bearers.size).toBeGreaterThan(3000)
}, 120_000)
