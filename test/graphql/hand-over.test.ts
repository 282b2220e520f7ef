import { describe, expect, test } from 'vitest'
import { eraseEndUser } from '../../src/connect/jobs/erase-end-user.ts'
import { decline, markSeen } from '../../src/connect/links/end-hand-over.ts'
import { activeHandOver } from '../../src/connect/links/hand-over-state.ts'
import { resolveConnectLink } from '../../src/connect/links/open.ts'
import { decodeIdOf } from '../../src/graphql/ids.ts'
import { RevokeConnectLinkDocument } from '../generated/graphql.ts'
import { approveAndReturn, startTestGateway, submitLinkPage, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { everyRow } from './every-row.ts'
import { asApiKey, confirm, newPkce, stateOf } from './guarded.ts'
import { callById, entriesOf, handOver, readLink, tryHandOver } from './handed-over.ts'
import { createLinkOrThrow, waitForStatus } from './open.ts'
import { changesOf } from './read-audit.ts'
import { brokenConnection, createReconnectLink } from './renewing.ts'
import { next, subscribeToLinks } from './subscribe.ts'

const ada = { endUser: { id: 'ada' } }

/** What the token of an address refers to now. */
const kindOf = async ({ connect }: TestGateway, url: string) =>
  (await resolveConnectLink(connect, url.slice(url.lastIndexOf('/') + 1))).kind

/** The active hand-over of the link. */
async function activeOf({ connect }: TestGateway, id: string) {
  const active = await activeHandOver(connect, decodeIdOf('ConnectLink', id) ?? '')
  if (active === null) throw new Error('the link is not handed over')
  return active
}

const invalidState = (message: RegExp) => ({
  __typename: 'ConflictError',
  code: 'INVALID_STATE',
  message: expect.stringMatching(message),
})

test('a colleague connects for the end user with an address of their own, and each step is in the history', async () => {
  const gateway = await startTestGateway()
  const session = await asEndUser(gateway, 'ada')
  const link = await createLinkOrThrow(gateway, 'PIPEDREAM', ada)
  const events = subscribeToLinks(gateway, link.id, session.headers)
  await next(events)

  const url = await handOver(session, link.id, { message: ' Please\n\u202econnect\u0007 it. ' })
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/connect\/[\w-]{43}$/)
  expect(url).not.toBe(link.url)
  expect(await next(events)).toMatchObject({ status: 'CREATED', history: [{}, { to: 'CREATED' }] })
  expect(await kindOf(gateway, link.url ?? '')).toBe('handed-over')
  const { expiresAt } = await createLinkOrThrow(gateway, 'PIPEDREAM', ada)
  expect(await readLink(session, link.id)).toMatchObject({
    status: 'CREATED',
    url: link.url,
    handOver: {
      state: 'WAITING',
      message: 'Please connect it.',
      expiresAt: (expiresAt ?? '').toString(),
      openedAt: null,
    },
  })
  // Neither the token nor the address is stored in clear.
  expect(await everyRow()).not.toContain(url.slice(url.lastIndexOf('/') + 1))
  expect(gateway.logged()).not.toContain(url.slice(url.lastIndexOf('/') + 1))

  const active = await activeOf(gateway, link.id)
  expect([await markSeen(gateway.connect, active), await markSeen(gateway.connect, active)]).toEqual([
    true,
    true,
  ])
  expect((await readLink(session, link.id)).handOver?.state).toBe('OPENED')
  await approveAndReturn(url)
  await waitForStatus(gateway, link.id, /COMPLETED/)
  expect(await stateOf(session, link.id)).toMatchObject({ connection: { id: expect.any(String) } })
  expect((await entriesOf(session, link.id)).filter((entry) => !entry.includes('RETURN'))).toEqual([
    'CREATED by API_CALL: HANDED_OVER',
    'CREATED by COLLEAGUE: OPENED_BY_COLLEAGUE',
    'OPENED by COLLEAGUE',
    expect.stringMatching(/^COMPLETED by PROVIDER_/),
  ])
  expect(await changesOf(gateway, { endUserId: 'ada' })).toEqual(
    expect.arrayContaining([
      'connectLink.handedOver by SESSION',
      'connectLink.openedByColleague by HOSTED_PAGE',
    ]),
  )
})

test('a decline reaches subscribers with its reason, and the link works again for the end user', async () => {
  const gateway = await startTestGateway()
  const caller = asApiKey(gateway)
  const link = await createLinkOrThrow(gateway, 'CENSUS', ada)
  const url = await handOver(caller, link.id)
  const events = subscribeToLinks(gateway, null)
  const pending = next(events)
  await gateway.post('{ viewer { kind } }')
  const active = await activeOf(gateway, link.id)
  const reason = `We use \u0000another\u2066 CRM\r\n now. ${'x'.repeat(400)}`
  const declined = await Promise.all([1, 2].map(() => decline(gateway.connect, active, reason)))
  expect(declined.toSorted()).toEqual([false, true])
  expect(await pending).toMatchObject({ id: link.id, status: 'AUTHORIZING' })
  const { lastFailure, handOver: last } = await readLink(caller, link.id)
  expect(lastFailure).toEqual({
    code: 'DECLINED',
    message: expect.stringMatching(/^We use another CRM now\. x+$/),
  })
  expect(lastFailure?.message).toHaveLength(300)
  expect(last).toMatchObject({ state: 'DECLINED', declineReason: lastFailure?.message })
  expect(await entriesOf(caller, link.id)).toEqual([
    'CREATED by API_CALL: HANDED_OVER',
    'AUTHORIZING by COLLEAGUE: DECLINED',
  ])
  expect([await kindOf(gateway, url), await kindOf(gateway, link.url ?? '')]).toEqual(['withdrawn', 'open'])
  await approveAndReturn(link.url ?? '')
  await waitForStatus(gateway, link.id, /COMPLETED/)
})

test('taking back ends the address of the colleague; a link can be handed over once at a time and five times', async () => {
  const gateway = await startTestGateway()
  const session = await asEndUser(gateway, 'ada')
  const { id, url } = await createLinkOrThrow(gateway, 'FIVETRAN', ada)
  const results = await Promise.all([1, 2, 3].map(() => tryHandOver(session, id)))
  expect(results.filter((result) => JSON.stringify(result).includes('Payload'))).toHaveLength(1)
  expect(results).toEqual(expect.arrayContaining([invalidState(/handed over already/)]))
  for (let count = 2; count <= 5; count += 1) {
    await callById(session, 'takeBackConnectLink', id)
    const again = await handOver(session, id)
    expect([await kindOf(gateway, again), await kindOf(gateway, url ?? '')]).toEqual(['open', 'handed-over'])
    await callById(session, 'takeBackConnectLink', id)
    expect([await kindOf(gateway, again), await kindOf(gateway, url ?? '')]).toEqual(['withdrawn', 'open'])
  }
  const before = await entriesOf(session, id)
  expect(before.at(-1)).toBe('CREATED by API_CALL: TAKEN_BACK')
  expect(await callById(session, 'takeBackConnectLink', id)).toMatchObject({
    connectLink: { status: 'CREATED' },
  })
  expect(await entriesOf(session, id)).toEqual(before)
  expect(await tryHandOver(session, id)).toEqual(invalidState(/5 times/))
})

test('the address expires with the link, or earlier; then the end user has the link again', async () => {
  const gateway = await startTestGateway()
  const caller = asApiKey(gateway)
  const { id, url, expiresAt } = await createLinkOrThrow(gateway, 'XPANDER', {
    connector: await xpanderConnector(gateway),
    ...ada,
  })
  const short = await handOver(caller, id, { expiresInSeconds: 60 })
  gateway.clock.advance(61)
  expect((await readLink(caller, id)).handOver?.state).toBe('EXPIRED')
  expect([await kindOf(gateway, short), await kindOf(gateway, url ?? '')]).toEqual(['withdrawn', 'open'])
  const long = await handOver(caller, id, { expiresInSeconds: 10_000_000 })
  expect((await readLink(caller, id)).handOver?.expiresAt).toBe(String(expiresAt))
  gateway.clock.advance(86_400)
  expect([await kindOf(gateway, long), await kindOf(gateway, url ?? '')]).toEqual(['ended', 'ended'])
  expect(await tryHandOver(caller, id)).toEqual(invalidState(/ended as EXPIRED|has expired/))
})

async function xpanderConnector({ connect }: TestGateway): Promise<string> {
  await connect.connectorSyncs.ensureFresh(30_000)
  return connect.catalogue.all().find(({ provider }) => provider === 'XPANDER')?.key ?? ''
}

describe('a link that is handed over', () => {
  test('ends at both addresses when it is revoked, and is erased with its end user', async () => {
    const gateway = await startTestGateway()
    const caller = asApiKey(gateway)
    const { id, url } = await createLinkOrThrow(gateway, 'PIPEDREAM', ada)
    const other = await handOver(caller, id, { message: 'for the marketing team', requesterName: 'Ada L.' })
    const active = await activeOf(gateway, id)
    await gateway.send(RevokeConnectLinkDocument, { id })
    expect([await kindOf(gateway, other), await kindOf(gateway, url ?? '')]).toEqual(['ended', 'ended'])
    expect(await decline(gateway.connect, active, 'too late')).toBe(false)
    expect(await callById(caller, 'takeBackConnectLink', id)).toMatchObject({
      connectLink: { status: 'REVOKED' },
    })
    expect(await everyRow()).toContain('marketing team')
    await eraseEndUser(gateway.connect, 'ada')
    expect(await everyRow()).not.toMatch(/marketing team|Ada L\./)
    expect(await kindOf(gateway, other)).toBe('unknown')
  })

  test('with the guard CONFIRM waits for the confirmation, and with SAME_BROWSER cannot be handed over', async () => {
    const gateway = await startTestGateway()
    const caller = asApiKey(gateway)
    const { codeVerifier, codeChallenge } = newPkce()
    const confirmed = await createLinkOrThrow(gateway, 'PIPEDREAM', {
      ...ada,
      guard: 'CONFIRM',
      codeChallenge,
    })
    await approveAndReturn(await handOver(caller, confirmed.id))
    expect(await stateOf(caller, confirmed.id)).toMatchObject({
      awaitingConfirmation: true,
      connection: null,
    })
    expect(await tryHandOver(caller, confirmed.id)).toEqual(invalidState(/awaits its confirmation/))
    expect(await confirm(caller, confirmed.id, { codeVerifier })).toMatchObject({
      connectLink: { status: 'COMPLETED' },
    })
    const sameBrowser = await createLinkOrThrow(gateway, 'PIPEDREAM', { ...ada, guard: 'SAME_BROWSER' })
    expect(await tryHandOver(caller, sameBrowser.id)).toEqual(invalidState(/guard SAME_BROWSER/))
    expect((await readLink(caller, sameBrowser.id)).handOverPageUrl).toBeNull()
  })

  test('can be one that reconnects: the connection stays that of the end user', async () => {
    const gateway = await startTestGateway()
    const connectionId = await brokenConnection(gateway, 'PIPEDREAM')
    const link = await createReconnectLink(gateway, connectionId)
    await approveAndReturn(await handOver(asApiKey(gateway), link.id))
    const { connection } = await waitForStatus(gateway, link.id, /COMPLETED/)
    expect(connection?.id).toBe(connectionId)
  })
})

test('inputs that are too long are refused, and another end user finds no link', async () => {
  const gateway = await startTestGateway()
  const { id, url } = await createLinkOrThrow(gateway, 'PIPEDREAM', ada)
  const session = await asEndUser(gateway, 'ada')
  const tooLong = { message: 'x'.repeat(301), requesterName: 'x'.repeat(101), expiresInSeconds: 0 }
  expect(await tryHandOver(session, id, tooLong)).toMatchObject({
    issues: Object.keys(tooLong).map((name) => ({ path: ['input', name] })),
  })
  const bob = await asEndUser(gateway, 'bob')
  expect(await tryHandOver(bob, id)).toMatchObject({ code: 'NOT_FOUND' })
  for (const name of ['takeBackConnectLink', 'cancelConnectLinkAttempt'] as const)
    expect(await callById(bob, name, id)).toMatchObject({ code: 'NOT_FOUND' })
  expect((await readLink(session, id)).handOverPageUrl).toBe(`${url}/hand-over`)
  expect(await entriesOf(session, id)).toEqual([])
})

test('a link that was taken back between the visit and the press does not lead to the provider', async () => {
  const gateway = await startTestGateway()
  const { id, url } = await createLinkOrThrow(gateway, 'PIPEDREAM', ada)
  const other = await handOver(asApiKey(gateway), id)
  await callById(asApiKey(gateway), 'takeBackConnectLink', id)
  await expect(submitLinkPage(other)).rejects.toThrow('does not lead on')
  await handOver(asApiKey(gateway), id)
  await expect(submitLinkPage(url ?? '')).rejects.toThrow('does not lead on')
  expect((await entriesOf(asApiKey(gateway), id)).join()).not.toContain('OPENED')
})
