import { describe, expect, test } from 'vitest'
import { connectorOf } from '../../graphql/open.ts'
import { createTestClock } from '../../helpers/clock.ts'
import { decide, goThrough } from '../../helpers/gateway.ts'
import { openSandbox } from '../../sandbox/open.ts'
import { openGateway } from '../gateway.ts'
import { countAnew, linkRow, readsOf, requests, stepsOf } from '../observe.ts'

/** That many open links of different people to one connector, and what one round asks about them. */
async function readsForLinks(count: number, provider: 'XPANDER' | 'CENSUS') {
  const gateway = await openGateway()
  for (let index = 0; index < count; index += 1)
    await gateway.createLink(provider, connectorOf[provider], { endUser: { id: `user-${index}` } })
  await countAnew(gateway)
  gateway.clock.advance(3)
  await gateway.poll()
  return (await requests(gateway)).map(({ method, path }) => `${method} ${path}`)
}

describe('a round of the poller', () => {
  test('asks about ten open links to one xpander connector as often as about one', async () => {
    const one = await readsForLinks(1, 'XPANDER')
    expect(one).toHaveLength(1)
    expect(await readsForLinks(10, 'XPANDER')).toEqual(one)
  })

  test('reads the list of a Census group once for ten links, beside each link itself', async () => {
    const lists = (calls: readonly string[]) =>
      calls.filter((call) => call.startsWith('GET /census/api/v2/activations?'))
    const one = await readsForLinks(1, 'CENSUS')
    const ten = await readsForLinks(10, 'CENSUS')
    expect(lists(one)).toHaveLength(1)
    expect(lists(ten)).toEqual(lists(one))
    expect(ten).toHaveLength(11)
  })

  test('asks about nothing that is not due', async () => {
    const gateway = await openGateway()
    await gateway.createLink('FIVETRAN', 'hubspot')
    await countAnew(gateway)
    gateway.clock.advance(1.9)
    await gateway.poll()
    expect(await readsOf(gateway, '/fivetran/v1/connections/')).toBe(0)

    gateway.clock.advance(0.1)
    await gateway.poll()
    await gateway.poll()
    expect(await readsOf(gateway, '/fivetran/v1/connections/')).toBe(1)
  })
})

describe('the last look at a link', () => {
  test('completes what was approved just before its end', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('FIVETRAN', 'hubspot', { expiresInSeconds: 60 })
    gateway.clock.advance(59)
    await decide(link.url, 'approve')
    gateway.clock.advance(1)
    await gateway.poll()

    expect(await stepsOf(gateway, link.id)).toEqual([
      'CREATED by API_CALL',
      'OPENED by HOSTED_PAGE',
      'COMPLETED by PROVIDER_POLL',
    ])
  })

  test('is taken at the very end, and after it the link has expired', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('FIVETRAN', 'hubspot', { expiresInSeconds: 60 })
    await countAnew(gateway)
    gateway.clock.advance(59)
    await gateway.poll()
    expect(await linkRow(gateway, link.id)).toMatchObject({ status: 'CREATED' })
    gateway.clock.advance(1)
    await gateway.poll()

    expect(await linkRow(gateway, link.id)).toMatchObject({ status: 'EXPIRED' })
    expect(await stepsOf(gateway, link.id)).toEqual(['CREATED by API_CALL', 'EXPIRED by TIMEOUT'])
    // At 59 and 60 seconds, and once more before the half-made connection goes.
    expect(await readsOf(gateway, '/fivetran/v1/connections/')).toBe(3)
    const made = await requests(gateway)
    expect(made.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
  })
})

describe('without any webhook', () => {
  test.each([
    ['FIVETRAN', {}],
    ['CENSUS', {}],
    ['CENSUS', { CENSUS_API_VERSION: '1' }],
    ['PIPEDREAM', {}],
    ['XPANDER', {}],
  ] as const)(
    'a link of %s %o completes by polling, after a restart and at another address too',
    async (provider, env) => {
      const clock = createTestClock()
      const sandbox = await openSandbox({ clock })
      const before = await openGateway({ sandbox, clock, env })
      const link = await before.createLink(provider, connectorOf[provider])
      const page = await goThrough(link.url)
      await before.close()
      // Whatever is posted to the first gateway now, nobody hears.
      await decide(page, 'approve')

      const after = await openGateway({ sandbox, clock, env, keepData: true })
      clock.advance(31)
      await after.poll()

      expect((await stepsOf(after, link.id)).at(-1)).toBe('COMPLETED by PROVIDER_POLL')
      expect((await after.readLink(link.id)).connection).toMatchObject({ status: 'ACTIVE' })
    },
  )
})
