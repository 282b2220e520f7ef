import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { composio } from '../../src/providers/composio/composio.ts'
import { cannedProvider } from './canned.ts'
import { createConnection } from './connected.ts'
import { openInbox } from './inbox.ts'
import { call, openProvider, type TestProvider } from './open.ts'

const setup = {
  definition: composio,
  linkDefaults: { connectorKey: 'github', connectorName: 'GitHub', direction: 'TOOL' },
} as const

const secret = 'sandbox-webhook-secret'
const event = {
  id: 'evt_1',
  type: 'composio.connected_account.expired',
  data: { id: 'ca_1', status: 'EXPIRED' },
  timestamp: '2026-11-22T11:59:58.000Z',
}

const sign = (key: string, [id, sentAt, text]: readonly [string, number, string]) =>
  `v1,${createHmac('sha256', key).update(`${id}.${sentAt}.${text}`).digest('base64')}`

/** A delivery that was sent so many seconds before now. */
function delivery({ now }: Pick<TestProvider, 'now'>, body: unknown, { key = secret, age = 0 } = {}) {
  const text = JSON.stringify(body)
  const sentAt = Math.floor(now().getTime() / 1000) - age
  const headers = {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(sentAt),
    'webhook-signature': sign(key, ['evt_1', sentAt, text]),
  }
  return { body: Buffer.from(text), headers, secrets: ['derived'] }
}

test('a signed event of an expired account is a change of its connection', async () => {
  const provider = await openProvider(setup)
  expect(provider.adapter.parseWebhook?.(delivery(provider, event))).toEqual([
    { kind: 'CHANGED', remoteId: 'ca_1', at: new Date('2026-11-22T11:59:58Z'), failure: null },
  ])
})

test('one of several signatures is enough, as a secret may have been rotated', async () => {
  const provider = await openProvider(setup)
  const sent = delivery(provider, event)
  const signature = `v1,b3RoZXI= ${sent.headers['webhook-signature']}`
  const headers = { ...sent.headers, 'webhook-signature': signature }
  expect(provider.adapter.parseWebhook?.({ ...sent, headers })).toHaveLength(1)
})

test('other events and unusable bodies have no events', async () => {
  const provider = await openProvider(setup)
  for (const body of [
    { ...event, type: 'composio.trigger.message' },
    { ...event, data: { id: '..' } },
    { type: event.type },
    'text',
  ])
    expect(provider.adapter.parseWebhook?.(delivery(provider, body))).toEqual([])
})

test.each<[string, (provider: TestProvider) => ReturnType<typeof delivery>]>([
  ['another secret', (provider) => delivery(provider, event, { key: 'derived' })],
  ['an old time', (provider) => delivery(provider, event, { age: 301 })],
  ['a future time', (provider) => delivery(provider, event, { age: -301 })],
  ['another body', (provider) => ({ ...delivery(provider, event), body: Buffer.from('{}') })],
  [
    'another ID',
    (provider) => {
      const sent = delivery(provider, event)
      return { ...sent, headers: { ...sent.headers, 'webhook-id': 'evt_2' } }
    },
  ],
])('a delivery with %s is refused', async (_, create) => {
  const provider = await openProvider(setup)
  expect(provider.adapter.parseWebhook?.(create(provider))).toBeUndefined()
})

test('without a secret, every delivery is refused', async () => {
  const adapter = await cannedProvider(composio, {}, { COMPOSIO_WEBHOOK_SECRET: '' })
  const sent = delivery({ now: () => new Date('2026-11-22T12:00:00Z') }, event, { key: '' })
  expect(adapter.parseWebhook?.(sent)).toBeUndefined()
})

test('registration subscribes one URL, returns the secret, and expired accounts are reported with a valid signature', async () => {
  const provider = await openProvider(setup)
  const inbox = await openInbox()
  const endpoint = { url: inbox.url, secret: 'derived' }
  for (let attempt = 0; attempt < 2; attempt += 1)
    expect(await provider.adapter.registerWebhook?.(endpoint, call)).toEqual({
      COMPOSIO_WEBHOOK_SECRET: secret,
    })
  const writes = (await provider.requests()).filter(({ method }) => method !== 'GET')
  expect(writes.map(({ method }) => method)).toEqual(['POST', 'PATCH'])
  const { remoteId } = await createConnection(provider)
  await provider.breakConnection(remoteId)
  const received = await inbox.next()
  expect(provider.adapter.parseWebhook?.({ ...received, secrets: [] })).toMatchObject([{ remoteId }])
  const sentAt = new Date(Number(received.headers['webhook-timestamp']) * 1000)
  const expected = new Webhook(secret, { format: 'raw' }).sign(
    String(received.headers['webhook-id']),
    sentAt,
    received.body,
  )
  expect(received.headers['webhook-signature']).toBe(expected)
})
