import { expect } from 'vitest'
import { z } from 'zod'
import { perProvider } from '../../src/domain/provider-key.ts'
import { providerFixtures } from '../fixtures/providers.ts'
import type { CreateConnectLinkInput, ProviderKey } from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { openSandbox } from '../sandbox/open.ts'
import { postQuery, providerRequests, providers } from './open.ts'
import { countRemoteConnections, createLinkWithSelection, injectFault } from './select-provider.ts'

/** A kind of outage. */
export interface FailureMode {
  readonly fault: object
  /** Error code that the gateway reports for it. */
  readonly code: string
  /** The outage lasts longer than the catalogues' maximum age of one day, so they are stale too. */
  readonly outlastsCatalogues?: true
  /** Provider deadline for requests that would otherwise hang. */
  readonly timeouts?: { readonly providerDeadlineMs: number }
}

/** Which providers are down, and which are healthy. */
export interface Outage {
  readonly down: readonly ProviderKey[]
  readonly healthy: readonly ProviderKey[]
}

export const connectionReset: FailureMode = { fault: { kind: 'reset' }, code: 'PROVIDER_UNAVAILABLE' }

export const failureModes: readonly (readonly [string, FailureMode])[] = [
  ['HTTP 503', { fault: { status: 503, body: {} }, code: 'PROVIDER_UNAVAILABLE', outlastsCatalogues: true }],
  ['connection reset', connectionReset],
  [
    'no response',
    { fault: { kind: 'slow' }, code: 'PROVIDER_TIMEOUT', timeouts: { providerDeadlineMs: 1_500 } },
  ],
]

/** Each provider alone, and all at once. */
export const outages: readonly (readonly [string, Outage])[] = [
  ...providers.map(
    (down) => [down, { down: [down], healthy: providers.filter((other) => other !== down) }] as const,
  ),
  ['all providers', { down: providers, healthy: [] }],
]

const connectionsPerProvider = 2

/** Starts a gateway whose providers have two connections each. The providers in `down` fail before it starts. */
export async function startGatewayWithOutage(
  mode?: FailureMode,
  down: readonly ProviderKey[] = [],
): Promise<TestGateway> {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock, connections: connectionsPerProvider })
  for (const provider of down) {
    const body = { provider, times: 100_000, ...mode?.fault }
    expect((await sandbox.request('POST', '/__sandbox/faults', { body })).status).toBe(201)
  }
  // 4 s instead of 1.5 s: the catalogues are synced now, and for healthy providers that is the slowest operation.
  const deadline = mode?.timeouts && { providerDeadlineMs: 4_000 }
  return startTestGateway({ clock, sandbox, maxWaitMs: 60_000, keepCircuitsClosed: true, ...deadline })
}

/** Restarts the gateway with its data, with the short provider deadline of the failure mode if it has one. */
export async function restartGateway(gateway: TestGateway, mode?: FailureMode): Promise<TestGateway> {
  const { clock, sandbox } = gateway
  await gateway.close()
  return startTestGateway({
    clock,
    sandbox,
    keepData: true,
    maxWaitMs: 60_000,
    keepCircuitsClosed: true,
    ...mode?.timeouts,
  })
}

/** Makes the providers in `down` fail from now on. */
export async function injectOutage(
  gateway: TestGateway,
  down: readonly ProviderKey[],
  { fault }: FailureMode,
) {
  for (const provider of down) await injectFault(gateway, provider, { times: 100_000, ...fault })
}

export const clearFaults = (gateway: TestGateway) => gateway.control('DELETE', 'faults')

/** Every catalogue of the sandbox contains this application. */
const slug = 'hubspot'

const key = z.enum(providers)
const offer = z.object({ provider: z.object({ key }) })
const syncStatus = z.array(
  z.object({
    provider: key,
    state: z.string(),
    syncedAt: z.string().nullable(),
    error: z.string().nullable(),
  }),
)
const countShape = z.object({ totalCount: z.number() })
const listsShape = z.object({
  connections: z.object({ syncStatus, nodes: z.array(offer.extend({ id: z.string() })) }),
  connectors: z.object({ syncStatus }),
  found: z.object({
    syncStatus,
    nodes: z.array(offer.extend({ application: z.object({ slug: z.string(), offers: z.array(offer) }) })),
  }),
  ...perProvider(() => countShape),
})

const listsQuery = `{
  connections(first: 100) { syncStatus { provider state syncedAt error } nodes { id provider { key } } }
  connectors(first: 1) { syncStatus { provider state syncedAt error } }
  found: connectors(search: "${slug}", first: 100) {
    syncStatus { provider state syncedAt error }
    nodes { provider { key } application { slug offers { provider { key } } } }
  }
  ${providers.map((one) => `${one}: connectors(providers: [${one}]) { totalCount }`).join(' ')}
}`

export type Lists = Awaited<ReturnType<typeof readLists>>

/** Reads the lists and a search for the application, after the syncs that are due. GraphQL errors fail the test. */
export async function readLists(gateway: TestGateway) {
  const { connectionSyncs, connectorSyncs } = gateway.connect
  await Promise.all([connectionSyncs.ensureFresh(60_000), connectorSyncs.ensureFresh(60_000)])
  const { data, codes } = await postQuery(gateway, listsQuery)
  expect(codes).toEqual([])
  return listsShape.parse(data)
}

export const allOf = ({ connections, connectors, found }: Lists) => [connections, connectors, found]

/** The provider's number of connectors and the IDs of its connections. */
export const sliceOf = (lists: Lists, provider: ProviderKey) => ({
  connectors: lists[provider].totalCount,
  connections: lists.connections.nodes.filter((node) => node.provider.key === provider).map(({ id }) => id),
})

/** For each connector in the search result: the application's slug and the providers that offer it. */
export const offersIn = ({ found }: Lists): readonly unknown[] =>
  found.nodes.map(({ application }) => [
    application.slug,
    application.offers.map(({ provider }) => provider.key),
  ])

export type CreateResult = Awaited<ReturnType<typeof createLinkWithSelection>>
export type CreateInput = Partial<CreateConnectLinkInput>

/**
 * Six link requests for five end users: the first two without an idempotency key, the last two identical. `suffix`
 * keeps the end users and the keys of several batches apart.
 */
export const requestsPreferring = (
  preferProviders: readonly ProviderKey[],
  suffix = '',
): readonly CreateInput[] =>
  ['ada', 'bob', 'cleo', 'dan', 'eve', 'eve'].map((name, index) => ({
    endUser: { id: name + suffix },
    preferProviders: [...preferProviders],
    ...(index > 1 && { idempotencyKey: `order of ${name}${suffix}` }),
  }))

export const withIdempotencyKey = (inputs: readonly CreateInput[]) =>
  inputs.filter(({ idempotencyKey }) => idempotencyKey != null)

/** Sends all requests concurrently; returns their results in order. */
export const createAll = (gateway: TestGateway, inputs: readonly CreateInput[]): Promise<CreateResult[]> =>
  Promise.all(inputs.map((input) => createLinkWithSelection(gateway, input)))

export const linkOf = (result: CreateResult) =>
  result.__typename === 'CreateConnectLinkPayload' ? result.connectLink : undefined

/** The distinct IDs of the created links. */
export const linkIds = (results: readonly CreateResult[]): readonly string[] => [
  ...new Set(results.flatMap((result) => linkOf(result)?.id ?? [])),
]

/** Counts the create requests that the given providers received since the request log was cleared. */
export async function countCreateCalls(
  gateway: TestGateway,
  receivers: readonly ProviderKey[],
): Promise<number> {
  const requests = await providerRequests(gateway)
  return requests.filter(({ method, path }) =>
    receivers.some((provider) => {
      const [createMethod, createPath] = providerFixtures[provider].requests.create
      return (
        method === createMethod && path.startsWith(`/${provider.toLowerCase()}/`) && path.includes(createPath)
      )
    }),
  ).length
}

/**
 * Call it when all providers are healthy again. Repeats the requests that have an idempotency key: each returns its
 * existing link or creates one. Then expects one link per idempotency key and one per successful request without a key,
 * and no connection at a provider that belongs to no link.
 */
export async function expectOneLinkPerRequest(
  gateway: TestGateway,
  inputs: readonly CreateInput[],
  results: readonly CreateResult[],
): Promise<void> {
  const keyed = withIdempotencyKey(inputs)
  const repeated = await createAll(gateway, keyed)
  expect(linkIds(repeated)).toHaveLength(new Set(keyed.map(({ idempotencyKey }) => idempotencyKey)).size)
  const idOf = (result: CreateResult) => linkOf(result)?.id
  expect((await createAll(gateway, keyed)).map(idOf)).toEqual(repeated.map(idOf))
  const withoutKey = results.filter(
    (result, index) => inputs[index]?.idempotencyKey == null && linkOf(result),
  )
  const { db } = gateway.connect
  const links = await db.selectFrom('connectLinks').select(['id', 'provider']).execute()
  expect(links).toHaveLength(linkIds(repeated).length + withoutKey.length)
  const pending = links.filter(({ provider }) => providerFixtures[provider].createsConnectionWithLink).length
  expect(await countRemoteConnections(gateway)).toBe(providers.length * connectionsPerProvider + pending)
}
