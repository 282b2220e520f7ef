import { generateKeyPairSync } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import {
  createSessionTokens,
  type NewSession,
  type SessionTokens,
} from '../../../src/connect/sessions/session-tokens.ts'
import { createTestClock } from '../../helpers/clock.ts'
import { decoded, encoded, resigned, sessionKeyOf, signedByPublicKey, unsigned } from '../../helpers/forge.ts'

const encryptionKey = 'an encryption key for tests, long enough'
const otherKey = 'another encryption key, long enough as well'
const ada = { id: 'user-1', name: 'Ada Lovelace', email: 'ada@example.com' }

function open(key = encryptionKey, oldKeys: readonly string[] = []) {
  const clock = createTestClock()
  return { clock, sessions: createSessionTokens({ encryptionKey: key, oldKeys, now: clock.now }) }
}

const minted = async (sessions: SessionTokens, more: Partial<NewSession> = {}) =>
  (await sessions.issue({ endUser: ada, ...more })).token

const ownKey = sessionKeyOf(encryptionKey)

describe('a session', () => {
  test('says whom it is for, and when it ends', async () => {
    const { sessions } = open()
    const { token, expiresAt } = await sessions.issue({ endUser: ada })
    expect(await sessions.verify(token)).toEqual({
      kind: 'END_USER',
      name: 'Ada Lovelace',
      scopes: ['catalogue:read', 'connections:read', 'connections:write', 'links:read', 'links:write'],
      endUser: ada,
      limits: null,
      expiresAt,
    })
  })

  test('carries a name, an address and limits only where they were given', async () => {
    const { sessions } = open()
    const bare = await minted(sessions, { endUser: { id: 'user-2', name: null, email: null } })
    expect(Object.keys(decodeJwt(bare)).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'sub'])
    expect(await sessions.verify(bare)).toMatchObject({
      name: null,
      endUser: { id: 'user-2', name: null, email: null },
    })
    const limits = { connectors: ['github', 'slack'], providers: null }
    const limited = await minted(sessions, { limits })
    expect(await sessions.verify(limited)).toMatchObject({ limits })
    const narrow = { connectors: null, providers: ['CENSUS'] as const }
    expect(await sessions.verify(await minted(sessions, { limits: narrow }))).toMatchObject({
      limits: narrow,
    })
  })

  test('is a token of its own each time', async () => {
    const { sessions } = open()
    const [one, other] = [decodeJwt(await minted(sessions)), decodeJwt(await minted(sessions))]
    expect(one.jti).toBeDefined()
    expect(one.jti).not.toBe(other.jti)
  })

  test('names its algorithm and its key', async () => {
    const { sessions } = open()
    expect(decodeProtectedHeader(await minted(sessions))).toEqual({
      alg: 'EdDSA',
      kid: expect.stringMatching(/^[0-9a-f]{16}$/),
      typ: 'JWT',
    })
  })

  test.each([
    ['fifteen minutes by default', undefined, 900],
    ['a second', 1, 1],
    ['a day', 86_400, 86_400],
  ])('lasts %s and not a moment longer', async (_, expiresInSeconds, seconds) => {
    const { sessions, clock } = open()
    const { token, expiresAt } = await sessions.issue({
      endUser: ada,
      ...(expiresInSeconds && { expiresInSeconds }),
    })
    expect(expiresAt.getTime() - clock.now().getTime()).toBe(seconds * 1000)
    clock.advance(seconds - 0.001)
    expect(await sessions.verify(token)).not.toBeNull()
    clock.advance(0.001)
    expect(await sessions.verify(token)).toBeNull()
  })

  test('lasts no less than was asked for when it begins within a second', async () => {
    const { sessions, clock } = open()
    clock.advance(0.7)
    const { token, expiresAt } = await sessions.issue({ endUser: ada, expiresInSeconds: 1 })
    clock.advance(1)
    expect(await sessions.verify(token)).toMatchObject({ expiresAt })
    clock.advance(0.3)
    expect(await sessions.verify(token)).toBeNull()
  })

  test.each([0, -1, 86_401])('cannot last %s seconds', async (expiresInSeconds) => {
    const { sessions } = open()
    await expect(sessions.issue({ endUser: ada, expiresInSeconds })).rejects.toThrow(RangeError)
  })
})

describe('keys', () => {
  test('gateways with one encryption key take the sessions of each other', async () => {
    expect(await open().sessions.verify(await minted(open().sessions))).toMatchObject({ endUser: ada })
  })

  test('a session of another key is none', async () => {
    expect(await open().sessions.verify(await minted(open(otherKey).sessions))).toBeNull()
  })

  test('a session of an old key is read, and new ones are signed with the new key', async () => {
    const before = open(otherKey).sessions
    const after = open(encryptionKey, [otherKey]).sessions
    expect(await after.verify(await minted(before))).toMatchObject({ endUser: ada })
    expect(await before.verify(await minted(after))).toBeNull()
    expect(await open().sessions.verify(await minted(after))).toMatchObject({ endUser: ada })
  })

  test('another key under the name of a known one is none', async () => {
    const { sessions } = open()
    const { privateKey } = generateKeyPairSync('ed25519')
    expect(await sessions.verify(await resigned(await minted(sessions), {}, ownKey))).not.toBeNull()
    expect(await sessions.verify(await resigned(await minted(sessions), {}, privateKey))).toBeNull()
  })
})

describe('a text that is no session:', () => {
  const parts = async () => (await minted(open().sessions)).split('.')

  test.each([
    '',
    'x',
    '.',
    '..',
    'a.b.c',
    'gw_test_key_that_is_long_enough',
    `${'A'.repeat(8_000)}.${'A'.repeat(8_000)}.A`,
    `${encoded({ alg: 'EdDSA' })}.bm8ganNvbg.AAAA`,
  ])('%s', async (text) => {
    expect(await open().sessions.verify(text)).toBeNull()
  })

  test.each<[name: string, change: (parts: readonly string[]) => readonly (string | undefined)[]]>([
    ['without its signature', ([head, body]) => [head, body, '']],
    ['without its third part', ([head, body]) => [head, body]],
    ['with a part too many', (all) => [...all, 'x']],
    ['cut off', ([head, body, signature = '']) => [head, body, signature.slice(0, -4)]],
    ['with another signature', ([head, body, signature = '']) => [head, body, reversed(signature)]],
    [
      'for another person',
      ([head, body = '', signature]) => [head, changed(body, { sub: 'user-2' }), signature],
    ],
    [
      'that lasts longer',
      ([head, body = '', signature]) => [head, changed(body, { exp: 4_102_444_800 }), signature],
    ],
    ['without an algorithm, signed', ([, body, signature]) => [encoded({ alg: 'none' }), body, signature]],
    ['without a key', ([, body, signature]) => [encoded({ alg: 'EdDSA' }), body, signature]],
    [
      'that brings its key',
      ([, body]) => {
        const { publicKey } = generateKeyPairSync('ed25519')
        return [encoded({ alg: 'EdDSA', jwk: publicKey.export({ format: 'jwk' }) }), body, 'AAAA']
      },
    ],
    [
      'with a demand that nobody knows',
      ([head = '', body, signature]) => [
        encoded({ ...decoded(head), crit: ['odd'], odd: 1 }),
        body,
        signature,
      ],
    ],
  ])('a session %s', async (_, change) => {
    const { sessions } = open()
    const whole = await parts()
    expect(await sessions.verify(whole.join('.'))).not.toBeNull()
    expect(await sessions.verify(change(whole).join('.'))).toBeNull()
  })

  test.each(['pem', 'der', 'raw'] as const)('signed by HS256 with the public key as %s', async (format) => {
    const { sessions } = open()
    expect(await sessions.verify(signedByPublicKey(await minted(sessions), ownKey, format))).toBeNull()
  })

  test('a session that asks for no signature', async () => {
    const { sessions } = open()
    expect(await sessions.verify(unsigned(await minted(sessions)))).toBeNull()
  })

  test.each<[name: string, claims: Readonly<Record<string, unknown>>]>([
    ['of another issuer', { iss: 'another' }],
    ['of no issuer', { iss: undefined }],
    ['for another audience', { aud: 'another' }],
    ['for no audience', { aud: undefined }],
    ['for nobody', { sub: undefined }],
    ['for an empty name', { sub: '' }],
    ['without an end', { exp: undefined }],
    ['that has ended', { exp: 1_700_000_000 }],
    ['that has not begun', { nbf: 4_102_444_800 }],
    ['with limits of another shape', { connectors: 'github' }],
    ['with a provider that is none', { providers: ['SEGMENT'] }],
  ])('rightly signed, %s', async (_, claims) => {
    const { sessions } = open()
    expect(await sessions.verify(await resigned(await minted(sessions), claims, ownKey))).toBeNull()
  })
})

const reversed = (text: string) => [...text].reverse().join('')

const changed = (body: string, claims: object) => encoded({ ...decoded(body), ...claims })
