import { describe, expect, test } from 'vitest'
import { type OpenGateway, openGateway } from '../connect/gateway.ts'
import { FunnelDocument, type FunnelQueryVariables, RevokeConnectLinkDocument } from '../generated/graphql.ts'
import { approveAndReturn, submitLinkPage, submitProviderPage } from '../helpers/gateway.ts'
import { postQuery, waitForStatus } from './open.ts'

const day = 86_400_000

const readFunnel = async ({ send, clock }: OpenGateway, variables: Partial<FunnelQueryVariables> = {}) => {
  const now = clock.now().getTime()
  const range = { from: new Date(now - 10 * day).toISOString(), to: new Date(now + 1).toISOString() }
  return (await send(FunnelDocument, { ...range, ...variables })).funnel
}

/** Links that got as far as each stage: one connected, one denied, one opened, one revoked, and one that was reused. */
async function startWithLinks() {
  const gateway = await openGateway()
  const { clock, createLink, send } = gateway
  const acme = { id: 'ada', organization: { id: 'acme' } }
  const start = clock.now()
  const connected = await createLink('PIPEDREAM', 'github', { endUser: acme })
  clock.advance(10)
  await submitLinkPage(connected.url)
  clock.advance(60)
  await approveAndReturn(connected.url)
  await waitForStatus(gateway, connected.id, /COMPLETED/)
  const denied = await createLink('PIPEDREAM', 'slack_v2', { endUser: { id: 'bob' } })
  await submitProviderPage(denied.url, 'deny')
  await waitForStatus(gateway, denied.id, /AUTHORIZING/)
  const opened = await createLink('FIVETRAN', 'hubspot', { endUser: acme })
  await submitLinkPage(opened.url)
  clock.advance(day / 1_000)
  const revoked = await createLink('FIVETRAN', 'hubspot', { endUser: { id: 'cleo' } })
  await send(RevokeConnectLinkDocument, { id: revoked.id })
  const reused = await createLink('PIPEDREAM', 'github', { endUser: acme, duplicatePolicy: 'REUSE' })
  expect(reused.status).toBe('COMPLETED')
  return { ...gateway, start }
}

const stages = ['CREATED', 'OPENED', 'ATTEMPTED', 'COMPLETED'] as const

/** The number of links that reached each stage, by their histories. */
async function stagesOfHistories(gateway: OpenGateway): Promise<readonly number[]> {
  const query = '{ connectLinks(first: 100) { nodes { history { to source reason failure { code } } } } }'
  const { data } = await postQuery(gateway, query)
  interface Entry {
    readonly to: string
    readonly reason: string | null
    readonly source: string
    readonly failure: { readonly code: string } | null
  }
  const { nodes } = (data as { connectLinks: { nodes: { history: readonly Entry[] }[] } }).connectLinks
  const reached = nodes
    .filter(({ history }) => history[0]?.reason !== 'REUSED')
    .map(({ history }) => {
      if (history.some(({ to }) => to === 'COMPLETED')) return 3
      if (history.some(({ to, failure }) => to === 'AUTHORIZING' || failure !== null)) return 2
      return history.some(({ to }) => to === 'OPENED') ? 1 : 0
    })
  return stages.map((_, stage) => reached.filter((last) => last >= stage).length)
}

describe('funnel', () => {
  test('counts the links that reached each stage, as their histories do, with median times', async () => {
    const gateway = await startWithLinks()
    const { total, groups, groupCount } = await readFunnel(gateway)
    expect(total).toMatchObject({ created: 4, opened: 3, attempted: 2, completed: 1 })
    expect([total.created, total.opened, total.attempted, total.completed]).toEqual(
      await stagesOfHistories(gateway),
    )
    expect(total.medianSecondsToOpen).toBeGreaterThanOrEqual(0)
    expect(total.medianSecondsToOpen).toBeLessThanOrEqual(10)
    expect(total.medianSecondsToComplete).toBeGreaterThanOrEqual(70)
    expect(total.medianSecondsToComplete).toBeLessThan(200)
    expect([groups, groupCount]).toEqual([[], 0])
  })

  test('says where the others stopped, and why', async () => {
    const { total } = await readFunnel(await startWithLinks())
    expect(total.drops).toHaveLength(3)
    expect(total.drops).toEqual(
      expect.arrayContaining([
        { stage: 'ATTEMPTED', status: 'AUTHORIZING', failureCode: 'ACCESS_DENIED', count: 1 },
        { stage: 'OPENED', status: 'OPENED', failureCode: null, count: 1 },
        { stage: 'CREATED', status: 'REVOKED', failureCode: null, count: 1 },
      ]),
    )
  })

  test('groups by provider, connector, organization and day', async () => {
    const gateway = await startWithLinks()
    const groupsBy = async (groupBy: NonNullable<FunnelQueryVariables['groupBy']>) =>
      (await readFunnel(gateway, { groupBy })).groups.map(
        ({ provider, connectorKey, organizationId, created, completed }) => ({
          key: [provider, connectorKey, organizationId].filter((part) => part != null).join(' '),
          numbers: [created, completed],
        }),
      )
    expect(await groupsBy('PROVIDER')).toEqual([
      { key: 'FIVETRAN', numbers: [2, 0] },
      { key: 'PIPEDREAM', numbers: [2, 1] },
    ])
    expect(await groupsBy('CONNECTOR')).toEqual([
      { key: 'FIVETRAN hubspot', numbers: [2, 0] },
      { key: 'PIPEDREAM github', numbers: [1, 1] },
      { key: 'PIPEDREAM slack_v2', numbers: [1, 0] },
    ])
    expect(await groupsBy('ORGANIZATION')).toEqual([
      { key: 'acme', numbers: [2, 1] },
      { key: '', numbers: [2, 0] },
    ])
    const { groups } = await readFunnel(gateway, { groupBy: 'DAY' })
    const dayOf = (at: Date) => new Date(Math.floor(at.getTime() / day) * day).toISOString()
    const { start } = gateway
    expect(groups.map(({ day: of, created }) => [new Date(of ?? 0).toISOString(), created])).toEqual([
      [dayOf(start), 3],
      [dayOf(new Date(start.getTime() + day)), 1],
    ])
  })

  test('counts links that were created in that time only', async () => {
    const gateway = await startWithLinks()
    const to = gateway.start.toISOString()
    expect((await readFunnel(gateway, { to })).total).toMatchObject({
      created: 0,
      medianSecondsToOpen: null,
      medianSecondsToComplete: null,
      drops: [],
    })
    expect((await readFunnel(gateway, { from: to })).total.created).toBe(4)
  })

  test.each([
    ['2026-11-02T00:00:00Z', '2026-11-02T00:00:00Z', '"to" must be later than "from".'],
    ['0000-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 'DateTime must be after the year 0.'],
    ['2024-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '"to" must be at most 366 days after "from".'],
  ])('refuses the time from %s to %s', async (from, to, message) => {
    const gateway = await openGateway()
    const { text } = await postQuery(gateway, `{ funnel(from: "${from}", to: "${to}") { groupCount } }`)
    expect(JSON.parse(text)).toMatchObject({
      errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }],
    })
  })
})
