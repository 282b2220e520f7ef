import { type GraphQLField, OperationTypeNode } from 'graphql'
import { describe, expect, test } from 'vitest'
import { permissions } from '../../src/domain/permissions.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { createGraphQLContext } from '../../src/graphql/context.ts'
import { schema } from '../../src/graphql/schema.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { newSeed, randomFrom } from '../helpers/random.ts'
import { compareExecutors } from './compare-executors.ts'
import {
  argsOf,
  argumentValues,
  comparisons,
  expectEqual,
  newCounts,
  outcomeOf,
} from './compared-executors.ts'
import { createConnection, createLinkOrThrow } from './open.ts'
import { randomOperation } from './random-operation.ts'

const operationCount = 300
const seed = newSeed()

describe.each(Object.entries(comparisons))(`%s return the same (TEST_SEED=${seed})`, (_, { executorsOf }) => {
  test(`${operationCount} operations of the gateway`, { timeout: 120_000 }, async () => {
    const gateway = await startTestGateway()
    const own = await createData(gateway)
    const compared = executorsOf(schema)
    const random = randomFrom(seed)
    const counts = newCounts()
    for (let count = 0; count < operationCount; count += 1) {
      const isMutation = count % 5 === 0
      const operation = randomOperation({
        schema,
        random,
        type: isMutation ? OperationTypeNode.MUTATION : OperationTypeNode.QUERY,
        rootFields: isMutation ? isHarmless : () => true,
        // Mutations reach nothing that exists.
        values: isMutation
          ? { ...argumentValues, String: ['', 'no such thing'] }
          : { ...argumentValues, ID: [...argumentValues.ID, ...own] },
      })
      const viewer = random.pick([administrator, endUser])
      await gateway.connect.connectionSyncs.idle()
      const compare = () =>
        compareExecutors(compared, argsOf(schema, operation), () => contextOf(gateway, viewer))
      let comparison = await compare()
      // The gateway may have changed between both: a sync ended, or the schema of settings was fetched.
      for (let repeat = 0; repeat < 2 && !comparison.isEqual; repeat += 1) comparison = await compare()
      expectEqual(comparison, operation)
      counts[outcomeOf(comparison.expected)] += 1
    }
    expect(counts.complete).toBeGreaterThan(operationCount / 10)
    expect(counts.failed).toBeGreaterThan(operationCount / 100)
  })
})

/** Mutations without an effect if their input names nothing that exists. */
const harmless = new Set([
  'planConnectLink',
  'reconnectConnection',
  'revokeConnectLink',
  'disconnectConnection',
  'assignConnection',
  'refreshConnection',
  'claimConnectLink',
  'confirmConnectLink',
  'rotateApiKey',
  'revokeApiKey',
  'rotateProviderAccount',
  'removeProviderAccount',
  'resumeProvider',
])
const isHarmless = ({ name }: GraphQLField<unknown, unknown>) => harmless.has(name)

/** Returns the global IDs of a link and a connection of `endUser`. */
async function createData(gateway: TestGateway): Promise<readonly string[]> {
  const input = { endUser: { id: 'ada' }, tags: [{ key: 'team', value: 'data' }] }
  const connections = [await createConnection(gateway, 'PIPEDREAM', input)]
  const links = [
    await createLinkOrThrow(gateway, 'PIPEDREAM', input),
    await createLinkOrThrow(gateway, 'CENSUS'),
  ]
  return [...connections, ...links.map(({ id }) => id)]
}

const administrator: Viewer = {
  kind: 'API_KEY',
  id: 'test',
  name: null,
  scopes: permissions,
  endUser: null,
  limits: null,
  organizationAccess: null,
  expiresAt: null,
}
const endUser: Viewer = {
  ...administrator,
  kind: 'END_USER',
  scopes: ['catalogue:read', 'connections:read', 'links:read', 'links:write'],
  endUser: { id: 'ada', name: null, email: null, organization: null },
}

const contextOf = ({ connect }: TestGateway, viewer: Viewer) =>
  createGraphQLContext(connect, {
    viewer,
    client: { requestId: 'test', address: '127.0.0.1', userAgent: null },
    isAuthenticated: async () => true,
    request: { signal: new AbortController().signal },
  })
