import { describe, expect, test } from 'vitest'
import { decide, goThrough } from '../../helpers/gateway.ts'
import { type OpenGateway, openGateway } from '../gateway.ts'
import {
  atRest,
  connectionRows,
  countAnew,
  everything,
  linkRow,
  reached,
  readsOf,
  stepsOf,
} from '../observe.ts'
import { newestWebhook, pipedreamReport, report } from './post-webhook.ts'

const denied = 'The test request failed: access was not allowed.'

/** A link of Pipedream with the address for its reports. */
async function linkWithWebhook() {
  const gateway = await openGateway()
  const link = await gateway.createLink('PIPEDREAM', 'github')
  return { gateway, link, webhook: await newestWebhook(gateway) }
}

/** The account that Pipedream has by now. */
async function accountId(gateway: OpenGateway): Promise<string> {
  const [row] = await connectionRows(gateway)
  return row?.remoteId ?? ''
}

const deliveries = async (gateway: OpenGateway) => (await everything(gateway)).deliveries

describe('what Pipedream reports by itself', () => {
  test('completes the link without anybody having asked', async () => {
    const { gateway, link } = await linkWithWebhook()
    await decide(link.url, 'approve')
    await reached(gateway, link.id, 'COMPLETED')

    expect(await stepsOf(gateway, link.id)).toEqual([
      'CREATED by API_CALL',
      'OPENED by HOSTED_PAGE',
      'COMPLETED by PROVIDER_WEBHOOK',
    ])
    expect(await connectionRows(gateway)).toMatchObject([{ endUserId: 'user-1', status: 'ACTIVE' }])
  })

  test('ends the link as failed, with Pipedream’s own words', async () => {
    const { gateway, link } = await linkWithWebhook()
    await decide(link.url, 'deny')
    await reached(gateway, link.id, 'FAILED')

    expect((await stepsOf(gateway, link.id)).at(-1)).toBe(`FAILED by PROVIDER_WEBHOOK: ${denied}`)
  })

  test('a success after an error leaves the link failed, and the connection is the end user’s', async () => {
    const { gateway, link } = await linkWithWebhook()
    const page = await goThrough(link.url)
    await decide(page, 'deny')
    await reached(gateway, link.id, 'FAILED')
    await decide(page, 'approve')
    // Closing waits for the work that nobody waits for.
    await gateway.close()

    const [connection] = await connectionRows(gateway)
    expect(connection).toMatchObject({ endUserId: 'user-1', status: 'ACTIVE', visible: true })
    expect(await linkRow(gateway, link.id)).toMatchObject({ status: 'FAILED', connectionId: connection?.id })
    expect(await stepsOf(gateway, link.id)).toHaveLength(3)
  })

  test('an error after a success changes nothing', async () => {
    const { gateway, link, webhook } = await linkWithWebhook()
    await decide(link.url, 'approve')
    await reached(gateway, link.id, 'COMPLETED')
    await atRest(gateway)
    const before = await linkRow(gateway, link.id)
    expect(await report(webhook, pipedreamReport('CONNECTION_ERROR', { error: 'late' }))).toBe(204)
    await gateway.close()

    expect(await linkRow(gateway, link.id)).toEqual(before)
    expect(await connectionRows(gateway)).toMatchObject([{ status: 'ACTIVE' }])
  })

  test('is read back before it counts: an account that is not there completes nothing', async () => {
    const { gateway, link, webhook } = await linkWithWebhook()
    await goThrough(link.url)
    const body = pipedreamReport('CONNECTION_SUCCESS', { account: { id: 'apn_invented' } })
    expect(await report(webhook, body)).toBe(204)
    await gateway.close()

    expect(await linkRow(gateway, link.id)).toMatchObject({ status: 'OPENED', connectionId: null })
  })

  test('nor does another person’s account', async () => {
    const { gateway, link: theirs } = await linkWithWebhook()
    await decide(theirs.url, 'approve')
    await reached(gateway, theirs.id, 'COMPLETED')
    const mine = await gateway.createLink('PIPEDREAM', 'github', { endUser: { id: 'user-2' } })
    const account = { id: await accountId(gateway) }
    await report(await newestWebhook(gateway), pipedreamReport('CONNECTION_SUCCESS', { account }))
    await gateway.close()

    expect(await linkRow(gateway, mine.id)).toMatchObject({ status: 'CREATED', connectionId: null })
    expect(await connectionRows(gateway)).toMatchObject([{ endUserId: 'user-1' }])
  })
})

describe('the same delivery', () => {
  test.each([3, 100])('%i times at once has one effect and is stored once', async (times) => {
    const { gateway, link, webhook } = await linkWithWebhook()
    await goThrough(link.url)
    await countAnew(gateway)
    const body = pipedreamReport('CONNECTION_ERROR', { error: 'no' })
    const answers = await Promise.all(Array.from({ length: times }, () => report(webhook, body)))
    expect(new Set(answers)).toEqual(new Set([204]))
    await gateway.close()

    expect(await stepsOf(gateway, link.id)).toEqual([
      'CREATED by API_CALL',
      'OPENED by HOSTED_PAGE',
      'FAILED by PROVIDER_WEBHOOK: no',
    ])
    expect(await deliveries(gateway)).toMatchObject([
      { attempts: 1, nextAttemptAt: null, eventEncrypted: '' },
    ])
  })

  test('but for a digit that no double can tell apart is another one', async () => {
    const { gateway, webhook } = await linkWithWebhook()
    const body = pipedreamReport('CONNECTION_SUCCESS', { account: { id: 'apn_invented' } })
    await report(webhook, body)
    await report(webhook, body.replace('05377', '05376'))
    await report(webhook, body)
    await gateway.close()

    expect(await deliveries(gateway)).toHaveLength(2)
  })
})

describe('a delivery that cannot be handled at once', () => {
  test('because somebody is asking about its link is handled later', async () => {
    const { gateway, link } = await linkWithWebhook()
    const page = await goThrough(link.url)
    const checkLockExpiresAt = new Date(gateway.clock.now().getTime() + 3_000)
    await gateway.connect.db.updateTable('connectLinks').set({ checkLockExpiresAt }).execute()
    await decide(page, 'deny')
    gateway.clock.advance(6)
    await gateway.poll()
    // The first attempt may be under way still; then the next one is due five seconds later.
    gateway.clock.advance(6)
    await gateway.poll()

    expect((await stepsOf(gateway, link.id)).at(-1)).toBe(`FAILED by PROVIDER_WEBHOOK: ${denied}`)
  })

  test('because the provider cannot be asked is not lost', async () => {
    const { gateway, link } = await linkWithWebhook()
    const page = await goThrough(link.url)
    await countAnew(gateway)
    const fault = { provider: 'pipedream', method: 'GET', path: '/accounts', times: 1, status: 503 }
    await gateway.control('POST', 'faults', fault)
    await decide(page, 'deny')
    // Nobody but the delivery asks before the clock moves.
    await expect.poll(() => readsOf(gateway, /\/accounts/)).toBe(1)
    for (let round = 0; round < 3; round += 1) {
      gateway.clock.advance(6)
      await gateway.poll()
    }

    expect((await stepsOf(gateway, link.id)).at(-1)).toBe(`FAILED by PROVIDER_WEBHOOK: ${denied}`)
  })

  test.each([
    ['a NUL', 'no\u0000pe', 'nope'],
    ['half a character', 'no\ud83d', 'no\ufffd'],
    ['line breaks', 'no\r\n\tway', 'no way'],
  ])('because of %s in its words does not exist', async (_, error, reason) => {
    const { gateway, link, webhook } = await linkWithWebhook()
    await goThrough(link.url)
    await report(webhook, pipedreamReport('CONNECTION_ERROR', { error }))
    await gateway.close()

    expect((await stepsOf(gateway, link.id)).at(-1)).toBe(`FAILED by PROVIDER_WEBHOOK: ${reason}`)
  })
})
