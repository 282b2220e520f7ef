import { describe, expect, test, vi } from 'vitest'
import { submitLinkPage, submitProviderPage } from '../../helpers/gateway.ts'
import { type OpenGateway, openGateway } from '../gateway.ts'
import {
  allRows,
  clearRequests,
  connectionRows,
  countReads,
  historyLines,
  linkRow,
  waitForStatus,
  waitUntilIdle,
} from '../observe.ts'
import { newestWebhookUrl, pipedreamEvent, postWebhook } from './post-webhook.ts'

/** The history entry of a denial at the sandbox. */
const denied =
  'AUTHORIZING by PROVIDER_WEBHOOK: ACCESS_DENIED (The test request failed: access was not allowed.)'

/** A Pipedream link with its webhook URL. */
async function linkWithWebhook() {
  const gateway = await openGateway()
  const link = await gateway.createLink('PIPEDREAM', 'github')
  return { gateway, link, webhookUrl: await newestWebhookUrl(gateway) }
}

/** The remote id of the first connection. */
async function accountId(gateway: OpenGateway): Promise<string> {
  const [row] = await connectionRows(gateway)
  return row?.remoteId ?? ''
}

const deliveries = async (gateway: OpenGateway) => (await allRows(gateway)).deliveries

describe('a webhook of Pipedream', () => {
  test('completes the link without a poll', async () => {
    const { gateway, link } = await linkWithWebhook()
    await submitProviderPage(link.url, 'approve')
    await waitForStatus(gateway, link.id, 'COMPLETED')

    expect(await historyLines(gateway, link.id)).toEqual([
      'CREATED by API_CALL',
      'OPENED by HOSTED_PAGE',
      'COMPLETED by PROVIDER_WEBHOOK',
    ])
    expect(await connectionRows(gateway)).toMatchObject([{ endUserId: 'user-1', status: 'ACTIVE' }])
  })

  test('records an error as a failed attempt, after which the link can still complete', async () => {
    const { gateway, link } = await linkWithWebhook()
    const page = await submitLinkPage(link.url)
    await submitProviderPage(page, 'deny')
    await waitForStatus(gateway, link.id, 'AUTHORIZING')
    await submitProviderPage(page, 'approve')
    await waitForStatus(gateway, link.id, 'COMPLETED')
    // Closing waits for background tasks.
    await gateway.close()

    const [connection] = await connectionRows(gateway)
    expect(connection).toMatchObject({ endUserId: 'user-1', status: 'ACTIVE', ownerEvidence: 'LINK' })
    expect(await linkRow(gateway, link.id)).toMatchObject({ connectionId: connection?.id })
    expect(await historyLines(gateway, link.id)).toEqual([
      'CREATED by API_CALL',
      'OPENED by HOSTED_PAGE',
      denied,
      'COMPLETED by PROVIDER_WEBHOOK',
    ])
  })

  test('with an error after a success changes nothing', async () => {
    const { gateway, link, webhookUrl } = await linkWithWebhook()
    await submitProviderPage(link.url, 'approve')
    await waitForStatus(gateway, link.id, 'COMPLETED')
    await waitUntilIdle(gateway)
    const before = await linkRow(gateway, link.id)
    expect(await postWebhook(webhookUrl, pipedreamEvent('CONNECTION_ERROR', { error: 'late' }))).toBe(204)
    await gateway.close()

    expect(await linkRow(gateway, link.id)).toEqual(before)
    expect(await connectionRows(gateway)).toMatchObject([{ status: 'ACTIVE' }])
  })

  test('with an account that does not exist does not complete the link', async () => {
    const { gateway, link, webhookUrl } = await linkWithWebhook()
    await submitLinkPage(link.url)
    const body = pipedreamEvent('CONNECTION_SUCCESS', { account: { id: 'apn_invented' } })
    expect(await postWebhook(webhookUrl, body)).toBe(204)
    await gateway.close()

    expect(await linkRow(gateway, link.id)).toMatchObject({ status: 'OPENED', connectionId: null })
  })

  test('with the account of another end user does not complete the link', async () => {
    const { gateway, link: ofUser1 } = await linkWithWebhook()
    await submitProviderPage(ofUser1.url, 'approve')
    await waitForStatus(gateway, ofUser1.id, 'COMPLETED')
    const ofUser2 = await gateway.createLink('PIPEDREAM', 'github', { endUser: { id: 'user-2' } })
    const account = { id: await accountId(gateway) }
    await postWebhook(await newestWebhookUrl(gateway), pipedreamEvent('CONNECTION_SUCCESS', { account }))
    await gateway.close()

    expect(await linkRow(gateway, ofUser2.id)).toMatchObject({ status: 'CREATED', connectionId: null })
    expect(await connectionRows(gateway)).toMatchObject([{ endUserId: 'user-1' }])
  })
})

describe('the same delivery', () => {
  test.each([3, 100])('%i times concurrently is stored once and has one effect', async (times) => {
    const { gateway, link, webhookUrl } = await linkWithWebhook()
    await submitLinkPage(link.url)
    await clearRequests(gateway)
    const body = pipedreamEvent('CONNECTION_ERROR', { error: 'no' })
    const statuses = await Promise.all(Array.from({ length: times }, () => postWebhook(webhookUrl, body)))
    expect(new Set(statuses)).toEqual(new Set([204]))
    await gateway.close()

    expect(await historyLines(gateway, link.id)).toEqual([
      'CREATED by API_CALL',
      'OPENED by HOSTED_PAGE',
      'AUTHORIZING by PROVIDER_WEBHOOK: UNKNOWN (no)',
    ])
    expect(await deliveries(gateway)).toMatchObject([
      { attempts: 1, nextAttemptAt: null, eventEncrypted: '' },
    ])
  })

  test('with one other digit, equal as a double, is a different delivery', async () => {
    const { gateway, webhookUrl } = await linkWithWebhook()
    const body = pipedreamEvent('CONNECTION_SUCCESS', { account: { id: 'apn_invented' } })
    await postWebhook(webhookUrl, body)
    await postWebhook(webhookUrl, body.replace('05377', '05376'))
    await postWebhook(webhookUrl, body)
    await gateway.close()

    expect(await deliveries(gateway)).toHaveLength(2)
  })
})

describe('a delivery that cannot be processed immediately', () => {
  test('because its link is locked is processed later', async () => {
    const { gateway, link } = await linkWithWebhook()
    const page = await submitLinkPage(link.url)
    const checkLockExpiresAt = new Date(gateway.clock.now().getTime() + 3_000)
    await gateway.connect.db.updateTable('connectLinks').set({ checkLockExpiresAt }).execute()
    await submitProviderPage(page, 'deny')
    gateway.clock.advance(6)
    await gateway.poll()
    // The first attempt may still be running; the next one is due five seconds later.
    await vi.waitFor(
      async () => {
        gateway.clock.advance(6)
        await gateway.poll()
        expect((await historyLines(gateway, link.id)).at(-1)).toBe(denied)
      },
      { timeout: 30_000 },
    )
  })

  test('because the provider is unavailable is retried', async () => {
    const { gateway, link } = await linkWithWebhook()
    const page = await submitLinkPage(link.url)
    await clearRequests(gateway)
    const fault = { provider: 'pipedream', method: 'GET', path: '/accounts', times: 1, status: 503 }
    await gateway.control('POST', 'faults', fault)
    await submitProviderPage(page, 'deny')
    // Only the delivery triggers a read before the clock advances.
    await expect.poll(() => countReads(gateway, /\/accounts/)).toBe(1)
    for (let round = 0; round < 3; round += 1) {
      gateway.clock.advance(6)
      await gateway.poll()
    }

    expect((await historyLines(gateway, link.id)).at(-1)).toBe(denied)
  })

  test.each([
    ['a NUL', 'no\u0000pe', 'nope'],
    ['a lone surrogate', 'no\ud83d', 'no\ufffd'],
    ['line breaks', 'no\r\n\tway', 'no way'],
  ])('does not exist because of %s in its error', async (_, error, message) => {
    const { gateway, link, webhookUrl } = await linkWithWebhook()
    await submitLinkPage(link.url)
    await postWebhook(webhookUrl, pipedreamEvent('CONNECTION_ERROR', { error }))
    await gateway.close()

    expect((await historyLines(gateway, link.id)).at(-1)).toBe(
      `AUTHORIZING by PROVIDER_WEBHOOK: UNKNOWN (${message})`,
    )
  })
})
