import { describe, expect, test } from 'vitest'
import type { Attempt, LinkRequest } from '../../src/providers/adapter.ts'
import { xpander } from '../../src/providers/xpander/xpander.ts'
import { xpanderConnectors } from '../../src/sandbox/vendors/xpander/connector-list.ts'
import { type Opened, openProvider } from './open.ts'

const named = (wanted: string) => {
  const connectorKey = xpanderConnectors.find(({ name }) => name === wanted)?.id ?? ''
  return { connectorKey, connectorName: wanted }
}

const setting = { definition: xpander, standard: { ...named('Stripe'), direction: 'TOOL' } } as const

const linkId = 'b1e0c3a2-5c0e-4b5e-9d1c-0a1b2c3d4e5f'
const security = { authMethod: 'apiKey', apiKey: 'the-secret-value' }
const wish: Partial<LinkRequest<unknown>> = { linkId, options: { security } }
const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  since: new Date('2026-11-22T12:00:00Z'),
  isRetry: true,
  isClaimed: async () => false,
  ...more,
})

const posts = async ({ requests }: Opened) =>
  (await requests()).filter(({ method }) => method === 'POST').length

const idOf = async (making: ReturnType<Opened['createLink']>) => {
  const outcome = await making
  return outcome.kind === 'connected' ? outcome.connection.remoteId : outcome.kind
}

describe.each(['connectors', 'tools'])('in the family "%s", a second attempt', (family) => {
  const inFamily = { ...setting, environment: { XPANDER_API_FAMILY: family } }

  test.each([
    ['with credentials', wish],
    ['without authorisation', { linkId, ...named('Hacker News') }],
  ])('%s finds what the first one has made and connects nothing', async (_, first) => {
    const provider = await openProvider(inFamily)
    const id = await idOf(provider.createLink(first))
    expect(await idOf(provider.createLink({ ...first, attempt: attempt() }))).toBe(id)
    expect(await posts(provider)).toBe(1)
    expect(await provider.connections()).toHaveLength(1)
  })

  test('connects when the first one has not', async () => {
    const provider = await openProvider(inFamily)
    // Of the same connector, and not of this link.
    const other = await idOf(provider.createLink({ options: { security } }))
    expect(await idOf(provider.createLink({ ...wish, attempt: attempt() }))).not.toBe(other)
    expect(await posts(provider)).toBe(2)
  })

  test('sends nothing while it cannot look, and does not call that a refusal', async () => {
    const provider = await openProvider(inFamily)
    await provider.fault({ method: 'GET', status: 429 })
    await expect(provider.createLink({ ...wish, attempt: attempt() })).rejects.toMatchObject({
      code: 'PROVIDER_RATE_LIMITED',
      mayHaveActed: true,
    })
    expect(await posts(provider)).toBe(0)
  })

  test('leaves alone what another link stands for', async () => {
    const provider = await openProvider(inFamily)
    const id = await idOf(provider.createLink(wish))
    const isClaimed = async (remoteId: string) => remoteId === id
    expect(await idOf(provider.createLink({ ...wish, attempt: attempt({ isClaimed }) }))).not.toBe(id)
  })
})

describe('a first attempt', () => {
  test.each(['reset', 'truncate', 'html'] as const)(
    'whose answer is lost by a %s finds what it has made',
    async (kind) => {
      const provider = await openProvider(setting)
      // The sandbox loses answers without acting: what the call would have made is there already.
      const id = await idOf(provider.createLink(wish))
      await provider.fault({ method: 'POST', times: 1, kind })
      expect(await idOf(provider.createLink(wish))).toBe(id)
      expect(await provider.connections()).toHaveLength(1)
    },
  )

  test('whose answer is lost and that finds nothing, or cannot look, fails as unknown', async () => {
    const provider = await openProvider(setting)
    await provider.createLink({ options: { security } })
    await provider.fault({ method: 'POST', kind: 'reset' })
    const unknown = { code: 'PROVIDER_UNAVAILABLE', mayHaveActed: true }
    await expect(provider.createLink(wish)).rejects.toMatchObject(unknown)
    await provider.fault({ method: 'GET', status: 401 })
    await expect(provider.createLink(wish)).rejects.toMatchObject(unknown)
    expect(provider.logged()).not.toContain('the-secret')
  })

  test('that is refused does not look', async () => {
    const provider = await openProvider(setting)
    await expect(provider.createLink({ linkId, options: { security: {} } })).rejects.toMatchObject({
      mayHaveActed: false,
    })
    expect((await provider.requests()).map(({ method }) => method)).toEqual(['POST'])
  })
})

test('a second attempt at a page tells apart what is there by then', async () => {
  const provider = await openProvider(setting)
  const calendar = { linkId, ...named('Google Calendar') }
  const first = await provider.openLink(calendar)
  await provider.decide(first.url, 'approve', { name: 'of somebody else' })
  const { link } = await provider.openLink({ ...calendar, attempt: attempt() })
  expect(await provider.adapter.checkLink(link, { signal: new AbortController().signal })).toEqual({
    kind: 'open',
  })
})
