import { describe, expect, test } from 'vitest'
import { ConnectLinkDocument } from '../generated/graphql.ts'
import { comeBack, decide, goThrough, startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { madeLink, settled } from './open.ts'

const own = 'https://app.example.com/done?state=a%20b&status=mine'
const ownForFailures = 'https://app.example.com/sorry?state=c%2Fd'
const addresses = { redirectUri: own, errorRedirectUri: ownForFailures }

const statusOf = async ({ send }: TestGateway, id: string) =>
  (await send(ConnectLinkDocument, { id })).connectLink?.status

const parametersOf = (address: string | null) => [...new URL(address ?? '').searchParams]

/** The addresses that the provider was told to send the browser back to. */
async function wayBackOf(gateway: TestGateway) {
  const text = await (await gateway.control('GET', 'requests')).text()
  const [token = ''] = text.match(/(?<=\/return\/)[\w-]{43}(?=\/success)/g)?.slice(-1) ?? []
  if (token === '') throw new Error('no provider was told the way back')
  return (path: 'success' | 'error') => `${gateway.url}/return/${token}/${path}`
}

describe('whoever comes back from the provider', () => {
  test.each(['FIVETRAN', 'CENSUS', 'PIPEDREAM'] as const)(
    'after success at %s is told so, and the query of the application is kept as it was',
    async (provider) => {
      const gateway = await startTestGateway()
      const link = await madeLink(gateway, provider, addresses)
      const { location } = await decide(link.url ?? '', 'approve')
      const address = await comeBack(location)
      expect(address?.startsWith(`${own}&`)).toBe(true)
      expect(parametersOf(address)).toEqual([
        ['state', 'a b'],
        ['status', 'mine'],
        ['connect_link_id', link.id],
        ['status', 'success'],
      ])
    },
  )

  test('after a failure is told so at the other address, and why', async () => {
    const gateway = await startTestGateway()
    const link = await madeLink(gateway, 'PIPEDREAM', addresses)
    const { location } = await decide(link.url ?? '', 'deny')
    await settled(gateway, link.id, /FAILED/)
    const address = await comeBack(location)
    expect(address?.startsWith(`${ownForFailures}&`)).toBe(true)
    expect(parametersOf(address)).toEqual([
      ['state', 'c/d'],
      ['connect_link_id', link.id],
      ['status', 'failed'],
      ['error', expect.stringMatching(/\S/)],
    ])
  })

  test('after a failure goes to the one address when there is no other', async () => {
    const gateway = await startTestGateway()
    const link = await madeLink(gateway, 'PIPEDREAM', { redirectUri: own })
    const { location } = await decide(link.url ?? '', 'deny')
    await settled(gateway, link.id, /FAILED/)
    const address = await comeBack(location)
    expect(address?.startsWith(`${own}&`)).toBe(true)
    expect(parametersOf(address)).toContainEqual(['status', 'failed'])
  })

  test('stays on a page of the gateway when the application named no address', async () => {
    const gateway = await startTestGateway()
    const { url } = await madeLink(gateway, 'PIPEDREAM')
    const { location } = await decide(url ?? '', 'approve')
    const landed = await fetch(location ?? '', { redirect: 'manual' })
    expect([landed.status, landed.headers.get('location')]).toEqual([200, null])
  })

  test('gets the same answer twice', async () => {
    const gateway = await startTestGateway()
    const { url } = await madeLink(gateway, 'PIPEDREAM', addresses)
    const { location } = await decide(url ?? '', 'approve')
    const address = await comeBack(location)
    expect(await comeBack(location)).toBe(address)
  })

  test('is told nothing that a log or another site could use: no referrer, no cache', async () => {
    const gateway = await startTestGateway()
    const { url } = await madeLink(gateway, 'PIPEDREAM', addresses)
    const { location } = await decide(url ?? '', 'approve')
    const { headers } = await fetch(location ?? '', { redirect: 'manual' })
    expect([headers.get('referrer-policy'), headers.get('cache-control')]).toEqual([
      'no-referrer',
      'no-store',
    ])
  })
})

describe.each(['FIVETRAN', 'CENSUS', 'PIPEDREAM'] as const)('a forged return from %s', (provider) => {
  test.each(['success', 'error'] as const)('by the path %s ends nothing', async (path) => {
    const gateway = await startTestGateway({ maxWaitMs: 20 })
    const { id, url } = await madeLink(gateway, provider, addresses)
    await goThrough(url ?? '')
    const back = (await wayBackOf(gateway))(path)
    const all = await Promise.all([back, back, back].map(comeBack))
    for (const address of all) {
      expect(address?.startsWith(path === 'success' ? own : ownForFailures)).toBe(true)
      expect(parametersOf(address)).toContainEqual(['status', 'pending'])
      expect(parametersOf(address).filter(([name]) => name === 'error')).toEqual([])
    }
    gateway.clock.advance(60)
    await gateway.poll()
    expect(await statusOf(gateway, id)).toBe('AUTHORIZING')
    // The end user can still go through and finish.
    const { location } = await decide(url ?? '', 'approve')
    await comeBack(location)
    await settled(gateway, id, /COMPLETED/)
  })
})

test.each(['success', 'error'])('nobody comes back with a token that never was: %s', async (path) => {
  const gateway = await startTestGateway()
  const { url } = await madeLink(gateway, 'PIPEDREAM', addresses)
  const doorToken = url?.split('/').at(-1)
  for (const token of ['A'.repeat(43), doorToken, 'x', 'A'.repeat(100), `${doorToken}%2f..`]) {
    const answer = await fetch(`${gateway.url}/return/${token}/${path}`, { redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([404, null])
  }
})
