import { describe, expect, test } from 'vitest'
import { approveAndReturn, submitProviderPage } from '../../helpers/gateway.ts'
import { openGateway } from '../gateway.ts'
import { clearRequests, countReads, waitForStatus } from '../observe.ts'

const fivetranReads = '/fivetran/v1/connections/'
const censusReads = '/census/api/v2/activation_connect_links/'

describe('the quota of a provider', () => {
  test('limits the polls per minute; half of it is for active links, and the other links are polled later', async () => {
    const gateway = await openGateway()
    const half = 30
    for (let index = 0; index < 50; index += 1)
      await gateway.createLink('FIVETRAN', 'hubspot', { endUser: { id: `user-${index}` } })
    await clearRequests(gateway)
    gateway.clock.advance(3)
    for (let round = 0; round < 5; round += 1) await gateway.poll()
    expect(await countReads(gateway, fivetranReads)).toBe(half)

    gateway.clock.advance(0.5)
    await gateway.poll()
    expect(await countReads(gateway, fivetranReads)).toBe(half)
    // Links that have waited longest are polled first.
    gateway.clock.advance(30)
    await gateway.poll()
    expect(await countReads(gateway, fivetranReads)).toBe(2 * half)
  })
})

describe('a rate-limited provider', () => {
  test('is not polled before its Retry-After; other providers are', async () => {
    const gateway = await openGateway()
    await gateway.createLink('FIVETRAN', 'hubspot')
    await gateway.createLink('CENSUS', 'hubspot')
    await clearRequests(gateway)
    const fault = { provider: 'fivetran', times: 1, status: 429, headers: { 'retry-after': '120' } }
    await gateway.control('POST', 'faults', fault)
    gateway.clock.advance(3)
    await gateway.poll()
    expect(await countReads(gateway, fivetranReads)).toBe(1)

    for (let round = 1; round <= 2; round += 1) {
      gateway.clock.advance(59)
      await gateway.poll()
      expect(await countReads(gateway, fivetranReads)).toBe(1)
      expect(await countReads(gateway, censusReads)).toBe(1 + round)
    }
    gateway.clock.advance(2)
    await gateway.poll()
    expect(await countReads(gateway, fivetranReads)).toBe(2)
  })

  test('without Retry-After is not polled for a while', async () => {
    const gateway = await openGateway()
    await gateway.createLink('FIVETRAN', 'hubspot')
    await clearRequests(gateway)
    await gateway.control('POST', 'faults', { provider: 'fivetran', times: 1, status: 429 })
    gateway.clock.advance(3)
    await gateway.poll()
    gateway.clock.advance(30)
    await gateway.poll()
    expect(await countReads(gateway, fivetranReads)).toBe(1)

    gateway.clock.advance(120)
    await gateway.poll()
    expect(await countReads(gateway, fivetranReads)).toBe(2)
  })
})

describe('a provider that does not answer', () => {
  const hang = { provider: 'fivetran', method: 'GET', path: '/v1/connections/', times: 1, delayMs: 600_000 }

  /** An open link of Fivetran whose next read hangs until the gateway's timeout. */
  async function openHanging() {
    const gateway = await openGateway({ providerDeadlineMs: 6_000 })
    await gateway.createLink('FIVETRAN', 'hubspot')
    await clearRequests(gateway)
    await gateway.control('POST', 'faults', hang)
    return gateway
  }

  test('does not delay the links of another provider, in this round or the next', async () => {
    const gateway = await openHanging()
    const first = await gateway.createLink('CENSUS', 'hubspot')
    await approveAndReturn(first.url)
    gateway.clock.advance(3)
    const round = gateway.poll()
    await waitForStatus(gateway, first.id, 'COMPLETED')

    const second = await gateway.createLink('CENSUS', 'hubspot')
    await approveAndReturn(second.url)
    gateway.clock.advance(3)
    const next = gateway.poll()
    await waitForStatus(gateway, second.id, 'COMPLETED')
    expect(gateway.logged()).not.toContain('PROVIDER_TIMEOUT')
    await Promise.all([round, next])
    expect(gateway.logged()).toContain('PROVIDER_TIMEOUT')
    // No second poll of the hanging provider was started meanwhile.
    expect(await countReads(gateway, fivetranReads)).toBe(1)
  })

  test('does not delay a webhook delivery of another provider', async () => {
    const gateway = await openHanging()
    const link = await gateway.createLink('PIPEDREAM', 'github')
    // The link is locked when the delivery arrives, so that the delivery has to be retried.
    const checkLockExpiresAt = new Date(gateway.clock.now().getTime() + 3_000)
    await gateway.connect.db.updateTable('connectLinks').set({ checkLockExpiresAt }).execute()
    await submitProviderPage(link.url, 'approve')
    gateway.clock.advance(6)
    const round = gateway.poll()

    await waitForStatus(gateway, link.id, 'COMPLETED')
    expect(gateway.logged()).not.toContain('PROVIDER_TIMEOUT')
    await round
    expect(gateway.logged()).toContain('PROVIDER_TIMEOUT')
  })
})
