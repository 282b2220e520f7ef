import { expect, test, vi } from 'vitest'
import { CreateConnectLinkDocument } from '../generated/graphql.ts'
import { startTestGateway } from '../helpers/gateway.ts'

const METRICS_TOKEN = 'a metrics token'.replaceAll(' ', '-').padEnd(20, 'x')

/** The samples by name and labels; fails for a line that is not in the text format of Prometheus. */
function parse(text: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>()
  const types = new Set<string>()
  for (const line of text.split('\n')) {
    if (line === '') continue
    const declared = /^# (?:HELP|TYPE) ([a-z_][\w]*) .+$/.exec(line)?.[1]
    if (declared !== undefined) {
      types.add(declared)
      continue
    }
    const [, name = '', labels = '', value = ''] =
      /^([a-z_]\w*)(\{(?:[a-z_]\w*="(?:[^"\\\n]|\\.)*",?)*\})? (\S+)$/.exec(line) ?? []
    expect(name, line).not.toBe('')
    expect(
      [...types].some((type) => name.startsWith(type)),
      line,
    ).toBe(true)
    expect(Number.isNaN(Number(value)) && value !== 'Nan', line).toBe(false)
    samples.set(name + labels, Number(value))
  }
  return samples
}

test('metrics count requests and provider calls, with labels that callers cannot choose', async () => {
  const gateway = await startTestGateway({ env: { METRICS_TOKEN } })
  const read = async () => {
    const response = await fetch(`${gateway.url}/metrics`, {
      headers: { authorization: `Bearer ${METRICS_TOKEN}` },
    })
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ])
    return response.text()
  }
  const input = { connector: 'github', endUser: { id: 'secret-user' } }
  await gateway.send(CreateConnectLinkDocument, { provider: 'PIPEDREAM', input })
  await gateway.post('query NameOfTheCaller { viewer { kind } }')
  await gateway.post('{ nothing }')
  await gateway.post('{ viewer { kind } }', {}, { authorization: 'Bearer wrong' })
  const age = 'connect_gateway_sync_age_seconds{provider="PIPEDREAM",list="connectors"}'
  // The first sync runs in the background.
  await vi.waitFor(async () => expect(parse(await read()).get(age)).toBeDefined(), 20_000)
  const text = await read()
  const samples = parse(text)
  const count = (labels: string) => samples.get(`connect_gateway_request_duration_seconds_count{${labels}}`)
  expect(count('operation="CreateConnectLink",type="mutation",caller="API_KEY",outcome="OK"')).toBe(1)
  expect(count('operation="other",type="query",caller="API_KEY",outcome="OK"')).toBe(1)
  expect(count('operation="other",type="none",caller="API_KEY",outcome="GRAPHQL_VALIDATION_FAILED"')).toBe(1)
  expect(count('operation="other",type="none",caller="ANONYMOUS",outcome="HTTP_401"')).toBe(1)
  const calls = [...samples.keys()].filter((key) =>
    key.startsWith('connect_gateway_provider_call_duration_seconds_count'),
  )
  expect(calls).toContainEqual(expect.stringContaining('provider="PIPEDREAM"'))
  expect(samples.get('connect_gateway_open_links{provider="PIPEDREAM",status="CREATED"}')).toBe(1)
  expect(samples.get('connect_gateway_circuit_state{provider="PIPEDREAM",state="CLOSED"}')).toBe(1)
  expect(samples.get('connect_gateway_queued{queue="webhooks_out"}')).toBe(0)
  expect([...samples.keys()].some((key) => key.startsWith('nodejs_eventloop_lag'))).toBe(true)
  expect(text).not.toMatch(/secret-user|NameOfTheCaller|github|http:\/\//)
})

test('without the token, or the setting, metrics are not served', async () => {
  const gateway = await startTestGateway({ env: { METRICS_TOKEN, SANDBOX: 'off' } })
  expect((await fetch(`${gateway.url}/metrics`)).status).toBe(401)
  const wrong = { authorization: `Bearer ${METRICS_TOKEN}x` }
  expect((await fetch(`${gateway.url}/metrics`, { headers: wrong })).status).toBe(401)
  const right = { authorization: `Bearer ${METRICS_TOKEN}` }
  expect((await fetch(`${gateway.url}/metrics`, { method: 'POST', headers: right })).status).toBe(405)
  const closed = await startTestGateway({ env: { SANDBOX: 'off' } })
  expect((await fetch(`${closed.url}/metrics`, { headers: right })).status).toBe(404)
})
