import { describe, expect, test } from 'vitest'
import { submitLinkPage, submitProviderPage } from '../../helpers/gateway.ts'
import { callDirectly, fivetranHeaders, type OpenGateway, openGateway } from '../gateway.ts'
import { connectionRows, historyLines, linkRow, waitForStatus } from '../observe.ts'
import { call } from '../open.ts'
import { webhookAddressOf } from './post-webhook.ts'

/** A gateway whose webhook is registered at Fivetran. */
async function openRegistered(): Promise<OpenGateway> {
  const gateway = await openGateway()
  const provider = gateway.connect.providers.configured.find(({ key }) => key === 'FIVETRAN')
  await provider?.adapter.registerWebhook?.(webhookAddressOf(gateway, 'FIVETRAN'), call)
  return gateway
}

describe('webhooks of Fivetran', () => {
  test('complete a link without a poll', async () => {
    const gateway = await openRegistered()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    await submitProviderPage(link.url, 'approve')
    await waitForStatus(gateway, link.id, 'COMPLETED')

    expect((await historyLines(gateway, link.id)).at(-1)).toBe('COMPLETED by PROVIDER_WEBHOOK')
    expect(await connectionRows(gateway)).toMatchObject([{ visible: true, endUserId: 'user-1' }])
  })

  test('record a failed attempt, after which the link can still complete', async () => {
    const gateway = await openRegistered()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    const page = await submitLinkPage(link.url)
    await submitProviderPage(page, 'deny')
    await waitForStatus(gateway, link.id, 'AUTHORIZING')
    await submitProviderPage(page, 'approve')
    await waitForStatus(gateway, link.id, 'COMPLETED')

    expect(await historyLines(gateway, link.id)).toEqual([
      'CREATED by API_CALL',
      'OPENED by HOSTED_PAGE',
      'AUTHORIZING by PROVIDER_WEBHOOK: SETUP_TEST_FAILED (Set-up tests failed: "Validate Login".)',
      'COMPLETED by PROVIDER_WEBHOOK',
    ])
  })

  test('mark a connection that was deleted at Fivetran as disconnected', async () => {
    const gateway = await openRegistered()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    await submitProviderPage(link.url, 'approve')
    await waitForStatus(gateway, link.id, 'COMPLETED')
    const [connection] = await connectionRows(gateway)
    const path = `/fivetran/v1/connections/${connection?.remoteId}`
    gateway.clock.advance(1)
    const stop = new AbortController()
    const changes = gateway.connect.events.connections(stop.signal)[Symbol.asyncIterator]()
    const change = changes.next()
    await callDirectly(gateway, path, { method: 'DELETE', headers: fivetranHeaders })
    await change
    stop.abort()

    expect(await connectionRows(gateway)).toMatchObject([{ id: connection?.id, status: 'DISCONNECTED' }])
    expect(await linkRow(gateway, link.id)).toMatchObject({
      status: 'COMPLETED',
      connectionId: connection?.id,
    })
  })

  test('fail a link whose pending connection was deleted at Fivetran', async () => {
    const gateway = await openRegistered()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    const [pending] = await connectionRows(gateway)
    const path = `/fivetran/v1/connections/${pending?.remoteId}`
    await callDirectly(gateway, path, { method: 'DELETE', headers: fivetranHeaders })
    await waitForStatus(gateway, link.id, 'FAILED')

    const [, ...after] = await historyLines(gateway, link.id)
    expect(after).toEqual(['FAILED by PROVIDER_WEBHOOK: DELETED_AT_PROVIDER'])
  })
})
