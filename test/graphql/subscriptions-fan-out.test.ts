import { expect, test } from 'vitest'
import type { LinkStatus } from '../../src/domain/statuses.ts'
import { lockLink, recordTransition } from '../../src/store/link-history.ts'
import { rowId } from '../connect/observe.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { ada, saveOne } from '../store/rows.ts'
import { asEndUser } from './as-end-user.ts'
import { countStatements } from './count-statements.ts'
import { awaitSyncsAndClearRequests, createLinkOrThrow } from './open.ts'
import { openStream } from './subscribe.ts'

const ofConnections = 'subscription { connectionUpdated { id name assignments { by } duplicateOf { id } } }'
const selection = `{ id status history { to } lastFailure { code }
  connection { id status assignments { by } duplicateOf { id } } }`
const ofLink = `subscription ($id: ID) { connectLinkUpdated(id: $id) ${selection} }`
const ofAll = `subscription { connectLinkUpdated ${selection} }`

type Stream = Awaited<ReturnType<typeof openStream>>

/** Opens that many streams, and waits until each has started. */
async function openStreams(
  count: number,
  gateway: TestGateway,
  request: Parameters<typeof openStream>[1],
): Promise<readonly Stream[]> {
  const streams = await Promise.all(Array.from({ length: count }, () => openStream(gateway, request)))
  await Promise.all(streams.map(({ until }) => until(/^:/)))
  return streams
}

const received = (streams: readonly Stream[], text: string) =>
  Promise.all(streams.map(({ until }) => until(new RegExp(text))))

/** Streams of one link, after they have read its first status. */
async function openLinkStreams(
  count: number,
  gateway: TestGateway,
  request: Omit<Parameters<typeof openStream>[1], 'query'>,
): Promise<readonly Stream[]> {
  const streams = await openStreams(count, gateway, { ...request, query: ofLink })
  await received(streams, '"status":"CREATED"')
  return streams
}

/** Changes the status of a link. */
function transition({ connect }: TestGateway, id: string, toStatus: LinkStatus, connectionId?: string) {
  return connect.db.transaction().execute(async (transaction) => {
    const link = await lockLink(transaction, rowId(id))
    if (link === undefined) throw new Error('there is no such link')
    const change = { toStatus, at: connect.now(), source: 'API_CALL', reason: null } as const
    await recordTransition(transaction, link, change, connectionId ? { connectionId } : {})
  })
}

/**
 * How many statements two status changes take with that many subscribers of a link, and as many sessions of other end
 * users that watch their own link or all links.
 */
async function statementsPerChange(subscribers: number): Promise<readonly number[]> {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
  const { id } = await createLinkOrThrow(gateway, 'CENSUS', { endUser: ada })
  const connection = await saveOne(gateway.connect.db, { endUserId: ada.id })
  const streams = await openLinkStreams(subscribers, gateway, { variables: { id } })
  const otherLinks: string[] = []
  const otherStreams: Stream[] = []
  for (const other of ['u1', 'u2', 'u3', 'u4', 'u5']) {
    const link = await createLinkOrThrow(gateway, 'CENSUS', { endUser: { id: other } })
    const { headers } = await asEndUser(gateway, other)
    otherLinks.push(link.id)
    const variables = { id: link.id }
    otherStreams.push(...(await openLinkStreams(subscribers / 10, gateway, { variables, headers })))
    otherStreams.push(...(await openStreams(subscribers / 10, gateway, { query: ofAll, headers })))
  }
  const statementsOf = countStatements()
  const change = (status: LinkStatus, statusOfOthers: LinkStatus, connectionId?: string) =>
    statementsOf(async () => {
      await transition(gateway, id, status, connectionId)
      // When the others have received a change of their own, they have passed over the one before.
      for (const otherId of otherLinks) await transition(gateway, otherId, statusOfOthers)
      await received(streams, `"status":"${status}"`)
      await received(otherStreams, `"status":"${statusOfOthers}"`)
    })
  const statements = [
    await change('OPENED', 'AUTHORIZING'),
    await change('COMPLETED', 'OPENED', connection.id),
  ]
  await received(streams, '"connection":{"id":"[^"]+","status"')
  await gateway.close()
  return statements
}

test('a status change of a link takes as many statements with 100 subscribers as with 20', async () => {
  const few = await statementsPerChange(10)
  const many = await statementsPerChange(50)
  // Seven transactions, and the reads for the subscribers.
  for (const statements of few) expect(statements).toBeGreaterThan(6 * 5)
  // Reads at times of their own differ by a few; one for each subscriber would be 40 more for each kind of stream.
  for (const [change, statements] of many.entries())
    expect(Math.abs(statements - (few[change] ?? 0))).toBeLessThan(20)
})

test('a change of a connection takes as many statements with 100 subscribers as with 10', async () => {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
  const statementsOf = countStatements()
  const streams: Stream[] = []
  async function subscribe(count: number): Promise<void> {
    streams.push(...(await openStreams(count, gateway, { query: ofConnections })))
    for (const other of ['u1', 'u2', 'u3', 'u4', 'u5']) {
      const { headers } = await asEndUser(gateway, other)
      await openStreams(count / 5, gateway, { query: ofConnections, headers })
    }
  }
  const change = (name: string) =>
    statementsOf(async () => {
      await saveOne(gateway.connect.db, { endUserId: ada.id, name })
      await received(streams, `"name":"${name}"`)
    })
  await subscribe(5)
  await change('first')
  const withFew = await change('second')
  await subscribe(45)
  expect(await change('third')).toBe(withFew)
})

test('what is read once for all subscribers is still checked for each', async () => {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
  const { id } = await createLinkOrThrow(gateway, 'CENSUS', { endUser: ada })
  const connection = await saveOne(gateway.connect.db, { endUserId: 'bob' })
  const variables = { id }
  const [ofKey] = await openStreams(1, gateway, { query: ofLink, variables })
  const { headers } = await asEndUser(gateway, ada.id)
  const [ofAda] = await openStreams(1, gateway, { query: ofLink, variables, headers })
  await transition(gateway, id, 'COMPLETED', connection.id)
  expect(await ofKey?.toItsEnd()).toMatch(/"status":"COMPLETED".*"connection":\{"id"/)
  expect(await ofAda?.toItsEnd()).toMatch(/"status":"COMPLETED".*"connection":null/)
})
