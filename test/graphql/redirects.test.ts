import { describe, expect, test } from 'vitest'
import { ReconnectConnectionDocument } from '../generated/graphql.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { connected, forgetRequests, issuesOf, providers, requestsTo } from './open.ts'

/** What an attacker, or a sloppy parser, would make of a redirect target. */
const hostile: readonly (readonly [what: string, target: string])[] = [
  ['nothing', ''],
  ['a path', '/done'],
  ['a host without a scheme', '//evil.test/'],
  ['three slashes', '///evil.test/'],
  ['a script', 'javascript:alert(1)'],
  ['a script in disguise', 'JaVaScRiPt://app.example.com/%0aalert(1)'],
  ['a script after a blank', ' javascript:alert(1)'],
  ['data', 'data:text/html,<script>alert(1)</script>'],
  ['a file', 'file:///etc/passwd'],
  ['a blob', 'blob:https://app.example.com/0e6f4d5e'],
  ['a view of a source', 'view-source:https://app.example.com/'],
  ['another protocol', 'ftp://app.example.com/'],
  ['a scheme of an app', 'myapp://done'],
  ['plain http', 'http://app.example.com/'],
  ['one slash', 'https:/app.example.com/'],
  ['no slash', 'https:app.example.com'],
  ['no host', 'https://'],
  ['a user', 'https://app.example.com@evil.test/'],
  ['a user and a password', 'https://user:password@app.example.com/'],
  ['an encoded user', 'https://app.example.com%40evil.test/'],
  ['a backslash', 'https://app.example.com\\@evil.test/'],
  ['backslashes for slashes', 'https:\\\\evil.test\\'],
  ['a fragment', 'https://app.example.com/#access_token=x'],
  ['an empty fragment', 'https://app.example.com/#'],
  ['a line break', 'https://app.example.com/\r\nset-cookie:a=b'],
  ['a tab inside a scheme', 'java\tscript:alert(1)'],
  ['a tab inside a host', 'https://app.exa\tmple.com/'],
  ['NUL', 'https://app.example.com/\u0000'],
  ['a blank before', ' https://app.example.com/'],
  ['a blank after', 'https://app.example.com/ '],
  ['a change of direction', 'https://app.example.com/\u202ecod.exe'],
  ['a letter of another alphabet', 'https://\u0430pp.example.com/'],
  ['a full-width dot', 'https://app\uff0eexample.com/'],
  ['a host that ends with a dot', 'https://app.example.com./'],
  ['capital letters', 'https://APP.example.com/'],
  ['a port that goes without saying', 'https://app.example.com:443/'],
  ['a path that climbs', 'https://app.example.com/a/../../b'],
  ['an encoded path that climbs', 'https://app.example.com/a/%2e%2e/b'],
  ['a name that only begins like this machine', 'http://localhost.evil.test/'],
  ['a number that is this machine', 'http://2130706433/'],
  ['a short form of this machine', 'http://127.1/'],
  ['every machine', 'http://0.0.0.0/'],
  ['the metadata of a cloud', 'http://169.254.169.254/latest/meta-data/'],
  ['a very long one', `https://app.example.com/${'x'.repeat(2048)}`],
]

const both = (target: string) => ({ redirectUri: target, errorRedirectUri: target })

test('the table is long', () => {
  expect(new Set(hostile.map(([, target]) => target)).size).toBeGreaterThanOrEqual(25)
})

describe.each(providers)('with %s no end user is ever sent to', (provider) => {
  test('a hostile address after a link was made, and the provider hears nothing of it', async () => {
    const gateway = await startTestGateway()
    await forgetRequests(gateway)
    const found = await Promise.all(
      hostile.map(async ([what, target]) => [what, await issuesOf(gateway, provider, both(target))]),
    )
    const issues = ['input.errorRedirectUri', 'input.redirectUri']
    expect(found).toEqual(hostile.map(([what]) => [what, issues]))
    expect(await requestsTo(gateway)).toEqual([])
  })
})

describe.each(['FIVETRAN', 'CENSUS', 'PIPEDREAM'] as const)(
  'with %s no end user is ever sent to',
  (provider) => {
    test('a hostile address after a connection was to be renewed, and the provider hears nothing of it', async () => {
      const gateway = await startTestGateway()
      const connectionId = await connected(gateway, provider)
      await forgetRequests(gateway)
      for (const [what, target] of hostile) {
        for (const name of ['redirectUri', 'errorRedirectUri'] as const) {
          const input = { [name]: target }
          const { reconnectConnection: reconnect } = await gateway.send(ReconnectConnectionDocument, {
            id: connectionId,
            input,
          })
          expect({ what, name, ...reconnect }).toMatchObject({
            what,
            name,
            __typename: 'InvalidInputError',
            code: 'INVALID_INPUT',
          })
        }
      }
      expect(await requestsTo(gateway)).toEqual([])
    })
  },
)

test('with listed origins everything else is hostile, for links and for renewals', async () => {
  const env = { REDIRECT_ORIGINS: 'https://app.example.com,http://localhost:3000' }
  const gateway = await startTestGateway({ env })
  const connectionId = await connected(gateway, 'PIPEDREAM')
  await forgetRequests(gateway)
  for (const target of [
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
    const issues = await issuesOf(gateway, 'PIPEDREAM', both(target))
    expect({ target, issues }).toEqual({ target, issues: ['input.errorRedirectUri', 'input.redirectUri'] })
    const { reconnectConnection: reconnect } = await gateway.send(ReconnectConnectionDocument, {
      id: connectionId,
      input: both(target),
    })
    expect({ target, ...reconnect }).toMatchObject({ target, code: 'INVALID_INPUT' })
  }
  expect(await requestsTo(gateway)).toEqual([])
})
