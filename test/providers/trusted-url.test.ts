import { expect, test } from 'vitest'
import { ProviderError } from '../../src/domain/errors.ts'
import { assertTrustedUrl } from '../../src/providers/trusted-url.ts'

const believed = {
  provider: 'PIPEDREAM',
  name: 'Pipedream',
  hosts: ['pipedream.com'],
  origins: ['http://127.0.0.1:4010'],
} as const

test.each([
  'https://pipedream.com/_static/connect.html?token=t',
  'https://connect.pipedream.com/x',
  'http://127.0.0.1:4010/pipedream/x?token=t',
])('%s is believed and not changed', (link) => {
  expect(assertTrustedUrl(link, believed)).toBe(link)
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
])('%s is refused and not repeated', (link) => {
  const believe = () => assertTrustedUrl(link, believed)
  expect(believe).toThrow(ProviderError)
  expect(believe).toThrow('does not lead to one of its own https addresses')
})

test('where the hosts are not known every https host is believed', () => {
  const anywhere = { ...believed, hosts: null }
  expect(assertTrustedUrl('https://app.self-hosted.example/x', anywhere)).toContain('self-hosted')
  expect(() => assertTrustedUrl('http://app.self-hosted.example/x', anywhere)).toThrow(ProviderError)
})
