import { expect } from 'vitest'
import { z } from 'zod'
import type { CreateConnectLinkInput, ProviderKey } from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { openSandbox } from '../sandbox/open.ts'
import { calls } from './faults.ts'
import { answerTo, providers, requestsTo } from './open.ts'
import { choose, countAtProviders, fail } from './select-provider.ts'

/** One way of being down. */
export interface Way {
  readonly fault: object
  readonly code: string
  /** Long enough for catalogues to be old. */
  readonly isForDays?: true
  /** For calls that would not end by themselves. */
  readonly patience?: { readonly providerDeadlineMs: number }
}

/** The ones that are down, and those that are not. */
export interface Outage {
  readonly down: readonly ProviderKey[]
  readonly healthy: readonly ProviderKey[]
}

export const reset: Way = { fault: { kind: 'reset' }, code: 'PROVIDER_UNAVAILABLE' }

export const ways: readonly (readonly [string, Way])[] = [
  ['answers 503', { fault: { status: 503, body: {} }, code: 'PROVIDER_UNAVAILABLE', isForDays: true }],
  ['breaks the line', reset],
  [
    'never answers',
    { fault: { kind: 'slow' }, code: 'PROVIDER_TIMEOUT', patience: { providerDeadlineMs: 1_500 } },
  ],
]

/** Each provider alone and all at once. */
export const outages: readonly (readonly [string, Outage])[] = [
  ...providers.map(
    (down) => [down, { down: [down], healthy: providers.filter((other) => other !== down) }] as const,
  ),
  ['each of the four', { down: providers, healthy: [] }],
]

const connectionsEach = 2

/** A gateway whose providers have two connections each; those that are named are down before it starts. */
export async function openOutage(way?: Way, down: readonly ProviderKey[] = []): Promise<TestGateway> {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock, connections: connectionsEach })
  for (const provider of down) {
    const body = { provider, times: 100_000, ...way?.fault }
    expect((await sandbox.ask('POST', '/__sandbox/faults', { body })).status).toBe(201)
  }
  // Catalogues are read: what is well needs longer for that than for anything else.
  const deadline = way?.patience && { providerDeadlineMs: 4_000 }
  return startTestGateway({ clock, sandbox, maxWaitMs: 60_000, ...deadline })
}

/** The gateway after a restart: it waits for what never ends no longer than it has to. */
export async function restarted(gateway: TestGateway, way?: Way): Promise<TestGateway> {
  const { clock, sandbox } = gateway
  await gateway.close()
  return startTestGateway({ clock, sandbox, keepData: true, maxWaitMs: 60_000, ...way?.patience })
}

export async function takeDown(gateway: TestGateway, down: readonly ProviderKey[], { fault }: Way) {
  for (const provider of down) await fail(gateway, provider, { times: 100_000, ...fault })
}

export const heal = (gateway: TestGateway) => gateway.control('DELETE', 'faults')

/** Stands in every catalogue of the sandbox. */
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
const slice = z.object({ totalCount: z.number() })
const viewShape = z.object({
  connections: z.object({ syncStatus, nodes: z.array(offer.extend({ id: z.string() })) }),
  connectors: z.object({ syncStatus }),
  found: z.object({
    syncStatus,
    nodes: z.array(offer.extend({ application: z.object({ slug: z.string(), offers: z.array(offer) }) })),
  }),
  FIVETRAN: slice,
  CENSUS: slice,
  PIPEDREAM: slice,
  XPANDER: slice,
})

const everything = `{
  connections(first: 100) { syncStatus { provider state syncedAt error } nodes { id provider { key } } }
  connectors(first: 1) { syncStatus { provider state syncedAt error } }
  found: connectors(search: "${slug}", first: 100) {
    syncStatus { provider state syncedAt error }
    nodes { provider { key } application { slug offers { provider { key } } } }
  }
  ${providers.map((one) => `${one}: connectors(providers: [${one}]) { totalCount }`).join(' ')}
}`

export type View = Awaited<ReturnType<typeof look>>

/** What the lists and a search show. */
export async function look(gateway: TestGateway) {
  const { data, codes } = await answerTo(gateway, everything)
  expect(codes).toEqual([])
  return viewShape.parse(data)
}

export const listsOf = ({ connections, connectors, found }: View) => [connections, connectors, found]

/** One provider's part of all lists. */
export const partOf = (view: View, provider: ProviderKey) => ({
  connectors: view[provider].totalCount,
  connections: view.connections.nodes.filter((node) => node.provider.key === provider).map(({ id }) => id),
})

/** Who offers the application, as the search shows it at each of the connectors that it finds. */
export const offersIn = ({ found }: View): readonly unknown[] =>
  found.nodes.map(({ application }) => [
    application.slug,
    application.offers.map(({ provider }) => provider.key),
  ])

export type Answer = Awaited<ReturnType<typeof choose>>
export type Asked = Partial<CreateConnectLinkInput>

/** Each for a person of their own: the first two without a key, the last one twice at the same time. */
export const asksPreferring = (preferProviders: readonly ProviderKey[], when = ''): readonly Asked[] =>
  ['ada', 'bob', 'cleo', 'dan', 'eve', 'eve'].map((name, index) => ({
    endUser: { id: name + when },
    preferProviders: [...preferProviders],
    ...(index > 1 && { idempotencyKey: `order of ${name}${when}` }),
  }))

export const keyedOf = (asks: readonly Asked[]) => asks.filter(({ idempotencyKey }) => idempotencyKey != null)

export const askAll = (gateway: TestGateway, asks: readonly Asked[]): Promise<Answer[]> =>
  Promise.all(asks.map((asked) => choose(gateway, asked)))

export const linkIn = (answer: Answer) =>
  answer.__typename === 'CreateConnectLinkPayload' ? answer.connectLink : undefined

export const linkIds = (answers: readonly Answer[]): readonly string[] => [
  ...new Set(answers.flatMap((answer) => linkIn(answer)?.id ?? [])),
]

/** How many calls that make something were heard by these. */
export async function creatingCalls(gateway: TestGateway, at: readonly ProviderKey[]): Promise<number> {
  const seen = await requestsTo(gateway)
  return seen.filter(({ method, path }) =>
    at.some((provider) => {
      const [creates, where] = calls.creating[provider]
      return method === creates && path.startsWith(`/${provider.toLowerCase()}/`) && path.includes(where)
    }),
  ).length
}

/**
 * All are well again, and what was asked under a key is asked once more: it gets the link that it has, or one now. Then
 * there is one link for each that was answered, and nothing at any provider that belongs to none.
 */
export async function expectOneLinkEach(
  gateway: TestGateway,
  asks: readonly Asked[],
  answers: readonly Answer[],
): Promise<void> {
  const keyed = keyedOf(asks)
  const again = await askAll(gateway, keyed)
  expect(linkIds(again)).toHaveLength(new Set(keyed.map(({ idempotencyKey }) => idempotencyKey)).size)
  const idOf = (answer: Answer) => linkIn(answer)?.id
  expect((await askAll(gateway, keyed)).map(idOf)).toEqual(again.map(idOf))
  const withoutKey = answers.filter((answer, index) => asks[index]?.idempotencyKey == null && linkIn(answer))
  const { db } = gateway.connect
  const links = await db.selectFrom('connectLinks').select(['id', 'provider']).execute()
  expect(links).toHaveLength(linkIds(again).length + withoutKey.length)
  // Only Fivetran's links begin with a connection.
  const pending = links.filter(({ provider }) => provider === 'FIVETRAN').length
  expect(await countAtProviders(gateway)).toBe(providers.length * connectionsEach + pending)
}
