import { describe, expect, test } from 'vitest'
import { ReconnectConnectionDocument } from '../generated/graphql.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { providersWith } from '../helpers/providers.ts'
import { invalidUrls } from './invalid-urls.ts'
import {
  awaitSyncsAndClearRequests,
  createConnection,
  issuePaths,
  providerRequests,
  providers,
} from './open.ts'

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
