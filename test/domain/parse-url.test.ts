import { expect, test } from 'vitest'
import { parseUrl } from '../../src/domain/parse-url.ts'

test('parses a URL with non-ASCII characters, also after many calls', () => {
  // Enough calls for the JIT compiler of Node 20 to optimize `URL.canParse`, which then rejects such URLs.
  for (let call = 0; call < 20_000; call += 1) {
    expect(parseUrl('https://bücher.example/')?.hostname).toBe('xn--bcher-kva.example')
  }
})

test.each(['', 'no address', '//without.scheme', 'https://'])('returns null for %j', (text) => {
  expect(parseUrl(text)).toBeNull()
})
