import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSessionTokens } from '../../../src/connect/sessions/session-tokens.ts'
import { createTestClock } from '../../helpers/clock.ts'

const ada = { id: 'user-1', name: 'Ada', email: null, organization: null }
const returnUrl = 'https://app.example.com/back'

function open(encryptionKey = 'an encryption key for tests, long enough') {
  const clock = createTestClock()
  const revoked = new Set<string>()
  const revocations = {
    latest: async () => 7,
    revoke: async () => clock.now(),
    isRevoked: async ({ endUserId }: { readonly endUserId: string }) => revoked.has(endUserId),
  }
  const sessions = createSessionTokens({ encryptionKey, oldKeys: [], revocations, now: clock.now })
  return { clock, revoked, sessions }
}

test('a portal token is that of the same session, and neither token is accepted in place of the other', async () => {
  const { sessions } = open()
  const limits = { connectors: ['hubspot'], providers: null, redirectUris: null }
  const tags = [{ key: 'plan', value: 'pro' }]
  const session = await sessions.issue({ endUser: ada, returnUrl, limits, tags, grants: ['LINK'] })
  const portalToken = await session.portalToken()

  const viewer = await sessions.verify(session.token)
  expect(viewer).toMatchObject({ id: session.id, endUser: ada, limits, linkTags: tags })
  expect(await sessions.verifyPortal(portalToken)).toEqual({ viewer, returnUrl, end: null })
  expect(await sessions.verify(portalToken)).toBeNull()
  expect(await sessions.verifyPortal(session.token)).toBeNull()
})

test('a portal token that was changed, or that another gateway has signed, is refused', async () => {
  const { sessions } = open()
  const token = await (await sessions.issue({ endUser: ada })).portalToken()
  const other = await (await sessions.issue({ endUser: { ...ada, id: 'user-2' } })).portalToken()
  const [header, payload, signature] = token.split('.')
  const [, otherPayload] = other.split('.')
  const foreign = await (
    await open('another encryption key, long enough as well').sessions.issue({ endUser: ada })
  ).portalToken()
  for (const text of [
    [header, otherPayload, signature].join('.'),
    [header, payload, ''].join('.'),
    [header, payload].join('.'),
    foreign,
    'x',
    '',
  ])
    expect(await sessions.verifyPortal(text)).toBeNull()
})

test('the token of a session that has ended still says how it ended and where to go on', async () => {
  const { sessions, clock, revoked } = open()
  const token = await (await sessions.issue({ endUser: ada, returnUrl, expiresInSeconds: 60 })).portalToken()
  clock.advance(59)
  expect(await sessions.verifyPortal(token)).toMatchObject({ end: null })
  clock.advance(1)
  expect(await sessions.verifyPortal(token)).toMatchObject({ end: 'EXPIRED', returnUrl })
  revoked.add('user-1')
  expect(await sessions.verifyPortal(token)).toMatchObject({ end: 'REVOKED', returnUrl })
})

test('a portal token with the longest lists of a session fits into the request line of usual proxies', async () => {
  const { sessions } = open()
  const connectors = Array.from({ length: 100 }, () => randomBytes(19).toString('hex'))
  const limits = { connectors, providers: null, redirectUris: null }
  const { token, portalToken } = await sessions.issue({ endUser: ada, limits, returnUrl })
  const short = await portalToken()
  expect(short.length).toBeLessThan(token.length * 0.8)
  expect(await sessions.verifyPortal(short)).toMatchObject({ viewer: { limits } })
})
