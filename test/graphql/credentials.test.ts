import { describe, expect, test } from 'vitest'
import { startTestGateway } from '../helpers/gateway.ts'
import { everyRow } from './every-row.ts'
import {
  awaitSyncsAndClearRequests,
  createLink,
  createLinkOrThrow,
  postQuery,
  providers,
  xpanderKey,
} from './open.ts'

describe('a provider without credentials', () => {
  test.each(providers)('rejects createConnectLink: %s', async (provider) => {
    const result = await createLink(await startTestGateway({ env: { SANDBOX: 'off' } }), provider)
    expect(result).toMatchObject({ __typename: 'UnsupportedError', code: 'PROVIDER_NOT_CONFIGURED' })
  })

  test('is NOT_CONFIGURED in providers and in the sync status of every list', async () => {
    const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
    const { data, codes } = await postQuery(
      gateway,
      `{ providers { key status sandbox capabilities { directions } }
         connections { totalCount syncStatus { provider state syncedAt error } }
         connectors { totalCount syncStatus { provider state syncedAt error } } }`,
    )
    expect(codes).toEqual([])
    const syncStatus = providers.map((provider) => ({
      provider,
      state: 'NOT_CONFIGURED',
      syncedAt: null,
      error: null,
    }))
    expect(data).toMatchObject({
      providers: providers.map((key) => ({ key, status: 'NOT_CONFIGURED', sandbox: false })),
      connections: { totalCount: 0, syncStatus },
      connectors: { totalCount: 0, syncStatus },
    })
  })
})

describe('createConnectLink at xpander with credentials in the input', () => {
  const secrets = ['sk-live-0123456789', 'header-0123456789']
  const input = {
    connector: xpanderKey('Algolia'),
    idempotencyKey: 'order-7',
    xpander: { security: { apiKey: secrets[0] }, headers: { 'x-app': secrets[1] } },
  }

  test('returns a COMPLETED link without a URL', async () => {
    const link = await createLinkOrThrow(await startTestGateway(), 'XPANDER', input)
    expect(link).toMatchObject({
      status: 'COMPLETED',
      url: null,
      providerUrl: null,
      expiresAt: null,
      expirySource: 'NONE',
      connection: { status: 'ACTIVE' },
      history: [{ from: null, to: 'COMPLETED', source: 'API_CALL' }],
    })
  })

  test.each([
    ['accepted', undefined],
    [
      'rejected',
      { status: 422, body: { detail: [{ type: 'bad_key', loc: ['body', 'security'], input: secrets[0] }] } },
    ],
    ['repeated in a malformed response', { status: 200, body: { name: secrets[0], headers: secrets[1] } }],
  ])('keeps the credentials out of response, log and database when they are %s', async (_, fault) => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    if (fault) await gateway.control('POST', 'faults', { provider: 'xpander', method: 'POST', ...fault })
    const result = JSON.stringify(await createLink(gateway, 'XPANDER', input))
    expect(result).toContain(fault ? 'ProviderError' : 'COMPLETED')
    const rows = await everyRow()
    for (const secret of secrets) {
      expect(result).not.toContain(secret)
      expect(gateway.logged()).not.toContain(secret)
      expect(rows).not.toContain(secret)
    }
  })
})
