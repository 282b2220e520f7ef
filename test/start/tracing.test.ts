import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test, vi } from 'vitest'
import { startReceiver } from '../connect/outgoing-webhooks/receiver.ts'
import { ConnectLinkDocument, CreateConnectLinkDocument } from '../generated/graphql.ts'
import { startCollector } from '../helpers/collector.ts'
import { freePort } from '../helpers/free-port.ts'
import { approveAndReturn } from '../helpers/gateway.ts'
import { build, createLink, type Gateway, serve } from './process.ts'
import { newStore } from './store.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

const waiting = { timeout: 60_000, interval: 100 }
const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const callerTrace = '4bf92f3577b34da6a3ce929d0e0e4736'
const callerSpan = '00f067aa0ba902b7'

const postGraphQL = (gateway: Gateway, body: object, headers: Record<string, string> = {}) =>
  fetch(gateway.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${gateway.apiKey}`,
      ...headers,
    },
    body: JSON.stringify(body),
  })

const linesOf = ({ stderr }: Gateway) =>
  stderr()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('one trace leads from the caller over mutation, provider and database to the webhook of the completed link', async () => {
  const collector = await startCollector()
  const receiver = await startReceiver()
  const gateway = await serve({
    ...(await newStore()),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    ...{ WEBHOOK_URL: receiver.url, WEBHOOK_SECRET, WEBHOOK_ALLOW_PRIVATE: 'true' },
    LOG_LEVEL: 'info',
  })
  const input = { connector: 'github', endUser: { id: 'user-1' } }
  const response = await postGraphQL(
    gateway,
    { query: String(CreateConnectLinkDocument), variables: { provider: 'PIPEDREAM', input } },
    { traceparent: `00-${callerTrace}-${callerSpan}-01`, 'x-request-id': 'request-of-the-test' },
  )
  const { data } = (await response.json()) as {
    data: { createConnectLink: { connectLink: { id: string; url: string } } }
  }
  const { id, url } = data.createConnectLink.connectLink
  await approveAndReturn(url)
  await vi.waitFor(() => expect(receiver.types()).toContain('connect_link.completed'), waiting)
  const sent = 'send connect_link.completed'
  await vi.waitFor(() => expect(collector.spans().map(({ name }) => name)).toContain(sent), waiting)

  expect(collector.resource()).toMatchObject({
    'service.name': 'connect-gateway',
    'deployment.environment.name': 'test',
  })
  const spans = collector.spans()
  const own = spans.filter(({ traceId }) => traceId === callerTrace)
  const find = (pattern: RegExp) => {
    const [found] = own.filter(({ name }) => pattern.test(name))
    if (found === undefined) throw new Error(`no span ${pattern} in ${own.map(({ name }) => name)}`)
    return found
  }
  const request = find(/^POST \/graphql$/)
  expect(request).toMatchObject({ parentId: callerSpan, kind: 2 })
  expect(request.attributes['connect.request_id']).toBe('request-of-the-test')
  const operation = find(/^mutation CreateConnectLink$/)
  expect(operation).toMatchObject({ parentId: request.id, attributes: { 'connect.outcome': 'OK' } })
  const field = find(/^createConnectLink$/)
  expect(field.parentId).toBe(operation.id)
  const creation = find(/^create a connect link$/)
  expect(creation.attributes).toMatchObject({
    'connect.provider': 'PIPEDREAM',
    'connect.connector': 'github',
    'connect.link_id': Buffer.from(id, 'base64url').toString().split(':')[1],
  })
  const call = find(/^PIPEDREAM make a connect link$/)
  expect(call).toMatchObject({ parentId: creation.id, kind: 3 })
  expect(call.attributes).toMatchObject({ 'http.request.method': 'POST', 'http.response.status_code': 200 })
  expect(find(/^insert connect_links$/)).toMatchObject({ kind: 3, parentId: creation.id })

  const created = spans.find(({ name }) => name === 'send connect_link.created')
  expect(created).toMatchObject({ kind: 4, linked: [callerTrace] })
  const completed = spans.find(({ name }) => name === sent)
  expect(completed?.linked).toContain(callerTrace)
  // The other cause is the request or the poll that found the completion.
  const causes = completed?.linked.filter((traceId) => traceId !== callerTrace) ?? []
  expect(causes).toHaveLength(1)
  expect(spans.filter(({ traceId }) => traceId === causes[0])).not.toEqual([])
  const { headers } = receiver.received.find(({ type }) => type === 'connect_link.completed') ?? {}
  expect(headers?.traceparent).toBe(`00-${completed?.traceId}-${completed?.id}-01`)

  const lines = linesOf(gateway).filter(({ requestId }) => requestId === 'request-of-the-test')
  expect(lines.map(({ msg, traceId, purpose }) => [msg, traceId, purpose])).toEqual(
    expect.arrayContaining([
      ['provider call', callerTrace, 'make a connect link for "github"'],
      ['request', callerTrace, undefined],
    ]),
  )
  expect(await gateway.stop()).toEqual({ code: 0, signal: null })
})

test('a collector that is down, or tracing that is refused, costs no request', async () => {
  const store = await newStore()
  const down = await serve({
    ...store,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
    OTEL_BSP_SCHEDULE_DELAY: '50',
  })
  const link = await createLink(down, 'PIPEDREAM')
  expect((await down.send(ConnectLinkDocument, { id: link.id })).connectLink?.id).toBe(link.id)
  // The spans that are left do not make the exit fail.
  expect(await down.stop()).toEqual({ code: 0, signal: null })

  const collector = await startCollector()
  for (const refused of [{ OTEL_SDK_DISABLED: 'true' }, { OTEL_TRACES_EXPORTER: 'none' }]) {
    const off = await serve({ ...store, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...refused })
    const response = await postGraphQL(
      off,
      { query: '{ viewer { kind } }' },
      { 'x-request-id': randomUUID() },
    )
    expect(response.status).toBe(200)
    await off.stop()
  }
  expect(collector.spans()).toEqual([])
})
