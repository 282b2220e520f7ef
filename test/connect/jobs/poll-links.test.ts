import { describe, expect, test } from 'vitest'
import { providerFixtures } from '../../fixtures/providers.ts'
import { createTestClock } from '../../helpers/clock.ts'
import { followReturnUrl, submitLinkPage, submitProviderPage } from '../../helpers/gateway.ts'
import { providerVariants } from '../../helpers/providers.ts'
import { openSandbox } from '../../sandbox/open.ts'
import { openGateway } from '../gateway.ts'
import { clearRequests, countReads, historyLines, linkRow, requests } from '../observe.ts'

/** Creates open links of different end users to one connector; returns the requests of one round. */
async function readsForLinks(count: number, provider: 'XPANDER' | 'CENSUS') {
  const gateway = await openGateway()
  for (let index = 0; index < count; index += 1)
    await gateway.createLink(provider, providerFixtures[provider].connectorKey, {
      endUser: { id: `user-${index}` },
    })
  await clearRequests(gateway)
  gateway.clock.advance(3)
  await gateway.poll()
  return (await requests(gateway)).map(({ method, path }) => `${method} ${path}`)
}

describe('a round of the poller', () => {
  test('sends as many requests for ten links of one xpander connector as for one', async () => {
    const one = await readsForLinks(1, 'XPANDER')
    expect(one).toHaveLength(1)
    expect(await readsForLinks(10, 'XPANDER')).toEqual(one)
  })

  test('reads the list of a Census group once for ten links, and each link once', async () => {
    const lists = (calls: readonly string[]) =>
      calls.filter((call) => call.startsWith('GET /census/api/v2/activations?'))
    const one = await readsForLinks(1, 'CENSUS')
    const ten = await readsForLinks(10, 'CENSUS')
    expect(lists(one)).toHaveLength(1)
    expect(lists(ten)).toEqual(lists(one))
    expect(ten).toHaveLength(11)
  })

  test('does not poll a link that is not due', async () => {
    const gateway = await openGateway()
    await gateway.createLink('FIVETRAN', 'hubspot')
    await clearRequests(gateway)
    gateway.clock.advance(1.9)
    await gateway.poll()
    expect(await countReads(gateway, '/fivetran/v1/connections/')).toBe(0)

    gateway.clock.advance(0.1)
    await gateway.poll()
    await gateway.poll()
    expect(await countReads(gateway, '/fivetran/v1/connections/')).toBe(1)
  })
})

describe('the last check of a link', () => {
  test('completes a link that was approved just before it expires', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('FIVETRAN', 'hubspot', { expiresInSeconds: 60 })
    gateway.clock.advance(59)
    await submitProviderPage(link.url, 'approve')
    gateway.clock.advance(1)
    await gateway.poll()

    expect(await historyLines(gateway, link.id)).toEqual([
      'CREATED by API_CALL',
      'OPENED by HOSTED_PAGE',
      'COMPLETED by PROVIDER_POLL',
    ])
  })

  test('is made at `expiresAt`, and the link is EXPIRED after it', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('FIVETRAN', 'hubspot', { expiresInSeconds: 60 })
    await clearRequests(gateway)
    gateway.clock.advance(59)
    await gateway.poll()
    expect(await linkRow(gateway, link.id)).toMatchObject({ status: 'CREATED' })
    gateway.clock.advance(1)
    await gateway.poll()

    expect(await linkRow(gateway, link.id)).toMatchObject({ status: 'EXPIRED' })
    expect(await historyLines(gateway, link.id)).toEqual(['CREATED by API_CALL', 'EXPIRED by TIMEOUT'])
    // At 59 and 60 seconds, and once more before the pending connection is removed.
    expect(await countReads(gateway, '/fivetran/v1/connections/')).toBe(3)
    const sent = await requests(gateway)
    expect(sent.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
  })
})

describe('without webhooks', () => {
  test.each(providerVariants)(
    'a link of %s %o completes by polling, even after a restart at another URL',
    async (provider, env) => {
      const clock = createTestClock()
      const sandbox = await openSandbox({ clock })
      const before = await openGateway({ sandbox, clock, env })
      const link = await before.createLink(provider, providerFixtures[provider].connectorKey)
      const page = await submitLinkPage(link.url)
      await before.close()
      // The webhook of the first gateway is not delivered any more.
      const { location } = await submitProviderPage(page, 'approve')

      const after = await openGateway({ sandbox, clock, env, keepData: true })
      if (providerFixtures[provider].isAttributedByReturn)
        await followReturnUrl(location?.replace(before.url, after.url) ?? null)
      clock.advance(31)
      await after.poll()

      expect((await historyLines(after, link.id)).at(-1)).toBe('COMPLETED by PROVIDER_POLL')
      expect((await after.readLink(link.id)).connection).toMatchObject({ status: 'ACTIVE' })
    },
  )
})
