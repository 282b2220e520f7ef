import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { CreateConnectLinkDocument } from '../../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts'
import { createEndpoint, type Receiver, startReceiver, verify } from './receiver.ts'

const start = () => startTestGateway({ env: { WEBHOOK_ALLOW_PRIVATE: 'true' } })

async function sendTest(gateway: TestGateway, endpointId: string): Promise<string> {
  const document = `mutation ($endpointId: ID!) { sendTestWebhook(endpointId: $endpointId) {
    ... on SendTestWebhookPayload { webhookMessage { id } } ... on Error { code message } } }`
  const { data } = (await (await gateway.post(document, { endpointId })).json()) as {
    data: { sendTestWebhook: { webhookMessage?: { id: string } } }
  }
  const id = data.sendTestWebhook.webhookMessage?.id
  if (id === undefined) throw new Error(JSON.stringify(data))
  return id
}

async function readMessage(gateway: TestGateway, id: string) {
  const document = `query ($id: ID!) { node(id: $id) { ... on WebhookMessage {
    messageId type state attempts nextAttemptAt lastStatus lastError } } }`
  const { data } = (await (await gateway.post(document, { id })).json()) as { data: { node: unknown } }
  return data.node as Record<string, unknown>
}

async function readEndpoint(gateway: TestGateway, id: string) {
  const document = `query ($id: ID!) { node(id: $id) { ... on WebhookEndpoint {
    disabledAt disabledReason failingSince messages(first: 5) { nodes { type state attempts } }
    failed: messages(states: [FAILED], first: 1) { totalCount } } } }`
  const { data } = (await (await gateway.post(document, { id })).json()) as { data: { node: unknown } }
  return data.node as Record<string, unknown>
}

const mutate = async (gateway: TestGateway, field: string) => {
  const response = await gateway.post(`mutation { ${field} }`)
  return ((await response.json()) as { data: Record<string, Record<string, unknown>> }).data
}

const answer = (receiver: Receiver, status: number, headers: Record<string, string> = {}) =>
  receiver.respond((_, response) => void response.writeHead(status, headers).end('text of the receiver'))

test('failed attempts are repeated with the same ID until one succeeds; changed, replayed and foreign messages are refused', async () => {
  const gateway = await start()
  const receiver = await startReceiver()
  const { id, secret } = await createEndpoint(gateway, { url: receiver.url })
  const message = await sendTest(gateway, id)
  answer(receiver, 500)
  await gateway.sendWebhooks()
  const first = await readMessage(gateway, message)
  expect(first).toMatchObject({ type: 'webhook.test', state: 'PENDING', attempts: 1 })
  expect(first).toMatchObject({ lastStatus: 500, lastError: 'HTTP 500' })
  expect((await readEndpoint(gateway, id)).failingSince).not.toBeNull()
  await gateway.sendWebhooks()
  expect(receiver.received).toHaveLength(1)

  receiver.respond((request) => request.socket.destroy())
  gateway.clock.advance(7)
  await gateway.sendWebhooks()
  expect(await readMessage(gateway, message)).toMatchObject({
    attempts: 2,
    lastStatus: null,
    lastError: 'UND_ERR_SOCKET',
  })

  answer(receiver, 302, { location: 'http://169.254.169.254/latest/meta-data' })
  gateway.clock.advance(40)
  await gateway.sendWebhooks()
  expect(await readMessage(gateway, message)).toMatchObject({
    lastError: 'HTTP 302: redirects are not followed',
  })

  answer(receiver, 503, { 'retry-after': '600' })
  gateway.clock.advance(200)
  await gateway.sendWebhooks()
  const delayed = await readMessage(gateway, message)
  const waitMs = Date.parse(String(delayed.nextAttemptAt)) - gateway.clock.now().getTime()
  expect(waitMs).toBeGreaterThanOrEqual(600_000)

  receiver.respond(null)
  gateway.clock.advance(900)
  await gateway.sendWebhooks()
  expect(await readMessage(gateway, message)).toMatchObject({
    ...{ state: 'DELIVERED', attempts: 5, nextAttemptAt: null, lastStatus: 204, lastError: null },
  })
  expect((await readEndpoint(gateway, id)).failingSince).toBeNull()
  const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
  expect(ids).toEqual(Array(5).fill(first.messageId))

  const [received] = receiver.received
  if (received === undefined) throw new Error('nothing was received')
  expect(verify(secret, received)).toMatchObject({ type: 'webhook.test' })
  expect(() => verify(secret, { ...received, body: `${received.body} ` })).toThrow()
  const sentAt = Number(received.headers['webhook-timestamp']) * 1_000
  expect(() => verify(secret, received, new Date(sentAt + 600_000))).toThrow('too old')
  const changed = { ...received.headers, 'webhook-timestamp': String(sentAt / 1_000 + 600) }
  expect(() => verify(secret, { ...received, headers: changed })).toThrow('signature')
  expect(() => verify(`whsec_${Buffer.alloc(32).toString('base64')}`, received)).toThrow()
  expect(gateway.logged()).not.toContain('text of the receiver')
})

test('a message waits for earlier ones about the same link, and not for those about others', async () => {
  const gateway = await start()
  const receiver = await startReceiver()
  await createEndpoint(gateway, { url: receiver.url })
  const create = async () => {
    const input = { connector: 'github', endUser: { id: 'ada' } }
    const { createConnectLink: result } = await gateway.send(CreateConnectLinkDocument, {
      provider: 'PIPEDREAM',
      input,
    })
    if (result.__typename !== 'CreateConnectLinkPayload') throw new Error(JSON.stringify(result))
    return result.connectLink.id
  }
  const first = await create()
  answer(receiver, 500)
  await gateway.sendWebhooks()
  await mutate(gateway, `revokeConnectLink(id: "${first}") { __typename }`)
  receiver.respond(null)
  receiver.received.length = 0
  const second = await create()
  await gateway.sendWebhooks()
  expect(receiver.received.map(({ data }) => data.id)).toEqual([second])
  gateway.clock.advance(7)
  await gateway.sendWebhooks()
  expect(receiver.received.slice(1).map(({ type, data }) => [type, data.id])).toEqual([
    ['connect_link.created', first],
    ['connect_link.revoked', first],
  ])
})

test('endpoints that do not answer take no places from others', async () => {
  const gateway = await start()
  const [slow, healthy] = [await startReceiver(), await startReceiver()]
  const held: ServerResponse[] = []
  slow.respond((_, response) => void held.push(response))
  const hanging = await Promise.all(
    Array.from({ length: 6 }, () => createEndpoint(gateway, { url: slow.url })),
  )
  for (const { id } of hanging) for (let count = 0; count < 12; count += 1) await sendTest(gateway, id)
  const { id } = await createEndpoint(gateway, { url: healthy.url })
  const message = await sendTest(gateway, id)
  const sending = gateway.sendWebhooks()
  await expect.poll(() => healthy.received.length).toBe(1)
  await expect.poll(() => held.length).toBeGreaterThan(0)
  expect(await readMessage(gateway, message)).toMatchObject({ state: 'DELIVERED' })
  slow.respond((_, response) => void response.writeHead(204).end())
  for (const response of held) response.writeHead(204).end()
  await sending
  await gateway.sendWebhooks()
  expect(slow.received).toHaveLength(72)
})

test('a message that cannot be signed fails as any other attempt', async () => {
  const gateway = await start()
  const receiver = await startReceiver()
  const { id } = await createEndpoint(gateway, { url: receiver.url })
  const message = await sendTest(gateway, id)
  await gateway.connect.db.updateTable('webhookEndpoints').set({ secretEncrypted: 'v1.gone.x.y' }).execute()
  await gateway.sendWebhooks()
  expect(await readMessage(gateway, message)).toMatchObject({
    ...{
      state: 'PENDING',
      attempts: 1,
      lastStatus: null,
      lastError: 'the secret cannot be decrypted: rotate it',
    },
  })
  expect((await readEndpoint(gateway, id)).failingSince).not.toBeNull()
  expect(receiver.received).toEqual([])
})

test('the result of an attempt that was under way does not end a redelivery', async () => {
  const gateway = await start()
  const receiver = await startReceiver()
  const { id } = await createEndpoint(gateway, { url: receiver.url })
  const message = await sendTest(gateway, id)
  const held: ServerResponse[] = []
  receiver.respond((_, response) => void held.push(response))
  const sending = gateway.sendWebhooks()
  await expect.poll(() => held.length).toBe(1)
  gateway.clock.advance(1)
  await mutate(gateway, `redeliverWebhook(id: "${message}") { __typename }`)
  receiver.respond(null)
  held[0]?.writeHead(204).end()
  await sending
  await gateway.sendWebhooks()
  expect(receiver.received).toHaveLength(2)
  expect(await readMessage(gateway, message)).toMatchObject({ state: 'DELIVERED', attempts: 1 })
})

test('410 disables an endpoint at once; enabled again, it gets what was pending', async () => {
  const gateway = await start()
  const receiver = await startReceiver()
  const { id } = await createEndpoint(gateway, { url: receiver.url })
  await sendTest(gateway, id)
  answer(receiver, 410)
  await gateway.sendWebhooks()
  expect(await readEndpoint(gateway, id)).toMatchObject({ disabledReason: 'GONE' })
  expect(await mutate(gateway, `sendTestWebhook(endpointId: "${id}") { ... on Error { code } }`)).toEqual({
    sendTestWebhook: { code: 'INVALID_STATE' },
  })
  gateway.clock.advance(60)
  await gateway.sendWebhooks()
  expect(receiver.received).toHaveLength(1)
  receiver.respond(null)
  await mutate(gateway, `updateWebhookEndpoint(id: "${id}", input: { disabled: false }) { __typename }`)
  await gateway.sendWebhooks()
  expect(receiver.received).toHaveLength(2)
  expect(await readEndpoint(gateway, id)).toMatchObject({ disabledAt: null, disabledReason: null })
})

test('after all attempts a message has failed and its endpoint is disabled; redelivery begins again', async () => {
  const gateway = await start()
  const receiver = await startReceiver()
  const { id } = await createEndpoint(gateway, { url: receiver.url })
  const since = gateway.clock.now().toISOString()
  const message = await sendTest(gateway, id)
  answer(receiver, 500)
  for (let attempt = 0; attempt < 12; attempt += 1) {
    await gateway.sendWebhooks()
    gateway.clock.advance(35_000)
  }
  expect(receiver.received).toHaveLength(12)
  expect(await readMessage(gateway, message)).toMatchObject({
    state: 'FAILED',
    attempts: 12,
    nextAttemptAt: null,
  })
  expect(await readEndpoint(gateway, id)).toMatchObject({
    disabledReason: 'FAILING',
    failed: { totalCount: 1 },
  })

  receiver.respond(null)
  await mutate(gateway, `updateWebhookEndpoint(id: "${id}", input: { disabled: false }) { __typename }`)
  await gateway.sendWebhooks()
  expect(receiver.received).toHaveLength(12)
  const count = '{ ... on RedeliverWebhookPayload { count } ... on Error { code } }'
  expect(await mutate(gateway, `redeliverWebhook(id: "${message}") ${count}`)).toEqual({
    redeliverWebhook: { count: 1 },
  })
  await gateway.sendWebhooks()
  expect(await readMessage(gateway, message)).toMatchObject({ state: 'DELIVERED', attempts: 1 })
  expect(await mutate(gateway, `redeliverWebhook(endpointId: "${id}", since: "${since}") ${count}`)).toEqual({
    redeliverWebhook: { count: 1 },
  })
  await gateway.sendWebhooks()
  expect(receiver.received).toHaveLength(14)
  expect(await mutate(gateway, `redeliverWebhook(endpointId: "${id}") ${count}`)).toEqual({
    redeliverWebhook: { code: 'INVALID_INPUT' },
  })
})

test('within the overlap of a rotation both secrets verify, afterwards only the new one', async () => {
  const gateway = await start()
  const receiver = await startReceiver()
  const { id, secret } = await createEndpoint(gateway, { url: receiver.url })
  const rotated = await mutate(
    gateway,
    `rotateWebhookSecret(id: "${id}", overlapSeconds: 60) { ... on RotateWebhookSecretPayload { secret } }`,
  )
  const newSecret = String(rotated.rotateWebhookSecret?.secret)
  await sendTest(gateway, id)
  await gateway.sendWebhooks()
  const [during] = receiver.received
  if (during === undefined) throw new Error('nothing was received')
  expect([verify(secret, during), verify(newSecret, during)]).toHaveLength(2)
  gateway.clock.advance(61)
  await sendTest(gateway, id)
  await gateway.sendWebhooks()
  const after = receiver.received[1]
  if (after === undefined) throw new Error('nothing was received')
  expect(verify(newSecret, after)).toBeDefined()
  expect(() => verify(secret, after)).toThrow()
})

test('without WEBHOOK_ALLOW_PRIVATE private addresses are refused, also of names, when a message is sent', async () => {
  const gateway = await startTestGateway()
  const receiver = await startReceiver()
  const refused = (url: string) =>
    mutate(
      gateway,
      `createWebhookEndpoint(input: { url: "${url}" }) { __typename ... on InvalidInputError { issues { path message } } }`,
    )
  for (const url of [
    receiver.url,
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://169.254.169.254/',
    'https://localhost/',
  ])
    expect(await refused(url), url).toMatchObject({
      createWebhookEndpoint: { __typename: 'InvalidInputError' },
    })
  for (const url of [
    'ftp://example.com',
    'https://user:pw@example.com/',
    'https://example.com/#x',
    'example.com',
    '',
  ])
    expect(await refused(url), url).toMatchObject({
      createWebhookEndpoint: {
        issues: [{ path: ['input', 'url'], message: expect.stringMatching(/^must /) }],
      },
    })
  // A name that resolves to this machine when a message is sent.
  const { id } = await createEndpoint(gateway, { url: 'https://hooks.example.com/hook' })
  const url = receiver.url.replace('127.0.0.1', 'localhost')
  await gateway.connect.db.updateTable('webhookEndpoints').set({ url }).execute()
  const message = await sendTest(gateway, id)
  await gateway.sendWebhooks()
  expect(await readMessage(gateway, message)).toMatchObject({
    ...{ state: 'PENDING', lastStatus: null, lastError: 'the address is not public (WEBHOOK_ALLOW_PRIVATE)' },
  })
  expect(receiver.received).toEqual([])
})
