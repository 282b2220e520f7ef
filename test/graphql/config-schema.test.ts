import { expect, test } from 'vitest'
import { z } from 'zod'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { openSandbox } from '../sandbox/open.ts'
import { awaitSyncsAndClearRequests, issuePaths, postQuery, providerRequests, xpanderKey } from './open.ts'

const connectorShape = z.object({ configSchema: z.unknown() })

/** Returns the config schema of one connector per provider; two for Pipedream, with API keys and with OAuth. */
async function readConfigSchemas(gateway: TestGateway) {
  const { data } = await postQuery(
    gateway,
    `{
      fivetran: connector(provider: FIVETRAN, key: "google_sheets") { configSchema }
      census: connector(provider: CENSUS, key: "braze") { configSchema }
      pipedreamKeys: connector(provider: PIPEDREAM, key: "stripe") { configSchema }
      pipedreamOAuth: connector(provider: PIPEDREAM, key: "github") { configSchema }
      xpander: connector(provider: XPANDER, key: "${xpanderKey('Stripe')}") { configSchema }
    }`,
  )
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([name, one]) => [name, connectorShape.parse(one).configSchema]),
  )
}

const apiKey = (title: string) => ({
  type: 'object',
  properties: { api_key: { type: 'string', title, writeOnly: true } },
  required: ['api_key'],
})

test('Connector.configSchema is returned after the sync and, without provider requests, after a restart', async () => {
  const [clock, expected] = [
    createTestClock(),
    {
      fivetran: {
        properties: {
          schema: { title: 'Schema' },
          table: { title: 'Table' },
          config: { properties: { sheet_id: { type: 'string' } } },
        },
      },
      census: apiKey('API key'),
      pipedreamKeys: apiKey('API Key'),
      pipedreamOAuth: null,
      xpander: null,
    },
  ]
  const sandbox = await openSandbox({ clock })
  const first = await startTestGateway({ clock, sandbox })
  await awaitSyncsAndClearRequests(first)
  expect(await readConfigSchemas(first)).toMatchObject(expected)
  await first.close()

  const second = await startTestGateway({ clock, sandbox, keepData: true })
  await second.control('DELETE', 'requests')
  expect(await readConfigSchemas(second)).toMatchObject(expected)
  const requests = await providerRequests(second)
  expect(requests.filter(({ path }) => /\/apps|\/metadata/.test(path))).toEqual([])
})

test('a config that violates the schema is rejected before any provider request', async () => {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
  const fivetran = { schema: ' ', table: 'x'.repeat(256) }
  const issues = await issuePaths(gateway, 'FIVETRAN', { connector: 'google_sheets', fivetran })
  expect(issues).toEqual(['input.fivetran.schema', 'input.fivetran.table'])
  expect(await providerRequests(gateway)).toEqual([])
})
