import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { submitLinkPage, submitProviderPage } from '../../helpers/gateway.ts'
import { openGateway } from '../gateway.ts'
import { allRows, connectionRows, waitForStatus, waitUntilIdle } from '../observe.ts'
import { newestWebhookUrl, pipedreamEvent, postWebhook, webhookAddressOf } from './post-webhook.ts'

const success = pipedreamEvent('CONNECTION_SUCCESS', { account: { id: 'apn_1' } })
const failure = pipedreamEvent('CONNECTION_ERROR', { error: 'no' })

/** A connection, an open link at each provider that sends webhooks, and the webhook URL of one of them. */
async function openWithWebhook() {
  const gateway = await openGateway()
  const completed = await gateway.createLink('PIPEDREAM', 'slack')
  await submitProviderPage(completed.url, 'approve')
  await waitForStatus(gateway, completed.id, 'COMPLETED')
  await waitUntilIdle(gateway)
  const fivetran = await gateway.createLink('FIVETRAN', 'hubspot')
  await submitLinkPage(fivetran.url)
  const pipedream = await gateway.createLink('PIPEDREAM', 'github')
  await submitLinkPage(pipedream.url)
  const webhookUrl = await newestWebhookUrl(gateway)
  const pending = (await connectionRows(gateway)).find(({ provider }) => provider === 'FIVETRAN')
  const event = (name: string) =>
    JSON.stringify({ event: name, created: '2026-11-22T08:00:00Z', connector_id: pending?.remoteId })
  return { gateway, webhookUrl, token: webhookUrl.split('/').at(-1) ?? '', event }
}

type OpenWithWebhook = Awaited<ReturnType<typeof openWithWebhook>>

const signature = (secret: string, body: string) => ({
  'x-fivetran-signature-256': createHmac('sha256', secret).update(body).digest('hex'),
})

/** POSTs that are not from a provider; each resolves to the response status. */
const forgeries: readonly (readonly [name: string, post: (opened: OpenWithWebhook) => Promise<number>])[] = [
  [
    'a guessed URL',
    ({ gateway }) => postWebhook(`${gateway.url}/webhooks/pipedream/${'a'.repeat(43)}`, failure),
  ],
  ['a URL without a secret', ({ gateway }) => postWebhook(`${gateway.url}/webhooks/pipedream/`, failure)],
  [
    'an unknown provider',
    ({ gateway, token }) => postWebhook(`${gateway.url}/webhooks/acme/${token}`, failure),
  ],
  [
    'the secret of a link of another provider',
    ({ gateway, token, event }) =>
      postWebhook(`${gateway.url}/webhooks/fivetran/${token}`, event('connection_successful')),
  ],
  [
    'a provider that sends no webhooks',
    ({ gateway, token }) => postWebhook(`${gateway.url}/webhooks/census/${token}`, failure),
  ],
  ['the URL with a query', ({ webhookUrl }) => postWebhook(`${webhookUrl}?x=1`, failure)],
  ['a truncated body', ({ webhookUrl }) => postWebhook(webhookUrl, success.slice(0, -10))],
  ['an empty body', ({ webhookUrl }) => postWebhook(webhookUrl, '')],
  ['a JSON array as body', ({ webhookUrl }) => postWebhook(webhookUrl, '[]')],
  [
    'Fivetran’s URL without a signature',
    ({ gateway, event }) => postWebhook(webhookAddressOf(gateway, 'FIVETRAN').url, event('delete_connector')),
  ],
  [
    'Fivetran’s URL with the signature of another body',
    ({ gateway, event }) => {
      const { url, secret } = webhookAddressOf(gateway, 'FIVETRAN')
      return postWebhook(url, event('delete_connector'), signature(secret, event('connection_successful')))
    },
  ],
  [
    'Fivetran’s URL with a signature by another secret',
    ({ gateway, event }) => {
      const body = event('connection_successful')
      return postWebhook(webhookAddressOf(gateway, 'FIVETRAN').url, body, signature('another secret', body))
    },
  ],
  [
    'Fivetran’s URL with a signature by an empty secret',
    ({ gateway, event }) => {
      const body = event('connection_successful')
      return postWebhook(webhookAddressOf(gateway, 'FIVETRAN').url, body, signature('', body))
    },
  ],
  [
    'a valid signature at a guessed URL',
    ({ gateway, event }) => {
      const body = event('delete_connector')
      const url = `${gateway.url}/webhooks/fivetran/${'a'.repeat(43)}`
      return postWebhook(url, body, signature(webhookAddressOf(gateway, 'FIVETRAN').secret, body))
    },
  ],
]

describe('a forged webhook', () => {
  test('is answered with 401 and changes nothing', async () => {
    const opened = await openWithWebhook()
    const before = await allRows(opened.gateway)
    for (const [name, post] of forgeries) {
      expect([name, await post(opened)]).toEqual([name, 401])
      expect(await allRows(opened.gateway), name).toEqual(before)
    }
    await opened.gateway.close()
    expect(await allRows(opened.gateway)).toEqual(before)
    expect(opened.gateway.logged()).not.toContain(opened.token)
  })
})

/** POSTs that many bytes, with Content-Length or chunked, and never ends the body; resolves to the response status. */
function postLargeBody(url: string, bytes: number, hasLength: boolean): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = hasLength ? { 'content-length': bytes } : { 'transfer-encoding': 'chunked' }
    const outgoing = request(url, { method: 'POST', headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
      outgoing.destroy()
    })
    outgoing.on('error', reject)
    outgoing.write(Buffer.alloc(hasLength ? 1_000 : bytes, 'a'))
  })
}

describe('an invalid webhook request', () => {
  test.each([
    ['10 MB with Content-Length', true],
    ['10 MB chunked', false],
  ])('%s: 413, and later deliveries are accepted', async (_, hasLength) => {
    const { gateway, webhookUrl, token } = await openWithWebhook()
    const before = await allRows(gateway)

    expect(await postLargeBody(webhookUrl, 10_000_000, hasLength)).toBe(413)

    expect(await allRows(gateway)).toEqual(before)
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200)
    expect(await postWebhook(webhookUrl, failure)).toBe(204)
    expect(gateway.logged()).not.toContain(token)
  })

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'])('%s: 405', async (method) => {
    const { gateway, webhookUrl } = await openWithWebhook()
    const before = await allRows(gateway)
    const response = await fetch(webhookUrl, { method })

    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    expect(await allRows(gateway)).toEqual(before)
  })
})
