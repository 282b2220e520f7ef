import { expect, test } from 'vitest'
import { isApiKey, newApiKey } from '../../../src/connect/api-keys/key-format.ts'

test('a key has a prefix, 32 random characters and a checksum, and occurs once', () => {
  const keys = Array.from({ length: 200 }, newApiKey)
  for (const key of keys) {
    expect(key).toMatch(/^cgw_[0-9A-Za-z]{38}$/)
    expect(isApiKey(key)).toBe(true)
  }
  expect(new Set(keys).size).toBe(keys.length)
  // Each random character takes all 62 values: 6,400 characters miss one with a probability below 10^-40.
  expect(new Set(keys.flatMap((key) => [...key.slice(4, 36)])).size).toBe(62)
})

// Computed with Python: zlib.crc32 and a division by 62.
test.each(['cgw_000000000000000000000000000000002wjyrI', 'cgw_AbCdEfGhIjKlMnOpQrStUvWxYz0123451HTd0k'])(
  'the checksum is the CRC-32 of the random characters in Base62: %s',
  (key) => {
    expect(isApiKey(key)).toBe(true)
  },
)

test('a key with one other character is no key, at any position', () => {
  const key = newApiKey()
  for (let at = 0; at < key.length; at += 1) {
    const other = key[at] === 'a' ? 'b' : 'a'
    expect(isApiKey(`${key.slice(0, at)}${other}${key.slice(at + 1)}`)).toBe(false)
  }
})

test.each([
  ['empty', () => ''],
  ['the prefix alone', () => 'cgw_'],
  ['truncated', (key: string) => key.slice(0, -1)],
  ['with one more character', (key: string) => `${key}0`],
  ['with a line break', (key: string) => `${key}\n`],
  ['with another prefix', (key: string) => key.replace('cgw', 'gw')],
  ['in lower case', (key: string) => key.toLowerCase()],
  ['with two characters exchanged', (key: string) => key.replace(/^(cgw_.*?)(.)(?!\2)(.)/, '$1$3$2')],
])('other text is no key: %s', (_, change) => {
  expect(isApiKey(change(newApiKey()))).toBe(false)
})
