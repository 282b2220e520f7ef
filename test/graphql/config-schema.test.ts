import { expect, test } from 'vitest'
import { z } from 'zod'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { openSandbox } from '../sandbox/open.ts'
import { answerTo, forgetRequests, issuesOf, requestsTo, xpanderKey } from './open.ts'

const named = z.object({ configSchema: z.unknown() })

/** What each of these connectors wants to be told. */
async function inputsOf(gateway: TestGateway) {
  const { data } = await answerTo(
    gateway,
    `{
      named: connector(provider: FIVETRAN, key: "google_sheets") { configSchema }
      keyed: connector(provider: CENSUS, key: "braze") { configSchema }
      typed: connector(provider: PIPEDREAM, key: "stripe") { configSchema }
      consented: connector(provider: PIPEDREAM, key: "github") { configSchema }
      silent: connector(provider: XPANDER, key: "${xpanderKey('Stripe')}") { configSchema }
    }`,
  )
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([name, one]) => [name, named.parse(one).configSchema]),
  )
}

const apiKey = (title: string) => ({
  type: 'object',
  properties: { api_key: { type: 'string', title, writeOnly: true } },
  required: ['api_key'],
})

test('a connector says what it wants to be told, also to a gateway that has only stored it', async () => {
  const [clock, expected] = [
    createTestClock(),
    {
      named: {
        properties: {
          schema: { title: 'Schema' },
          table: { title: 'Table' },
          config: { properties: { sheet_id: { type: 'string' } } },
        },
      },
      keyed: apiKey('API key'),
      typed: apiKey('API Key'),
      consented: null,
      silent: null,
    },
  ]
  const sandbox = await openSandbox({ clock })
  const first = await startTestGateway({ clock, sandbox })
  await forgetRequests(first)
  expect(await inputsOf(first)).toMatchObject(expected)
  await first.close()

  const second = await startTestGateway({ clock, sandbox, keepData: true })
  await second.control('DELETE', 'requests')
  expect(await inputsOf(second)).toMatchObject(expected)
  const seen = await requestsTo(second)
  expect(seen.filter(({ path }) => /\/apps|\/metadata/.test(path))).toEqual([])
})

test('what it is told wrongly is refused before its provider hears of it', async () => {
  const gateway = await startTestGateway()
  await forgetRequests(gateway)
  const fivetran = { schema: ' ', table: 'x'.repeat(256) }
  const issues = await issuesOf(gateway, 'FIVETRAN', { connector: 'google_sheets', fivetran })
  expect(issues).toEqual(['input.fivetran.schema', 'input.fivetran.table'])
  expect(await requestsTo(gateway)).toEqual([])
})
