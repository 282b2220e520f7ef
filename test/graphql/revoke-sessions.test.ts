import { sql } from 'kysely'
import { describe, expect, test, vi } from 'vitest'
import { eraseEndUser } from '../../src/connect/jobs/erase-end-user.ts'
import { applyRetention } from '../../src/connect/jobs/retention.ts'
import { createRevocations } from '../../src/connect/sessions/revocations.ts'
import { createSessionTokens } from '../../src/connect/sessions/session-tokens.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser, type EndUser } from './as-end-user.ts'
import { createLinkOrThrow, postQuery } from './open.ts'
import { eventData, openStream } from './subscribe.ts'

const env = { SANDBOX: 'off' }
const viewer = '{ viewer { endUser { id } } }'

const revoke = async (gateway: TestGateway, endUserId: string) => {
  const document = `mutation ($endUserId: String!) { revokeSessions(endUserId: $endUserId) {
    __typename ... on RevokeSessionsPayload { revokedAt } ... on InvalidInputError { issues { path } } } }`
  return (await postQuery(gateway, document, { endUserId })).data?.revokeSessions
}

/** Sends a request with the session to another gateway. */
const statusAt = async (gateway: TestGateway, { headers }: EndUser) =>
  (await gateway.post(viewer, {}, headers)).status

const refused = (gateway: TestGateway, session: EndUser) =>
  vi.waitFor(async () => expect(await statusAt(gateway, session)).toBe(401), 5_000)

describe('revokeSessions', () => {
  test('refuses all earlier sessions of the end user at every gateway, and no later or other one', async () => {
    const gateway = await startTestGateway({ env })
    const other = await startTestGateway({ env, keepData: true, clock: gateway.clock })
    const [first, second, bob] = [
      await asEndUser(gateway, 'ada'),
      await asEndUser(other, 'ada', { expiresInSeconds: 86_400 }),
      await asEndUser(gateway, 'bob'),
    ]
    for (const session of [first, second, bob]) expect(await statusAt(other, session)).toBe(200)

    const revokedAt = gateway.clock.now().toISOString()
    expect(await revoke(gateway, 'ada')).toEqual({ __typename: 'RevokeSessionsPayload', revokedAt })
    // Issued in the same millisecond by the gateways' clock.
    const later = [await asEndUser(gateway, 'ada'), await asEndUser(other, 'ada')]
    for (const session of [first, second])
      await Promise.all([refused(gateway, session), refused(other, session)])
    for (const session of [...later, bob])
      for (const one of [gateway, other]) expect(await statusAt(one, session)).toBe(200)

    await revoke(other, 'ada')
    for (const session of later) await Promise.all([refused(gateway, session), refused(other, session)])
    expect(await statusAt(gateway, await asEndUser(other, 'ada'))).toBe(200)
  })

  test('answers a revoked session as an unknown one', async () => {
    const gateway = await startTestGateway({ env })
    const session = await asEndUser(gateway, 'ada')
    await revoke(gateway, 'ada')
    await refused(gateway, session)
    const answer = async (authorization: string) => (await gateway.post(viewer, {}, { authorization })).text()
    expect(await answer(session.headers.authorization)).toBe(await answer('Bearer unknown'))
  })

  test.each(['', ' ', 'x'.repeat(251), 'a\u0000', '\ufeffada'])('refuses the ID %j', async (endUserId) => {
    const gateway = await startTestGateway({ env })
    expect(await revoke(gateway, endUserId)).toMatchObject({ issues: [{ path: ['endUserId'] }] })
  })

  test('accepts an end user who has no session, and prototype names', async () => {
    const gateway = await startTestGateway({ env })
    const session = await asEndUser(gateway, 'constructor')
    for (const id of ['unknown', '__proto__', 'toString'])
      expect(await revoke(gateway, id)).toMatchObject({ __typename: 'RevokeSessionsPayload' })
    expect(await statusAt(gateway, session)).toBe(200)
  })

  test('does not store the ID, and its row is deleted when no session can be valid any more', async () => {
    const gateway = await startTestGateway({ env })
    const { db } = gateway.connect
    await revoke(gateway, 'ada-lovelace')
    const rows = async () => (await sql`select * from session_revocations`.execute(db)).rows
    expect(JSON.stringify(await rows())).not.toContain('ada-lovelace')
    gateway.clock.advance(86_400)
    await applyRetention(gateway.connect)
    expect(await rows()).toHaveLength(1)
    gateway.clock.advance(3_601)
    await applyRetention(gateway.connect)
    expect(await rows()).toEqual([])
  })
})

test('the erasure of an end user revokes the sessions', async () => {
  const gateway = await startTestGateway({ env })
  const session = await asEndUser(gateway, 'ada')
  await eraseEndUser(gateway.connect, 'ada')
  await refused(gateway, session)
})

describe('while revocations cannot be read', () => {
  const rename = (gateway: TestGateway, from: string, to: string) =>
    sql`alter table ${sql.table(from)} rename to ${sql.id(to)}`.execute(gateway.connect.db)

  test('sessions are refused, and API keys and their sessions later are not', async () => {
    const gateway = await startTestGateway({ env })
    const session = await asEndUser(gateway, 'ada')
    expect(await statusAt(gateway, session)).toBe(200)
    await rename(gateway, 'session_revocations', 'elsewhere')
    try {
      await vi.waitFor(async () => expect(await statusAt(gateway, session)).toBe(503), 5_000)
      const response = await gateway.post(viewer, {}, session.headers)
      expect(await response.text()).not.toMatch(/relation|session_revocations|ada/)
      expect((await postQuery(gateway, viewer)).status).toBe(200)
    } finally {
      await rename(gateway, 'elsewhere', 'session_revocations')
    }
    expect(await statusAt(gateway, session)).toBe(200)
  })
})

test('sessions of an old encryption key are accepted for a day after a gateway has it as an old one', async () => {
  const oldKey = 'an earlier encryption key of this gateway'
  const gateway = await startTestGateway({ env: { ...env, GATEWAY_ENCRYPTION_KEYS_OLD: oldKey } })
  const { db, now } = gateway.connect
  // Holders of the old key can issue sessions at any time.
  const thief = createSessionTokens({
    encryptionKey: oldKey,
    oldKeys: [],
    revocations: createRevocations({ db, now }),
    now,
  })
  const statusOfNew = async () => {
    const { token } = await thief.issue({
      endUser: { id: 'ada', name: null, email: null, organization: null },
    })
    return (await gateway.post(viewer, {}, { authorization: `Bearer ${token}` })).status
  }
  gateway.clock.advance(86_399)
  expect(await statusOfNew()).toBe(200)
  gateway.clock.advance(1)
  expect(await statusOfNew()).toBe(401)
  // A gateway that starts later does not begin another day.
  const later = await startTestGateway({
    env: { ...env, GATEWAY_ENCRYPTION_KEYS_OLD: oldKey },
    keepData: true,
    clock: gateway.clock,
  })
  const { token } = await thief.issue({ endUser: { id: 'ada', name: null, email: null, organization: null } })
  expect((await later.post(viewer, {}, { authorization: `Bearer ${token}` })).status).toBe(401)
})

const streams = [
  ['of one link', 'subscription ($id: ID) { connectLinkUpdated(id: $id) { id } }'],
  ['of all links', 'subscription { connectLinkUpdated { id } }'],
  ['of connections', 'subscription { connectionUpdated { id } }'],
] as const

test.each(streams)(
  'a stream %s ends with UNAUTHENTICATED when its session is revoked',
  async (name, query) => {
    const gateway = await startTestGateway()
    const other = await startTestGateway({ keepData: true, clock: gateway.clock, sandbox: gateway.sandbox })
    const { id } = await createLinkOrThrow(gateway, 'CENSUS', { endUser: { id: 'ada' } })
    const { headers } = await asEndUser(gateway, 'ada')
    const later = async () => (await asEndUser(gateway, 'ada')).headers
    const variables = name === 'of one link' ? { id } : {}
    const stream = await openStream(gateway, { query, variables, headers })
    await stream.until(/^:/)
    await revoke(other, 'ada')
    const unaffected = await openStream(gateway, { query, variables, headers: await later() })
    await unaffected.until(/^:/)

    const events = eventData(await stream.toItsEnd())
    expect(events.at(-1)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    expect(unaffected.received()).not.toContain('UNAUTHENTICATED')
  },
)
