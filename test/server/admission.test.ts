import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { beforeAll, expect, test, vi } from 'vitest'
import { createAdmission } from '../../src/server/admission.ts'
import { awaitSyncsAndClearRequests, createLink, postQuery, providerRequests } from '../graphql/open.ts'
import { injectFault } from '../graphql/select-provider.ts'
import { openStream } from '../graphql/subscribe.ts'
import { testDatabase } from '../helpers/database.ts'
import { startTestGateway } from '../helpers/gateway.ts'

beforeAll(() => testDatabase())

test('above MAX_IN_FLIGHT requests get 503 at once, other routes are answered, and the gateway recovers', async () => {
  const gateway = await startTestGateway({ env: { MAX_IN_FLIGHT: '2' } })
  await awaitSyncsAndClearRequests(gateway)
  await injectFault(gateway, 'PIPEDREAM', { times: 2, delayMs: 600_000 })
  const held = [createLink(gateway, 'PIPEDREAM'), createLink(gateway, 'PIPEDREAM')]
  await vi.waitFor(async () => expect(await providerRequests(gateway)).toHaveLength(2), { timeout: 9_000 })

  const refused = await gateway.post('{ providers { key } }')
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await refused.json()).toMatchObject({
    errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 1 } }],
  })
  // Refused before its credentials are checked.
  expect((await gateway.post('{ providers { key } }', {}, { authorization: 'Bearer wrong' })).status).toBe(
    503,
  )
  const statusOf = async (path: string, init?: RequestInit) => (await fetch(gateway.url + path, init)).status
  expect(await statusOf('/health')).toBe(200)
  expect(await statusOf('/ready')).toBe(200)
  expect(await statusOf('/webhooks/fivetran', { method: 'POST', body: '{}' })).not.toBe(503)

  await Promise.all(held)
  await vi.waitFor(async () => expect((await postQuery(gateway, '{ providers { key } }')).status).toBe(200))
})

test('open event streams do not count', async () => {
  const gateway = await startTestGateway({ env: { MAX_IN_FLIGHT: '2' } })
  for (let count = 0; count < 4; count += 1) {
    const { response } = await openStream(gateway, { query: 'subscription { connectionUpdated { id } }' })
    expect(response.status).toBe(200)
  }
  expect((await postQuery(gateway, '{ providers { key } }')).status).toBe(200)
})

test('requests that are received after a long turn of the event loop wait for later turns, in order', async () => {
  const { run } = createAdmission({ maxInFlight: 5, maxTurnMs: 20, allowsOrigin: () => false })
  const handled: string[] = []
  function receive(name: string) {
    const response = new ServerResponse(new IncomingMessage(new Socket()))
    run(response.req, response, () => handled.push(name))
    return response
  }
  receive('first')
  receive('second')
  expect(handled).toEqual(['first', 'second'])
  const startedAt = performance.now()
  while (performance.now() - startedAt < 30);
  for (const name of ['third', 'fourth', 'fifth']) receive(name)
  expect(handled).toEqual(['first', 'second'])
  expect(receive('one too many').statusCode).toBe(503)
  await setImmediate()
  expect(handled).toEqual(['first', 'second', 'third'])
  await vi.waitFor(() => expect(handled).toEqual(['first', 'second', 'third', 'fourth', 'fifth']))
})

test('a request whose client has gone while it waited is not handled', async () => {
  const { run } = createAdmission({ maxInFlight: 1, maxTurnMs: -1, allowsOrigin: () => false })
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  const handle = vi.fn()
  run(response.req, response, handle)
  response.destroy()
  await setImmediate()
  await setImmediate()
  expect(handle).not.toHaveBeenCalled()
})
