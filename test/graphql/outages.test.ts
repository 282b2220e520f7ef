import { beforeAll, describe, expect, test } from 'vitest'
import type { ProviderKey } from '../generated/graphql.ts'
import { testDatabase } from '../helpers/database.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { awaitSyncsAndClearRequests, providers } from './open.ts'
import {
  allOf,
  type CreateResult,
  clearFaults,
  countCreateCalls,
  createAll,
  expectOneLinkPerRequest,
  failureModes,
  injectOutage,
  linkIds,
  linkOf,
  offersIn,
  outages,
  readLists,
  requestsPreferring,
  restartGateway,
  sliceOf,
  startGatewayWithOutage,
} from './outage-scenarios.ts'

beforeAll(() => testDatabase())

/** The expected sync status of a list: `state` for the providers that are down, freshly synced for the others. */
function syncStatusWith({ clock }: TestGateway, down: readonly ProviderKey[], state: object) {
  const fresh = { state: 'FRESH', syncedAt: clock.now().toISOString(), error: null }
  return providers.map((provider) => ({ provider, ...(down.includes(provider) ? state : fresh) }))
}

/** Expects every link at the first healthy provider; the given error if all providers are down. */
function expectResults(results: readonly CreateResult[], healthy: readonly ProviderKey[], code: string) {
  const [chosen] = healthy
  const expected =
    chosen === undefined
      ? { __typename: 'ProviderError', code, retryable: true }
      : { connectLink: { provider: { key: chosen } }, selection: { chosen } }
  for (const result of results) expect(result).toMatchObject(expected)
}

/** The providers that were rejected because their catalogue has never been synced; false for an error. */
const rejectedAsUnsynced = (result: CreateResult) =>
  result.__typename === 'CreateConnectLinkPayload' &&
  result.selection?.rejected.flatMap(({ provider, reason }) =>
    /has not been synced yet/.test(reason) ? [provider] : [],
  )

describe.each(outages)('outage of %s', (_, { down, healthy }) => {
  test.each(failureModes)(
    '%s from startup: the other providers are complete and get the links',
    async (_, mode) => {
      const gateway = await startGatewayWithOutage(mode, down)
      const lists = await readLists(gateway)
      const error = expect.stringMatching(`^${mode.code}: `)
      const expected = syncStatusWith(gateway, down, { state: 'FAILED', syncedAt: null, error })
      for (const { syncStatus } of allOf(lists)) expect(syncStatus).toEqual(expected)
      expect(offersIn(lists)).toEqual(healthy.map(() => ['hubspot', healthy]))

      const inputs = requestsPreferring(down)
      const results = await createAll(gateway, inputs)
      expectResults(results, healthy, 'PROVIDER_UNAVAILABLE')
      for (const result of results.filter(linkOf)) expect(rejectedAsUnsynced(result)).toEqual(down)
      expect(await countCreateCalls(gateway, providers)).toBe(linkIds(results).length)

      await clearFaults(gateway)
      const afterRestart = await restartGateway(gateway)
      const after = await readLists(afterRestart)
      for (const { syncStatus } of allOf(after)) {
        expect(syncStatus.map(({ state, error }) => ({ state, error }))).toEqual(
          providers.map(() => ({ state: 'FRESH', error: null })),
        )
      }
      for (const provider of healthy) expect(sliceOf(lists, provider)).toEqual(sliceOf(after, provider))
      for (const provider of down) {
        expect(sliceOf(lists, provider)).toEqual({ connectors: 0, connections: [] })
        expect(sliceOf(after, provider)).not.toEqual(sliceOf(lists, provider))
      }
      await expectOneLinkPerRequest(afterRestart, inputs, results)
    },
  )

  test.each(failureModes)(
    '%s after a full sync: the lists stay complete and the other providers get the links',
    async (_, mode) => {
      const synced = await startGatewayWithOutage()
      const before = await readLists(synced)
      const syncedAt = synced.clock.now().toISOString()
      await awaitSyncsAndClearRequests(synced)
      const gateway = mode.timeouts === undefined ? synced : await restartGateway(synced, mode)
      // After 6 s only the connections are stale; after a day the catalogues are stale too.
      gateway.clock.advance(mode.outlastsCatalogues ? 86_401 : 6)
      await injectOutage(gateway, down, mode)

      // Before the outage is detected: a link at a healthy provider, or an error and no link.
      const early = requestsPreferring(down, ', early')
      const first = await createAll(gateway, early)
      for (const result of first) {
        const provider = linkOf(result)?.provider.key
        if (provider !== undefined) expect(healthy).toContain(provider)
        else expect(result).toMatchObject({ code: mode.code, provider: expect.toBeOneOf([...down]) })
      }

      const lists = await readLists(gateway)
      const error = expect.stringMatching(`^${mode.code}: `)
      const expected = syncStatusWith(gateway, down, { state: 'STALE', syncedAt, error })
      expect(lists.connections.syncStatus).toEqual(expected)
      for (const list of ['connectors', 'found'] as const)
        expect(lists[list].syncStatus).toEqual(mode.outlastsCatalogues ? expected : before[list].syncStatus)
      for (const provider of providers) expect(sliceOf(lists, provider)).toEqual(sliceOf(before, provider))
      expect(offersIn(lists)).toEqual(offersIn(before))

      const late = requestsPreferring(down, ', late')
      const second = await createAll(gateway, late)
      expectResults(second, healthy, mode.code)
      expect(await countCreateCalls(gateway, healthy)).toBe(linkIds([...first, ...second]).length)

      await clearFaults(gateway)
      await expectOneLinkPerRequest(gateway, [...early, ...late], [...first, ...second])
    },
  )
})
