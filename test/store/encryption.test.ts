import { describe, expect, test } from 'vitest'
import { createEncryption, hashToken, newToken } from '../../src/store/encryption.ts'

const key = 'a key of more than thirty-two characters'
const oldKey = 'the key before, of more than thirty-two characters'
const place = 'connect-link/1/token'

describe('sealing', () => {
  test.each([
    ['a word', 'ctok_123'],
    ['nothing', ''],
    ['odd characters', 'ⵣ 👩‍👩‍👧‍👦 \u0000'],
    ['a long text', 'x'.repeat(100_000)],
  ])('opens to what was sealed: %s', (_, plain) => {
    const secrets = createEncryption(key)
    expect(secrets.decrypt(secrets.encrypt(plain, place), place)).toBe(plain)
  })

  test('hides the text, and differs each time', () => {
    const secrets = createEncryption(key)
    const sealed = [
      secrets.encrypt('a token nobody may read', place),
      secrets.encrypt('a token nobody may read', place),
    ]

    expect(new Set(sealed).size).toBe(2)
    for (const text of sealed) {
      expect(text).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]+$/)
      expect(Buffer.from(text.split('.').at(-1) ?? '', 'base64url').toString()).not.toContain('nobody')
    }
  })

  test('opens in its own place only', () => {
    const secrets = createEncryption(key)
    const sealed = secrets.encrypt('a token', place)

    expect(() => secrets.decrypt(sealed, 'connect-link/2/token')).toThrow()
    expect(() => secrets.decrypt(sealed, 'connect-link/1/url')).toThrow()
  })

  test('opens with another key only when that is among the old ones, and says which is missing', () => {
    const sealed = createEncryption(oldKey).encrypt('a token', place)

    expect(createEncryption(key, [oldKey]).decrypt(sealed, place)).toBe('a token')
    expect(() => createEncryption(key).decrypt(sealed, place)).toThrow(/GATEWAY_ENCRYPTION_KEYS_OLD/)
  })

  test('is done with the new key after a rotation', () => {
    const rotated = createEncryption(key, [oldKey])
    const sealed = rotated.encrypt('a token', place)

    expect(createEncryption(key).decrypt(sealed, place)).toBe('a token')
    expect(() => createEncryption(oldKey).decrypt(sealed, place)).toThrow()
  })

  test('notices a change of any part', () => {
    const secrets = createEncryption(key)
    const parts = secrets.encrypt('a token', place).split('.')
    for (const [index, part] of parts.entries()) {
      if (index === 0) continue // the version is not secret and not checked
      const flipped = part.startsWith('A') || part.startsWith('a') ? `b${part.slice(1)}` : `a${part.slice(1)}`
      const tampered = parts.with(index, flipped).join('.')
      expect(() => secrets.decrypt(tampered, place)).toThrow()
    }
  })

  test.each(['', 'v1', 'not sealed at all', 'v1.00000000..'])(
    'does not open what was never sealed: %j',
    (text) => {
      expect(() => createEncryption(key).decrypt(text, place)).toThrow()
    },
  )

  test('does not open with a tag that was cut short', () => {
    const secrets = createEncryption(key)
    const [version, id, nonce, body = ''] = secrets.encrypt('', place).split('.')
    const cut = Buffer.from(body, 'base64url').subarray(0, 4).toString('base64url')

    expect(() => secrets.decrypt([version, id, nonce, cut].join('.'), place)).toThrow()
  })
})

describe('a token of the gateway', () => {
  test('cannot be guessed, and is looked up by a hash that does not lead back', () => {
    const tokens = Array.from({ length: 100 }, newToken)

    expect(new Set(tokens).size).toBe(100)
    expect(tokens.every((token) => /^[\w-]{43}$/.test(token))).toBe(true)
    expect(hashToken(tokens[0] ?? '')).toBe(hashToken(tokens[0] ?? ''))
    expect(new Set(tokens.map(hashToken)).size).toBe(100)
    expect(hashToken('a token')).not.toContain('a token')
  })
})
