import { dateInPastYear, pick, syntheticConnector } from '../../synthetic-rows.ts'
import { type CensusType, type Connection, censusDestinations, censusSources, type Kind } from './types.ts'

// Outside the range of the sequence, so that generated IDs cannot collide with assigned ones.
const generatedIdBase = 10_000_000

/** A destination type for load tests. */
export function syntheticType(index: number): CensusType {
  const { key, name } = syntheticConnector(index)
  return {
    serviceName: key,
    label: name,
    documentationSlug: key.replaceAll('_', '-'),
    authMethod: 'credentials',
    creatableViaConnectLink: true,
    advancedSync: false,
  }
}

/** A connection that was made outside the gateway. */
export function generateConnection(kind: Kind, index: number, stateCreatedAt: Date): Connection {
  const catalogue = kind === 'source' ? censusSources : censusDestinations
  const createdAt = dateInPastYear(stateCreatedAt, index).toISOString()
  const testSucceeded = pick([true, true, true, false, null], index)
  return {
    kind,
    id: kind === 'activation' ? `sandbox_outside_${index}` : String(generatedIdBase + index),
    type: catalogue[(index * 7) % catalogue.length]?.serviceName ?? 'hubspot',
    createdAt,
    name: `Outside ${index}`,
    testSucceeded,
    testedAt: testSucceeded === null ? null : createdAt,
  }
}
