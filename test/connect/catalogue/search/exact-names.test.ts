import { expect, test } from 'vitest'
import type { Connector } from '../../../../src/connect/catalogue/connector.ts'
import { searchConnectors } from '../../../../src/connect/catalogue/search/search-connectors.ts'
import { joinTokens } from '../../../../src/connect/catalogue/search/tokenize.ts'
import { providerKeys } from '../../../../src/domain/provider-key.ts'
import { indexAll, readSandboxConnectors } from '../sandbox-connectors.ts'

test('an exact name finds its connectors before all others, for every name of 3,000 connectors of each provider', async () => {
  const byProvider = await readSandboxConnectors(3000)
  const indexes = await indexAll(byProvider)
  const all = [...byProvider.values()].flat()
  expect(all).toHaveLength(providerKeys.length * 3000)
  const byName = new Map<string, Connector[]>()
  for (const connector of all) {
    const name = joinTokens(connector.name)
    byName.set(name, [...(byName.get(name) ?? []), connector])
  }

  const missed: string[] = []
  for (const [name, same] of byName) {
    const first = searchConnectors(indexes, { search: same[0]?.name ?? '' }).slice(0, same.length)
    if (!first.every((match) => joinTokens(match.connector.name) === name)) missed.push(same[0]?.name ?? '')
  }

  expect(missed).toEqual([])
  expect(byName.size).toBeGreaterThan(3000)
}, 120_000)
