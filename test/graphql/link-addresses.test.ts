import { describe, expect, test } from 'vitest'
import { startTestGateway } from '../helpers/gateway.ts'
import { awaitSyncsAndClearRequests, createLink, issuePaths, providerRequests } from './open.ts'

describe('redirectUri and errorRedirectUri', () => {
  const invalidUrls = [
    '',
    'done',
    '/done',
    '//evil.test/',
    'javascript:alert(1)',
    'data:text/html,hello',
    'file:///etc/passwd',
    'ftp://app.example.com/',
    'http://app.example.com/',
    'https:app.example.com',
    'https://',
    'https://user@app.example.com/',
    'https://user:password@app.example.com/',
    'https://app.example.com\\@evil.test/',
    'https://app.example.com%2F@evil.test/',
    ' https://app.example.com/',
    'https://app.example.com/\r\nset-cookie:a=b',
    'https://app.example.com/\tx',
    'https://app.example.com./',
    'https://APP.example.com/',
    'https://app.example.com:443/',
    'https://app.example.com/a/../b',
    'https://\u0430pp.example.com/',
    `https://app.example.com/${'x'.repeat(3000)}`,
    'http://localhost.evil.test/',
    'http://2130706433/',
  ]

  test('are rejected unless they are canonical, so that all URL parsers agree on them', async () => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    for (const target of invalidUrls) {
      const input = { redirectUri: target, errorRedirectUri: target }
      const rejected = { target, issues: await issuePaths(gateway, 'PIPEDREAM', input) }
      expect(rejected).toEqual({ target, issues: ['input.errorRedirectUri', 'input.redirectUri'] })
    }
    expect(await providerRequests(gateway)).toEqual([])
  })

  test.each([
    'https://app.example.com',
    'https://app.example.com/return?state=1&x=%20',
    'http://localhost:3000/return',
    'https://app.example.com/#/done',
    'http://127.0.0.1:3000/',
    'http://[::1]:3000/',
  ])('accept %s', async (target) => {
    const gateway = await startTestGateway()
    const result = await createLink(gateway, 'PIPEDREAM', { redirectUri: target, errorRedirectUri: target })
    expect(result).toMatchObject({ __typename: 'CreateConnectLinkPayload', warnings: [] })
  })

  test('must be on an origin of REDIRECT_ORIGINS if it is set', async () => {
    const gateway = await startTestGateway({ env: { REDIRECT_ORIGINS: 'https://app.example.com' } })
    for (const target of [
      'https://evil.test/',
      'https://app.example.com.evil.test/',
      'https://evil-app.example.com/',
      'https://app.example.com:8443/',
      'https://xn--pp-jlc.example.com/',
      'http://localhost:3000/',
    ]) {
      const rejected = { target, issues: await issuePaths(gateway, 'PIPEDREAM', { redirectUri: target }) }
      expect(rejected).toEqual({ target, issues: ['input.redirectUri'] })
    }
    const result = await createLink(gateway, 'PIPEDREAM', { redirectUri: 'https://app.example.com/return' })
    expect(result.__typename).toBe('CreateConnectLinkPayload')
  })
})
