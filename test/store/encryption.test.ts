import { describe, expect, test } from 'vitest'
import { createEncryption, hashToken, newToken } from '../../src/store/encryption.ts'

const key = 'a key of more than thirty-two characters'
const oldKey = 'the key before, of more than thirty-two characters'
const context = 'connect-link/1/token'

describe('createEncryption', () => {
  test.each([
    ['a token', 'ctok_123'],
    ['an empty text', ''],
    ['special characters', 'ⵣ 👩‍👩‍👧‍👦 \u0000'],
    ['a long text', 'x'.repeat(100_000)],
  ])('decrypts to the plaintext: %s', (_, plaintext) => {
    const encryption = createEncryption(key)
    expect(encryption.decrypt(encryption.encrypt(plaintext, context), context)).toBe(plaintext)
  })

  test('does not reveal the plaintext, and returns another ciphertext each time', () => {
    const encryption = createEncryption(key)
    const ciphertexts = [
      encryption.encrypt('a secret token', context),
      encryption.encrypt('a secret token', context),
    ]

    expect(new Set(ciphertexts).size).toBe(2)
    for (const text of ciphertexts) {
      expect(text).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]+$/)
      expect(Buffer.from(text.split('.').at(-1) ?? '', 'base64url').toString()).not.toContain('secret')
    }
  })

  test('does not decrypt in another context', () => {
    const encryption = createEncryption(key)
    const encrypted = encryption.encrypt('a token', context)

    expect(() => encryption.decrypt(encrypted, 'connect-link/2/token')).toThrow()
    expect(() => encryption.decrypt(encrypted, 'connect-link/1/url')).toThrow()
  })

  test('decrypts with an old key, and names the environment variable when the key is missing', () => {
    const encrypted = createEncryption(oldKey).encrypt('a token', context)

    expect(createEncryption(key, [oldKey]).decrypt(encrypted, context)).toBe('a token')
    expect(() => createEncryption(key).decrypt(encrypted, context)).toThrow(/GATEWAY_ENCRYPTION_KEYS_OLD/)
  })

  test('encrypts with the new key after a rotation', () => {
    const rotated = createEncryption(key, [oldKey])
    const encrypted = rotated.encrypt('a token', context)

    expect(createEncryption(key).decrypt(encrypted, context)).toBe('a token')
    expect(() => createEncryption(oldKey).decrypt(encrypted, context)).toThrow()
  })

  test('does not decrypt when any part was changed', () => {
    const encryption = createEncryption(key)
    const parts = encryption.encrypt('a token', context).split('.')
    for (const [index, part] of parts.entries()) {
      if (index === 0) continue // the version is not secret and not checked
      const flipped = part.startsWith('A') || part.startsWith('a') ? `b${part.slice(1)}` : `a${part.slice(1)}`
      const tampered = parts.with(index, flipped).join('.')
      expect(() => encryption.decrypt(tampered, context)).toThrow()
    }
  })

  test.each(['', 'v1', 'not encrypted', 'v1.00000000..'])('does not decrypt a malformed text: %j', (text) => {
    expect(() => createEncryption(key).decrypt(text, context)).toThrow()
  })

  test('does not accept a truncated authentication tag', () => {
    const encryption = createEncryption(key)
    const [version, id, nonce, body = ''] = encryption.encrypt('', context).split('.')
    const truncated = Buffer.from(body, 'base64url').subarray(0, 4).toString('base64url')

    expect(() => encryption.decrypt([version, id, nonce, truncated].join('.'), context)).toThrow()
  })
})

describe('newToken and hashToken', () => {
  test('tokens are unique with 256 bits, and hashes are stable, unique and do not contain the token', () => {
    const tokens = Array.from({ length: 100 }, newToken)

    expect(new Set(tokens).size).toBe(100)
    expect(tokens.every((token) => /^[\w-]{43}$/.test(token))).toBe(true)
    expect(hashToken(tokens[0] ?? '')).toBe(hashToken(tokens[0] ?? ''))
    expect(new Set(tokens.map(hashToken)).size).toBe(100)
    expect(hashToken('a token')).not.toContain('a token')
  })
})
