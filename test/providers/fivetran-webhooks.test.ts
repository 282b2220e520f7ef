import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { WebhookDelivery } from '../../src/providers/adapter.ts'
import { fivetran } from '../../src/providers/fivetran/fivetran.ts'
import { openInbox } from './inbox.ts'
import { call, type Opened, openProvider } from './open.ts'

const setting = {
  definition: fivetran,
  standard: { connectorKey: 'github', connectorName: 'GitHub', direction: 'SOURCE' },
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

const delivery = (signature?: string | string[], more: Partial<WebhookDelivery> = {}): WebhookDelivery => ({
  body: Buffer.from(text),
  headers: signature === undefined ? {} : { 'x-fivetran-signature-256': signature },
  secrets: [secret],
  ...more,
})

const connected = {
  kind: 'CONNECTED',
  remoteId: 'brisk_otter',
  at: new Date('2026-11-22T12:34:56.789Z'),
  reason: null,
}

describe('a delivery', () => {
  test.each([
    ['lower case', delivery(sign(text))],
    ['upper case', delivery(sign(text).toUpperCase())],
    ['a secret of several', delivery(sign(text), { secrets: ['another', secret] })],
    ['the secret of the environment', delivery(sign(text, 'of-the-environment'), { secrets: [] })],
  ])('signed with %s is heard', async (_, signed) => {
    const environment = { FIVETRAN_WEBHOOK_SECRET: 'of-the-environment' }
    const { adapter } = await openProvider({ ...setting, environment })
    expect(adapter.parseWebhook?.(signed)).toEqual([connected])
  })

  test.each([
    ['without a signature', delivery()],
    ['with two signatures', delivery([sign(text), sign(text)])],
    ['signed with another secret', delivery(sign(text, 'another'))],
    ['signed with no secret at all', delivery(sign(text, ''), { secrets: ['', secret] })],
    ['when no secret is known', delivery(sign(text), { secrets: [] })],
    ['that is truncated', delivery(sign(text), { body: Buffer.from(text.slice(0, -1)) })],
    ['with a byte more', delivery(sign(text), { body: Buffer.from(`${text}\n`) })],
    ['with half a signature', delivery(sign(text).slice(0, 32))],
    ['with an odd signature', delivery(sign(text).slice(0, -1))],
    ['with a signature and a digit more', delivery(`${sign(text)}0`)],
    ['with a signature that is none', delivery('z'.repeat(64))],
    ['with a prefix', delivery(`sha256=${sign(text)}`)],
  ])('%s is not from Fivetran', async (_, forged) => {
    const { adapter } = await openProvider(setting)
    expect(adapter.parseWebhook?.(forged)).toBeUndefined()
  })

  test('is checked byte for byte before it is read', async () => {
    const { adapter } = await openProvider(setting)
    const body = Buffer.from([0xff, 0xfe, 0x00, 0x7b])
    expect(adapter.parseWebhook?.(delivery(sign(body), { body }))).toEqual([])
    expect(adapter.parseWebhook?.(delivery(sign(body.toString()), { body }))).toBeUndefined()
  })

  test.each([
    [{ event: 'connection_failure', connector_id: 'a' }, 'FAILED'],
    [{ event: 'delete_connector', connector_id: 'a' }, 'CHANGED'],
    [{ event: 'edit_connector', connection_id: 'a' }, 'CHANGED'],
    [{ event: 'edit_connector', connector_id: 'a', created: 'some day' }, 'CHANGED'],
  ])('of %j says %s', async (body, kind) => {
    const { adapter } = await openProvider(setting)
    expect(adapter.parseWebhook?.(signed(body))).toEqual([{ kind, remoteId: 'a', at: null, reason: null }])
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
  ])('of %j says nothing', async (body) => {
    const { adapter } = await openProvider(setting)
    expect(adapter.parseWebhook?.(signed(body))).toEqual([])
  })
})

function signed(body: unknown): WebhookDelivery {
  const json = JSON.stringify(body)
  return delivery(sign(json), { body: Buffer.from(json) })
}

const webhooksOf = async ({ sandbox }: Opened) => {
  const authorization = `Basic ${Buffer.from('sandbox-key:sandbox-secret').toString('base64')}`
  const response = await fetch(new URL('/fivetran/v1/webhooks', sandbox.url), { headers: { authorization } })
  const { data } = await response.json()
  return data.items
}

describe('a webhook of the group', () => {
  test('is registered once, however often that is asked, and signs with the last secret', async () => {
    const provider = await openProvider(setting)
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
    // The probe comes with the first registration and says nothing.
    const probe = await inbox.next()
    expect(adapter.parseWebhook?.({ ...probe, secrets: ['first-secret'] })).toEqual([])

    const { url, pendingConnection } = await provider.openLink()
    await provider.decide(url, 'deny')
    await provider.decide(url, 'approve')
    const remoteId = pendingConnection?.remoteId
    for (const kind of ['FAILED', 'CONNECTED']) {
      const heard = adapter.parseWebhook?.({ ...(await inbox.next()), secrets: [secret] })
      expect(heard).toEqual([{ kind, remoteId, at: provider.now(), reason: null }])
    }
    expect(provider.logged()).not.toMatch(/first-secret|a-webhook-secret|\/hook/)
  })

  test('is found on a later page of the list', async () => {
    const provider = await openProvider(setting)
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

  test('gets the secret of the environment where there is one', async () => {
    const environment = { FIVETRAN_WEBHOOK_SECRET: 'of-the-environment' }
    const { adapter } = await openProvider({ ...setting, environment })
    const inbox = await openInbox()
    await adapter.registerWebhook?.({ url: inbox.url, secret }, call)
    const probe = await inbox.next()
    expect(adapter.parseWebhook?.({ ...probe, secrets: [] })).toEqual([])
    expect(probe.headers['x-fivetran-signature-256']).toBe(
      sign(probe.body, 'of-the-environment').toUpperCase(),
    )
  })

  test('that Fivetran refuses is a refusal without the address or the secret', async () => {
    const provider = await openProvider(setting)
    const failing = provider.adapter.registerWebhook?.({ url: 'http://gateway.example/hook', secret }, call)
    await expect(failing).rejects.toMatchObject({
      code: 'PROVIDER_REJECTED',
      providerErrorCode: 'InvalidInput',
    })
    await expect(failing).rejects.not.toThrow(/gateway\.example|a-webhook-secret/)
  })
})
