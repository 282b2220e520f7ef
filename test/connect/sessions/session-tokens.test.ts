import { generateKeyPairSync } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import {
  createSessionTokens,
  type NewSession,
  type SessionTokens,
} from '../../../src/connect/sessions/session-tokens.ts'
import { sessionPermissions } from '../../../src/domain/permissions.ts'
import { createTestClock } from '../../helpers/clock.ts'
import {
  decoded,
  encoded,
  resignToken,
  sessionKeyOf,
  signedByPublicKey,
  unsignedToken,
} from '../../helpers/forge.ts'

const encryptionKey = 'an encryption key for tests, long enough'
const otherKey = 'another encryption key, long enough as well'
const ada = { id: 'user-1', name: 'Ada Lovelace', email: 'ada@example.com', organization: null }

function open(key = encryptionKey, oldKeys: readonly string[] = []) {
  const clock = createTestClock()
  // These tests need no store: nothing is revoked.
  const revocations = { latest: async () => 7, revoke: async () => clock.now(), isRevoked: async () => false }
  return {
    clock,
    sessions: createSessionTokens({ encryptionKey: key, oldKeys, revocations, now: clock.now }),
  }
}

const issueToken = async (sessions: SessionTokens, overrides: Partial<NewSession> = {}) =>
  (await sessions.issue({ endUser: ada, ...overrides })).token

const ownKey = sessionKeyOf(encryptionKey)

describe('a session token', () => {
  test('verifies as its end user, with its expiry', async () => {
    const { sessions } = open()
    const { token, expiresAt } = await sessions.issue({ endUser: ada })
    expect(await sessions.verify(token)).toEqual({
      kind: 'END_USER',
      id: expect.any(String),
      name: 'Ada Lovelace',
      scopes: sessionPermissions,
      endUser: ada,
      limits: null,
      organizationAccess: null,
      expiresAt,
    })
  })

  test('has the organization and the access to it', async () => {
    const { sessions } = open()
    const endUser = { ...ada, organization: { id: 'acme', name: 'Acme' } }
    const token = await issueToken(sessions, { endUser, organizationAccess: 'READ' })
    expect(await sessions.verify(token)).toMatchObject({ endUser, organizationAccess: 'READ' })
    expect(await sessions.verify(await issueToken(sessions, { endUser }))).toMatchObject({
      endUser,
      organizationAccess: null,
    })
    const withoutOrganization = await issueToken(sessions, { organizationAccess: 'MANAGE' })
    expect(await sessions.verify(withoutOrganization)).toMatchObject({ organizationAccess: null })
  })

  test('has claims for name, email and limits only if given', async () => {
    const { sessions } = open()
    const minimal = await issueToken(sessions, {
      endUser: { id: 'user-2', name: null, email: null, organization: null },
    })
    expect(Object.keys(decodeJwt(minimal)).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'rev', 'sub'])
    expect(await sessions.verify(minimal)).toMatchObject({
      name: null,
      endUser: { id: 'user-2', name: null, email: null, organization: null },
    })
    const limits = { connectors: ['github', 'slack'], providers: null, redirectUris: null }
    const limited = await issueToken(sessions, { limits })
    expect(await sessions.verify(limited)).toMatchObject({ limits })
    const providersOnly = { connectors: null, providers: ['CENSUS'] as const, redirectUris: null }
    expect(await sessions.verify(await issueToken(sessions, { limits: providersOnly }))).toMatchObject({
      limits: providersOnly,
    })
  })

  test('has a unique `jti`', async () => {
    const { sessions } = open()
    const [one, other] = [decodeJwt(await issueToken(sessions)), decodeJwt(await issueToken(sessions))]
    expect(one.jti).toBeDefined()
    expect(one.jti).not.toBe(other.jti)
  })

  test('has the algorithm and the key id in its header', async () => {
    const { sessions } = open()
    expect(decodeProtectedHeader(await issueToken(sessions))).toEqual({
      alg: 'EdDSA',
      kid: expect.stringMatching(/^[0-9a-f]{16}$/),
      typ: 'JWT',
    })
  })

  test.each([
    ['15 minutes by default', undefined, 900],
    ['1 second', 1, 1],
    ['1 day', 86_400, 86_400],
  ])('is valid for exactly %s', async (_, expiresInSeconds, seconds) => {
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

  test('issued within a second is valid for at least the requested lifetime', async () => {
    const { sessions, clock } = open()
    clock.advance(0.7)
    const { token, expiresAt } = await sessions.issue({ endUser: ada, expiresInSeconds: 1 })
    clock.advance(1)
    expect(await sessions.verify(token)).toMatchObject({ expiresAt })
    clock.advance(0.3)
    expect(await sessions.verify(token)).toBeNull()
  })

  test.each([0, -1, 86_401])('with a lifetime of %s s throws a RangeError', async (expiresInSeconds) => {
    const { sessions } = open()
    await expect(sessions.issue({ endUser: ada, expiresInSeconds })).rejects.toThrow(RangeError)
  })
})

describe('keys', () => {
  test('gateways with the same encryption key accept each other’s sessions', async () => {
    expect(await open().sessions.verify(await issueToken(open().sessions))).toMatchObject({ endUser: ada })
  })

  test('a session of another key is rejected', async () => {
    expect(await open().sessions.verify(await issueToken(open(otherKey).sessions))).toBeNull()
  })

  test('a session of an old key is accepted, and new ones are signed with the new key', async () => {
    const before = open(otherKey).sessions
    const after = open(encryptionKey, [otherKey]).sessions
    expect(await after.verify(await issueToken(before))).toMatchObject({ endUser: ada })
    expect(await before.verify(await issueToken(after))).toBeNull()
    expect(await open().sessions.verify(await issueToken(after))).toMatchObject({ endUser: ada })
  })

  test('a signature by another key with a known `kid` is rejected', async () => {
    const { sessions } = open()
    const { privateKey } = generateKeyPairSync('ed25519')
    expect(await sessions.verify(await resignToken(await issueToken(sessions), {}, ownKey))).not.toBeNull()
    expect(await sessions.verify(await resignToken(await issueToken(sessions), {}, privateKey))).toBeNull()
  })
})

describe('verify returns null for', () => {
  const parts = async () => (await issueToken(open().sessions)).split('.')

  test.each([
    '',
    'x',
    '.',
    '..',
    'a.b.c',
    'gw_test_key_that_is_really_long_enough',
    `${'A'.repeat(8_000)}.${'A'.repeat(8_000)}.A`,
    `${encoded({ alg: 'EdDSA' })}.bm8ganNvbg.AAAA`,
  ])('%s', async (text) => {
    expect(await open().sessions.verify(text)).toBeNull()
  })

  test.each<[name: string, change: (parts: readonly string[]) => readonly (string | undefined)[]]>([
    ['without a signature', ([head, body]) => [head, body, '']],
    ['with two parts', ([head, body]) => [head, body]],
    ['with four parts', (all) => [...all, 'x']],
    ['with a truncated signature', ([head, body, signature = '']) => [head, body, signature.slice(0, -4)]],
    ['with another signature', ([head, body, signature = '']) => [head, body, reversed(signature)]],
    [
      'with another `sub`',
      ([head, body = '', signature]) => [head, changed(body, { sub: 'user-2' }), signature],
    ],
    [
      'with a later `exp`',
      ([head, body = '', signature]) => [head, changed(body, { exp: 4_102_444_800 }), signature],
    ],
    [
      'with `alg: none` and a signature',
      ([, body, signature]) => [encoded({ alg: 'none' }), body, signature],
    ],
    ['without a `kid`', ([, body, signature]) => [encoded({ alg: 'EdDSA' }), body, signature]],
    [
      'with its key in `jwk`',
      ([, body]) => {
        const { publicKey } = generateKeyPairSync('ed25519')
        return [encoded({ alg: 'EdDSA', jwk: publicKey.export({ format: 'jwk' }) }), body, 'AAAA']
      },
    ],
    [
      'with an unknown `crit` header',
      ([head = '', body, signature]) => [
        encoded({ ...decoded(head), crit: ['odd'], odd: 1 }),
        body,
        signature,
      ],
    ],
  ])('a token %s', async (_, change) => {
    const { sessions } = open()
    const valid = await parts()
    expect(await sessions.verify(valid.join('.'))).not.toBeNull()
    expect(await sessions.verify(change(valid).join('.'))).toBeNull()
  })

  test.each(['pem', 'der', 'raw'] as const)(
    'a token signed with HS256 and the public key as %s',
    async (format) => {
      const { sessions } = open()
      expect(await sessions.verify(signedByPublicKey(await issueToken(sessions), ownKey, format))).toBeNull()
    },
  )

  test('an unsigned token', async () => {
    const { sessions } = open()
    expect(await sessions.verify(unsignedToken(await issueToken(sessions)))).toBeNull()
  })

  test.each<[name: string, claims: Readonly<Record<string, unknown>>]>([
    ['with another issuer', { iss: 'another' }],
    ['without an issuer', { iss: undefined }],
    ['with another audience', { aud: 'another' }],
    ['without an audience', { aud: undefined }],
    ['without `sub`', { sub: undefined }],
    ['with an empty `sub`', { sub: '' }],
    ['without `exp`', { exp: undefined }],
    ['that has expired', { exp: 1_700_000_000 }],
    ['that is not valid yet', { nbf: 4_102_444_800 }],
    ['with malformed limits', { connectors: 'github' }],
    ['without `iat`', { iat: undefined }],
    ['issued more than a minute ahead', { iat: 1_795_334_461, exp: 1_795_334_470 }],
    ['valid for more than a day', { iat: 1_795_334_400, exp: 1_795_420_801 }],
    ['issued long ago and valid still', { iat: 0 }],
    ['with an unknown permission', { permissions: ['ADMIN'] }],
    ['with a fine permission', { permissions: ['sessions:write'] }],
    ['with a malformed number', { rev: '0' }],
    ['with an unknown provider', { providers: ['SEGMENT'] }],
  ])('a correctly signed token %s', async (_, claims) => {
    const { sessions } = open()
    expect(await sessions.verify(await resignToken(await issueToken(sessions), claims, ownKey))).toBeNull()
  })
})

test('a correctly signed token of a day, issued a minute ahead by another gateway, is accepted', async () => {
  const { sessions } = open()
  const claims = { iat: 1_795_334_460, exp: 1_795_420_860, rev: undefined }
  expect(await sessions.verify(await resignToken(await issueToken(sessions), claims, ownKey))).not.toBeNull()
})

const reversed = (text: string) => [...text].reverse().join('')

const changed = (body: string, claims: object) => encoded({ ...decoded(body), ...claims })
