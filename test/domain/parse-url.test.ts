import { expect, test } from 'vitest'
import { parseUrl } from '../../src/domain/parse-url.ts'

test('an address with letters beyond ASCII is one, however often it is asked', () => {
  for (let time = 0; time < 20_000; time += 1) {
    expect(parseUrl('https://bücher.example/')?.hostname).toBe('xn--bcher-kva.example')
  }
})

test.each(['', 'no address', '//without.scheme', 'https://'])('%j is no address', (text) => {
  expect(parseUrl(text)).toBeNull()
})
