import { expect, test } from 'vitest'
import { ProviderError } from '../../src/domain/provider-error.ts'
import { assertTrustedUrl } from '../../src/providers/trusted-url.ts'

const trusted = {
  provider: 'PIPEDREAM',
  name: 'Pipedream',
  hosts: ['pipedream.com'],
  origins: ['http://127.0.0.1:4010'],
} as const

test.each([
  'https://pipedream.com/_static/connect.html?token=t',
  'https://connect.pipedream.com/x',
  'http://127.0.0.1:4010/pipedream/x?token=t',
])('returns %s unchanged', (link) => {
  expect(assertTrustedUrl(link, trusted)).toBe(link)
})

test.each([
  'http://pipedream.com/x',
  'https://pipedream.com.example/x',
  'https://evilpipedream.com/x',
  'https://user:pass@pipedream.com/x',
  'https://pipedream.com@example.com/x',
  'http://127.0.0.1:4011/x',
  'javascript:alert(1)',
  '//pipedream.com/x',
  'no address',
  '',
  `https://pipedream.com/${'x'.repeat(8_200)}`,
])('throws for %s', (link) => {
  const check = () => assertTrustedUrl(link, trusted)
  expect(check).toThrow(ProviderError)
  expect(check).toThrow('does not lead to one of its own https URLs')
})

test('trusts every https host if the hosts of the provider are not known', () => {
  const anyHost = { ...trusted, hosts: null }
  expect(assertTrustedUrl('https://app.self-hosted.example/x', anyHost)).toContain('self-hosted')
  expect(() => assertTrustedUrl('http://app.self-hosted.example/x', anyHost)).toThrow(ProviderError)
})
