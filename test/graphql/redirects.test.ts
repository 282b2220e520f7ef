import { describe, expect, test } from 'vitest'
import { ReconnectConnectionDocument } from '../generated/graphql.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { providersWith } from '../helpers/providers.ts'
import {
  awaitSyncsAndClearRequests,
  createConnection,
  issuePaths,
  providerRequests,
  providers,
} from './open.ts'

/** Invalid redirect URLs: attacks, and forms that parsers read differently. */
const invalidUrls: readonly (readonly [name: string, url: string])[] = [
  ['empty', ''],
  ['a path', '/done'],
  ['a host without a scheme', '//evil.test/'],
  ['three slashes', '///evil.test/'],
  ['a javascript URL', 'javascript:alert(1)'],
  ['a javascript URL in mixed case', 'JaVaScRiPt://app.example.com/%0aalert(1)'],
  ['a javascript URL after a space', ' javascript:alert(1)'],
  ['a data URL', 'data:text/html,<script>alert(1)</script>'],
  ['a file URL', 'file:///etc/passwd'],
  ['a blob URL', 'blob:https://app.example.com/0e6f4d5e'],
  ['a view-source URL', 'view-source:https://app.example.com/'],
  ['another protocol', 'ftp://app.example.com/'],
  ['a custom scheme', 'myapp://done'],
  ['plain http', 'http://app.example.com/'],
  ['one slash', 'https:/app.example.com/'],
  ['no slash', 'https:app.example.com'],
  ['no host', 'https://'],
  ['a user name', 'https://app.example.com@evil.test/'],
  ['a user name and a password', 'https://user:password@app.example.com/'],
  ['an encoded user name', 'https://app.example.com%40evil.test/'],
  ['a backslash', 'https://app.example.com\\@evil.test/'],
  ['backslashes instead of slashes', 'https:\\\\evil.test\\'],
  ['a fragment', 'https://app.example.com/#access_token=x'],
  ['an empty fragment', 'https://app.example.com/#'],
  ['a line break', 'https://app.example.com/\r\nset-cookie:a=b'],
  ['a tab inside a scheme', 'java\tscript:alert(1)'],
  ['a tab inside a host', 'https://app.exa\tmple.com/'],
  ['NUL', 'https://app.example.com/\u0000'],
  ['a leading space', ' https://app.example.com/'],
  ['a trailing space', 'https://app.example.com/ '],
  ['a bidirectional control character', 'https://app.example.com/\u202ecod.exe'],
  ['a Cyrillic homograph', 'https://\u0430pp.example.com/'],
  ['a full-width dot', 'https://app\uff0eexample.com/'],
  ['a host with a trailing dot', 'https://app.example.com./'],
  ['an uppercase host', 'https://APP.example.com/'],
  ['the default port', 'https://app.example.com:443/'],
  ['a path with dot segments', 'https://app.example.com/a/../../b'],
  ['a path with encoded dot segments', 'https://app.example.com/a/%2e%2e/b'],
  ['a host that starts with localhost', 'http://localhost.evil.test/'],
  ['loopback as a decimal number', 'http://2130706433/'],
  ['loopback in short form', 'http://127.1/'],
  ['the unspecified address', 'http://0.0.0.0/'],
  ['a cloud metadata address', 'http://169.254.169.254/latest/meta-data/'],
  ['more than 2048 characters', `https://app.example.com/${'x'.repeat(2048)}`],
]

const both = (url: string) => ({ redirectUri: url, errorRedirectUri: url })

test('the table has at least 25 distinct URLs', () => {
  expect(new Set(invalidUrls.map(([, url]) => url)).size).toBeGreaterThanOrEqual(25)
})

describe.each(providers)('createConnectLink at %s', (provider) => {
  test('rejects every invalid redirect URL without a provider request', async () => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    const found = await Promise.all(
      invalidUrls.map(async ([name, url]) => [name, await issuePaths(gateway, provider, both(url))]),
    )
    const issues = ['input.errorRedirectUri', 'input.redirectUri']
    expect(found).toEqual(invalidUrls.map(([name]) => [name, issues]))
    expect(await providerRequests(gateway)).toEqual([])
  })
})

describe.each(providersWith('reconnect'))('reconnectConnection at %s', (provider) => {
  test('rejects every invalid redirect URL without a provider request', async () => {
    const gateway = await startTestGateway()
    const connectionId = await createConnection(gateway, provider)
    await awaitSyncsAndClearRequests(gateway)
    for (const [name, url] of invalidUrls) {
      for (const field of ['redirectUri', 'errorRedirectUri'] as const) {
        const input = { [field]: url }
        const { reconnectConnection: reconnect } = await gateway.send(ReconnectConnectionDocument, {
          id: connectionId,
          input,
        })
        expect({ name, field, ...reconnect }).toMatchObject({
          name,
          field,
          __typename: 'InvalidInputError',
          code: 'INVALID_INPUT',
        })
      }
    }
    expect(await providerRequests(gateway)).toEqual([])
  })
})

test('with REDIRECT_ORIGINS every other origin is rejected, for new links and for reconnects', async () => {
  const env = { REDIRECT_ORIGINS: 'https://app.example.com,http://localhost:3000' }
  const gateway = await startTestGateway({ env })
  const connectionId = await createConnection(gateway, 'PIPEDREAM')
  await awaitSyncsAndClearRequests(gateway)
  for (const url of [
    'https://evil.test/',
    'https://evil.test/https://app.example.com/',
    'https://app.example.com.evil.test/',
    'https://evil-app.example.com/',
    'https://www.app.example.com/',
    'https://app.example.com:8443/',
    'https://xn--pp-jlc.example.com/',
    'http://localhost:3001/',
    'http://127.0.0.1:3000/',
  ]) {
    const issues = await issuePaths(gateway, 'PIPEDREAM', both(url))
    expect({ url, issues }).toEqual({ url, issues: ['input.errorRedirectUri', 'input.redirectUri'] })
    const { reconnectConnection: reconnect } = await gateway.send(ReconnectConnectionDocument, {
      id: connectionId,
      input: both(url),
    })
    expect({ url, ...reconnect }).toMatchObject({ url, code: 'INVALID_INPUT' })
  }
  expect(await providerRequests(gateway)).toEqual([])
})
