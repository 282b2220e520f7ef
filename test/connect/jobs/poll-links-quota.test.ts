import { describe, expect, test } from 'vitest'
import { connectorOf } from '../../graphql/open.ts'
import { decide } from '../../helpers/gateway.ts'
import { openGateway } from '../gateway.ts'
import { countAnew, reached, readsOf } from '../observe.ts'

const fivetranReads = '/fivetran/v1/connections/'
const censusReads = '/census/api/v2/activation_connect_links/'

describe('the quota of a provider', () => {
  test('is what a minute of polling keeps to, and more links wait for their turn', async () => {
    const gateway = await openGateway()
    const perMinute = 60
    for (let index = 0; index < 90; index += 1) await gateway.createLink('FIVETRAN', 'hubspot')
    await countAnew(gateway)
    gateway.clock.advance(3)
    for (let round = 0; round < 5; round += 1) await gateway.poll()
    expect(await readsOf(gateway, fivetranReads)).toBe(perMinute)

    gateway.clock.advance(0.5)
    await gateway.poll()
    expect(await readsOf(gateway, fivetranReads)).toBe(perMinute)
    // The clock moves on, and those that have waited longest are asked about first.
    gateway.clock.advance(30)
    await gateway.poll()
    expect(await readsOf(gateway, fivetranReads)).toBe(90)
  })
})

describe('a provider that wants to be left alone', () => {
  test('is left alone for as long as it says, and the others are not', async () => {
    const gateway = await openGateway()
    await gateway.createLink('FIVETRAN', 'hubspot')
    await gateway.createLink('CENSUS', 'hubspot')
    await countAnew(gateway)
    const fault = { provider: 'fivetran', times: 1, status: 429, headers: { 'retry-after': '120' } }
    await gateway.control('POST', 'faults', fault)
    gateway.clock.advance(3)
    await gateway.poll()
    expect(await readsOf(gateway, fivetranReads)).toBe(1)

    for (let round = 1; round <= 2; round += 1) {
      gateway.clock.advance(59)
      await gateway.poll()
      expect(await readsOf(gateway, fivetranReads)).toBe(1)
      expect(await readsOf(gateway, censusReads)).toBe(1 + round)
    }
    gateway.clock.advance(2)
    await gateway.poll()
    expect(await readsOf(gateway, fivetranReads)).toBe(2)
  })

  test('and does not say for how long is left alone for a while', async () => {
    const gateway = await openGateway()
    await gateway.createLink('FIVETRAN', 'hubspot')
    await countAnew(gateway)
    await gateway.control('POST', 'faults', { provider: 'fivetran', times: 1, status: 429 })
    gateway.clock.advance(3)
    await gateway.poll()
    gateway.clock.advance(30)
    await gateway.poll()
    expect(await readsOf(gateway, fivetranReads)).toBe(1)

    gateway.clock.advance(120)
    await gateway.poll()
    expect(await readsOf(gateway, fivetranReads)).toBe(2)
  })
})

describe('a provider that does not answer', () => {
  const hang = { provider: 'fivetran', method: 'GET', path: '/v1/connections/', times: 1, delayMs: 600_000 }

  /** An open link of Fivetran, whose next read hangs until the gateway gives up. */
  async function hanging() {
    const gateway = await openGateway({ providerDeadlineMs: 6_000 })
    await gateway.createLink('FIVETRAN', 'hubspot')
    await countAnew(gateway)
    await gateway.control('POST', 'faults', hang)
    return gateway
  }

  test('does not hold up the links of another one, in this round or the next', async () => {
    const gateway = await hanging()
    const first = await gateway.createLink('CENSUS', connectorOf.CENSUS)
    await decide(first.url, 'approve')
    gateway.clock.advance(3)
    const round = gateway.poll()
    await reached(gateway, first.id, 'COMPLETED')

    const second = await gateway.createLink('CENSUS', connectorOf.CENSUS)
    await decide(second.url, 'approve')
    gateway.clock.advance(3)
    const next = gateway.poll()
    await reached(gateway, second.id, 'COMPLETED')
    expect(gateway.logged()).not.toContain('PROVIDER_TIMEOUT')
    await Promise.all([round, next])
    expect(gateway.logged()).toContain('PROVIDER_TIMEOUT')
    // The one that hangs was not asked a second time meanwhile.
    expect(await readsOf(gateway, fivetranReads)).toBe(1)
  })

  test('does not hold up what another one has reported', async () => {
    const gateway = await hanging()
    const link = await gateway.createLink('PIPEDREAM', 'github')
    // Somebody asks about the link when its failure is reported, so that it has to be handled later.
    const checkLockExpiresAt = new Date(gateway.clock.now().getTime() + 3_000)
    await gateway.connect.db.updateTable('connectLinks').set({ checkLockExpiresAt }).execute()
    await decide(link.url, 'deny')
    gateway.clock.advance(6)
    const round = gateway.poll()

    await reached(gateway, link.id, 'FAILED')
    expect(gateway.logged()).not.toContain('PROVIDER_TIMEOUT')
    await round
    expect(gateway.logged()).toContain('PROVIDER_TIMEOUT')
  })
})
