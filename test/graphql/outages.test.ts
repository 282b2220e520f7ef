import { beforeAll, describe, expect, test } from 'vitest'
import type { ProviderKey } from '../generated/graphql.ts'
import { testDatabase } from '../helpers/database.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { forgetRequests, providers } from './open.ts'
import {
  type Answer,
  askAll,
  asksPreferring,
  creatingCalls,
  expectOneLinkEach,
  heal,
  linkIds,
  linkIn,
  listsOf,
  look,
  offersIn,
  openOutage,
  outages,
  partOf,
  restarted,
  takeDown,
  ways,
} from './outage-scenarios.ts'

beforeAll(() => testDatabase())

/** What a list says of each provider when those that are down are in that state, and the others have just been read. */
function syncStatusWith({ clock }: TestGateway, down: readonly ProviderKey[], state: object) {
  const fresh = { state: 'FRESH', syncedAt: clock.now().toISOString(), error: null }
  return providers.map((provider) => ({ provider, ...(down.includes(provider) ? state : fresh) }))
}

/** While somebody is well all get their link there; while nobody is, each is told so. */
function expectAnswers(answers: readonly Answer[], healthy: readonly ProviderKey[], code: string) {
  const [chosen] = healthy
  const expected =
    chosen === undefined
      ? { __typename: 'ProviderError', code, retryable: true }
      : { connectLink: { provider: { key: chosen } }, selection: { chosen } }
  for (const answer of answers) expect(answer).toMatchObject(expected)
}

const saidToBeUnread = (answer: Answer) =>
  answer.__typename === 'CreateConnectLinkPayload' &&
  answer.selection?.rejected.flatMap(({ provider, reason }) =>
    /has not been synced yet/.test(reason) ? [provider] : [],
  )

describe.each(outages)('when %s', (_, { down, healthy }) => {
  test.each(ways)('%s from the start on, the others are whole, and links are made there', async (_, way) => {
    const gateway = await openOutage(way, down)
    const view = await look(gateway)
    const error = expect.stringMatching(`^${way.code}: `)
    const expected = syncStatusWith(gateway, down, { state: 'FAILED', syncedAt: null, error })
    for (const { syncStatus } of listsOf(view)) expect(syncStatus).toEqual(expected)
    expect(offersIn(view)).toEqual(healthy.map(() => ['hubspot', healthy]))

    const asks = asksPreferring(down)
    const answers = await askAll(gateway, asks)
    expectAnswers(answers, healthy, 'PROVIDER_UNAVAILABLE')
    for (const answer of answers.filter(linkIn)) expect(saidToBeUnread(answer)).toEqual(down)
    expect(await creatingCalls(gateway, providers)).toBe(linkIds(answers).length)

    await heal(gateway)
    const again = await restarted(gateway)
    const after = await look(again)
    for (const { syncStatus } of listsOf(after)) {
      expect(syncStatus.map(({ state, error }) => ({ state, error }))).toEqual(
        providers.map(() => ({ state: 'FRESH', error: null })),
      )
    }
    for (const provider of healthy) expect(partOf(view, provider)).toEqual(partOf(after, provider))
    for (const provider of down) {
      expect(partOf(view, provider)).toEqual({ connectors: 0, connections: [] })
      expect(partOf(after, provider)).not.toEqual(partOf(view, provider))
    }
    await expectOneLinkEach(again, asks, answers)
  })

  test.each(ways)('%s after all was read, nothing is missing, and links are made there', async (_, way) => {
    const opened = await openOutage()
    const before = await look(opened)
    const syncedAt = opened.clock.now().toISOString()
    await forgetRequests(opened)
    const gateway = way.patience === undefined ? opened : await restarted(opened, way)
    // In a moment only connections are old; in a day all is.
    gateway.clock.advance(way.isForDays ? 86_401 : 6)
    await takeDown(gateway, down, way)

    // Before anybody has noticed: there is a link elsewhere, or an error and nothing.
    const early = asksPreferring(down, ', early')
    const first = await askAll(gateway, early)
    for (const answer of first) {
      const provider = linkIn(answer)?.provider.key
      if (provider !== undefined) expect(healthy).toContain(provider)
      else expect(answer).toMatchObject({ code: way.code, provider: expect.toBeOneOf([...down]) })
    }

    const view = await look(gateway)
    const error = expect.stringMatching(`^${way.code}: `)
    const expected = syncStatusWith(gateway, down, { state: 'STALE', syncedAt, error })
    expect(view.connections.syncStatus).toEqual(expected)
    for (const list of ['connectors', 'found'] as const)
      expect(view[list].syncStatus).toEqual(way.isForDays ? expected : before[list].syncStatus)
    for (const provider of providers) expect(partOf(view, provider)).toEqual(partOf(before, provider))
    expect(offersIn(view)).toEqual(offersIn(before))

    const late = asksPreferring(down, ', late')
    const second = await askAll(gateway, late)
    expectAnswers(second, healthy, way.code)
    expect(await creatingCalls(gateway, healthy)).toBe(linkIds([...first, ...second]).length)

    await heal(gateway)
    await expectOneLinkEach(gateway, [...early, ...late], [...first, ...second])
  })
})
