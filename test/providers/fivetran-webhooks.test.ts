import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { WebhookDelivery } from '../../src/providers/adapter.ts'
import { fivetran } from '../../src/providers/fivetran/fivetran.ts'
import { openInbox } from './inbox.ts'
import { call, openProvider, type TestProvider } from './open.ts'

const setup = {
  definition: fivetran,
  linkDefaults: { connectorKey: 'github', connectorName: 'GitHub', direction: 'SOURCE' },
} as const

const secret = 'a-webhook-secret'
const sign = (body: string | Buffer, key = secret) => createHmac('sha256', key).update(body).digest('hex')

const text = JSON.stringify({
  event: 'connection_successful',
  created: '2026-11-22T12:34:56.789Z',
  connector_type: 'github',
  connector_id: 'brisk_otter',
  destination_group_id: 'sandbox_group',
})

const deliveryWith = (
  signature?: string | string[],
  more: Partial<WebhookDelivery> = {},
): WebhookDelivery => ({
  body: Buffer.from(text),
  headers: signature === undefined ? {} : { 'x-fivetran-signature-256': signature },
  secrets: [secret],
  ...more,
})

const connected = {
  kind: 'CONNECTED',
  remoteId: 'brisk_otter',
  at: new Date('2026-11-22T12:34:56.789Z'),
  failure: null,
}

describe('parseWebhook', () => {
  test.each([
    ['a lower-case signature', deliveryWith(sign(text))],
    ['an upper-case signature', deliveryWith(sign(text).toUpperCase())],
    ['a signature of one of several secrets', deliveryWith(sign(text), { secrets: ['another', secret] })],
    [
      'a signature of the environment secret',
      deliveryWith(sign(text, 'of-the-environment'), { secrets: [] }),
    ],
  ])('accepts %s', async (_, signed) => {
    const environment = { FIVETRAN_WEBHOOK_SECRET: 'of-the-environment' }
    const { adapter } = await openProvider({ ...setup, environment })
    expect(adapter.parseWebhook?.(signed)).toEqual([connected])
  })

  test.each([
    ['a missing signature', deliveryWith()],
    ['two signatures', deliveryWith([sign(text), sign(text)])],
    ['a signature of another secret', deliveryWith(sign(text, 'another'))],
    ['a signature of an empty secret', deliveryWith(sign(text, ''), { secrets: ['', secret] })],
    ['a signature without known secrets', deliveryWith(sign(text), { secrets: [] })],
    ['a truncated body', deliveryWith(sign(text), { body: Buffer.from(text.slice(0, -1)) })],
    ['a body with an additional byte', deliveryWith(sign(text), { body: Buffer.from(`${text}\n`) })],
    ['half a signature', deliveryWith(sign(text).slice(0, 32))],
    ['a signature with an odd number of digits', deliveryWith(sign(text).slice(0, -1))],
    ['a signature with an additional digit', deliveryWith(`${sign(text)}0`)],
    ['a signature that is not hexadecimal', deliveryWith('z'.repeat(64))],
    ['a signature with a prefix', deliveryWith(`sha256=${sign(text)}`)],
  ])('returns undefined for %s', async (_, forged) => {
    const { adapter } = await openProvider(setup)
    expect(adapter.parseWebhook?.(forged)).toBeUndefined()
  })

  test('verifies the signature of the raw bytes, not of the decoded text', async () => {
    const { adapter } = await openProvider(setup)
    const body = Buffer.from([0xff, 0xfe, 0x00, 0x7b])
    expect(adapter.parseWebhook?.(deliveryWith(sign(body), { body }))).toEqual([])
    expect(adapter.parseWebhook?.(deliveryWith(sign(body.toString()), { body }))).toBeUndefined()
  })

  test.each([
    [{ event: 'connection_failure', connector_id: 'a' }, 'FAILED'],
    [{ event: 'delete_connector', connector_id: 'a' }, 'CHANGED'],
    [{ event: 'edit_connector', connection_id: 'a' }, 'CHANGED'],
    [{ event: 'edit_connector', connector_id: 'a', created: 'some day' }, 'CHANGED'],
  ])('parses %j as %s', async (body, kind) => {
    const { adapter } = await openProvider(setup)
    expect(adapter.parseWebhook?.(signed(body))).toEqual([{ kind, remoteId: 'a', at: null, failure: null }])
  })

  test.each([
    { event: 'test_event', connector_id: '_connector_1' },
    { event: 'sync_end', connector_id: 'a', data: { status: 'SUCCESSFUL' } },
    { event: 'constructor', connector_id: 'a' },
    { event: 'connection_successful' },
    { event: 7, connector_id: 'a' },
    { connector_id: 'a' },
    [],
    null,
  ])('returns no events for %j', async (body) => {
    const { adapter } = await openProvider(setup)
    expect(adapter.parseWebhook?.(signed(body))).toEqual([])
  })
})

function signed(body: unknown): WebhookDelivery {
  const json = JSON.stringify(body)
  return deliveryWith(sign(json), { body: Buffer.from(json) })
}

const webhooksOf = async ({ sandbox }: TestProvider) => {
  const authorization = `Basic ${Buffer.from('sandbox-key:sandbox-secret').toString('base64')}`
  const response = await fetch(new URL('/fivetran/v1/webhooks', sandbox.url), { headers: { authorization } })
  const { data } = await response.json()
  return data.items
}

describe('registerWebhook', () => {
  test('registers one webhook for repeated calls, which signs with the latest secret', async () => {
    const provider = await openProvider(setup)
    const { adapter } = provider
    const inbox = await openInbox()
    const other = await openInbox()
    await adapter.registerWebhook?.({ url: other.url, secret: 'of-the-other' }, call)
    for (const key of ['first-secret', secret]) {
      await adapter.registerWebhook?.({ url: inbox.url, secret: key }, call)
    }
    const events = ['connection_successful', 'connection_failure', 'delete_connector', 'edit_connector']
    const common = { type: 'group', group_id: 'sandbox_group', active: true, events }
    expect(await webhooksOf(provider)).toMatchObject([
      { ...common, url: other.url },
      { ...common, url: inbox.url },
    ])
    // The first registration sends a test request, which contains no events.
    const probe = await inbox.next()
    expect(adapter.parseWebhook?.({ ...probe, secrets: ['first-secret'] })).toEqual([])

    const { url, pendingConnection } = await provider.openLink()
    await provider.decide(url, 'deny')
    await provider.decide(url, 'approve')
    const remoteId = pendingConnection?.remoteId
    for (const kind of ['FAILED', 'CONNECTED']) {
      const events = adapter.parseWebhook?.({ ...(await inbox.next()), secrets: [secret] })
      expect(events).toEqual([{ kind, remoteId, at: provider.now(), failure: null }])
    }
    expect(provider.logged()).not.toMatch(/first-secret|a-webhook-secret|\/hook/)
  })

  test('finds an existing webhook on a later page of the list', async () => {
    const provider = await openProvider(setup)
    const inbox = await openInbox()
    for (let number = 0; number < 100; number += 1) {
      await provider.adapter.registerWebhook?.({ url: `${inbox.url}/${number}`, secret }, call)
    }
    for (const key of ['first', 'second']) {
      await provider.adapter.registerWebhook?.({ url: inbox.url, secret: key }, call)
    }
    const patches = (await provider.requests()).filter(({ method }) => method === 'PATCH')
    expect(patches).toHaveLength(1)
  })

  test('uses the secret of the environment if it is set', async () => {
    const environment = { FIVETRAN_WEBHOOK_SECRET: 'of-the-environment' }
    const { adapter } = await openProvider({ ...setup, environment })
    const inbox = await openInbox()
    await adapter.registerWebhook?.({ url: inbox.url, secret }, call)
    const probe = await inbox.next()
    expect(adapter.parseWebhook?.({ ...probe, secrets: [] })).toEqual([])
    expect(probe.headers['x-fivetran-signature-256']).toBe(
      sign(probe.body, 'of-the-environment').toUpperCase(),
    )
  })

  test('throws an error without the URL and the secret if Fivetran rejects the webhook', async () => {
    const provider = await openProvider(setup)
    const failing = provider.adapter.registerWebhook?.({ url: 'http://gateway.example/hook', secret }, call)
    await expect(failing).rejects.toMatchObject({
      code: 'PROVIDER_REJECTED',
      providerErrorCode: 'InvalidInput',
    })
    await expect(failing).rejects.not.toThrow(/gateway\.example|a-webhook-secret/)
  })
})
