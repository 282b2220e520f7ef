import { describe, expect, test } from 'vitest'
import { decide, goThrough } from '../../helpers/gateway.ts'
import { fivetranHeaders, type OpenGateway, openGateway, outside } from '../gateway.ts'
import { connectionRows, linkRow, reached, stepsOf } from '../observe.ts'
import { call } from '../open.ts'
import { addressOf } from './post-webhook.ts'

/** The gateway as Fivetran has been told of it. */
async function registered(): Promise<OpenGateway> {
  const gateway = await openGateway()
  const provider = gateway.connect.providers.configured.find(({ key }) => key === 'FIVETRAN')
  await provider?.adapter.registerWebhook?.(addressOf(gateway, 'FIVETRAN'), call)
  return gateway
}

describe('what Fivetran reports', () => {
  test('completes a link without anybody having asked', async () => {
    const gateway = await registered()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    await decide(link.url, 'approve')
    await reached(gateway, link.id, 'COMPLETED')

    expect((await stepsOf(gateway, link.id)).at(-1)).toBe('COMPLETED by PROVIDER_WEBHOOK')
    expect(await connectionRows(gateway)).toMatchObject([{ visible: true, endUserId: 'user-1' }])
  })

  test('shows that the end user has tried in vain, and may try again', async () => {
    const gateway = await registered()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    const page = await goThrough(link.url)
    await decide(page, 'deny')
    await reached(gateway, link.id, 'AUTHORIZING')
    await decide(page, 'approve')
    await reached(gateway, link.id, 'COMPLETED')

    expect(await stepsOf(gateway, link.id)).toEqual([
      'CREATED by API_CALL',
      'OPENED by HOSTED_PAGE',
      'AUTHORIZING by PROVIDER_WEBHOOK: SETUP_TESTS_FAILED',
      'COMPLETED by PROVIDER_WEBHOOK',
    ])
  })

  test('marks a connection that was deleted there as disconnected', async () => {
    const gateway = await registered()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    await decide(link.url, 'approve')
    await reached(gateway, link.id, 'COMPLETED')
    const [made] = await connectionRows(gateway)
    const path = `/fivetran/v1/connections/${made?.remoteId}`
    gateway.clock.advance(1)
    const stop = new AbortController()
    const changes = gateway.connect.events.connections(stop.signal)[Symbol.asyncIterator]()
    const change = changes.next()
    await outside(gateway, path, { method: 'DELETE', headers: fivetranHeaders })
    await change
    stop.abort()

    expect(await connectionRows(gateway)).toMatchObject([{ id: made?.id, status: 'DISCONNECTED' }])
    expect(await linkRow(gateway, link.id)).toMatchObject({ status: 'COMPLETED', connectionId: made?.id })
  })

  test('ends the link whose half-made connection was deleted there', async () => {
    const gateway = await registered()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    const [half] = await connectionRows(gateway)
    const path = `/fivetran/v1/connections/${half?.remoteId}`
    await outside(gateway, path, { method: 'DELETE', headers: fivetranHeaders })
    await reached(gateway, link.id, 'FAILED')

    const [, ...after] = await stepsOf(gateway, link.id)
    expect(after).toEqual(['FAILED by PROVIDER_WEBHOOK: DELETED_AT_PROVIDER'])
  })
})
