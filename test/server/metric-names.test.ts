import { expect, test } from 'vitest'
import { metricDefinitions, metricName } from '../../src/app/metric-definitions.ts'
import { alertingRules } from '../../src/cli/alerts.ts'
import { dashboard } from '../../src/cli/dashboard.ts'
import { startTestGateway } from '../helpers/gateway.ts'

const METRICS_TOKEN = 'a-token-of-the-metrics'

/** Names of metrics in PromQL; the series of a histogram as its name. */
const namesIn = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/\b(?:connect_gateway|nodejs|process)_\w+/g)].map(([name]) =>
      name.replace(/_(bucket|count|sum)$/, ''),
    ),
  )

test('dashboard and alerting rules use the metrics that are exposed, and the dashboard has all of the gateway', async () => {
  const { url } = await startTestGateway({ env: { METRICS_TOKEN, SANDBOX: 'off' } })
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` }
  const text = await (await fetch(`${url}/metrics`, { headers })).text()
  const exposed = [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name ?? '')
  const own = exposed.filter((name) => name.startsWith('connect_gateway_'))
  expect(own.toSorted()).toEqual(
    Object.keys(metricDefinitions)
      .map((key) => metricName(key as keyof typeof metricDefinitions))
      .toSorted(),
  )
  const inDashboard = namesIn(dashboard())
  expect([...inDashboard].filter((name) => !exposed.includes(name))).toEqual([])
  expect(own.filter((name) => !inDashboard.has(name))).toEqual([])
  const inRules = namesIn(alertingRules())
  expect(inRules.size).toBeGreaterThan(5)
  expect([...inRules].filter((name) => !exposed.includes(name))).toEqual([])
})

test('each alerting rule has an expression, a severity, a summary and a runbook', () => {
  const rules = alertingRules().split('      - alert: ').slice(1)
  expect(rules.length).toBeGreaterThan(10)
  for (const rule of rules)
    expect(rule).toMatch(
      /^\w+\n {8}expr: "(.+)"\n {8}for: \d+[mh]\n {8}labels:\n {10}severity: (critical|warning)\n {8}annotations:\n {10}summary: ".+\."\n {10}runbook: ".+"\n?$/,
    )
})

test('the dashboard can be imported: it asks for the data source, and no panel covers another', () => {
  const { panels, templating } = JSON.parse(dashboard())
  expect(templating.list).toMatchObject([{ name: 'datasource', type: 'datasource', query: 'prometheus' }])
  const places = panels.map(({ gridPos: { x, y } }: { gridPos: { x: number; y: number } }) => `${x} ${y}`)
  expect(new Set(places).size).toBe(panels.length)
})
