import { describe, expect, test } from 'vitest'
import { backgroundWork } from '../../src/http/http-types.ts'
import type { Attempt, LinkRequest } from '../../src/providers/adapter.ts'
import { xpander } from '../../src/providers/xpander/xpander.ts'
import { xpanderConnectors } from '../../src/sandbox/vendors/xpander/connector-list.ts'
import { openProvider, type TestProvider } from './open.ts'

const connectorByName = (connectorName: string) => {
  const connectorKey = xpanderConnectors.find(({ name }) => name === connectorName)?.id ?? ''
  return { connectorKey, connectorName }
}

const setup = {
  definition: xpander,
  linkDefaults: { ...connectorByName('Stripe'), direction: 'TOOL' },
} as const

const linkId = 'b1e0c3a2-5c0e-4b5e-9d1c-0a1b2c3d4e5f'
const security = { authMethod: 'apiKey', apiKey: 'the-secret-value' }
const overrides: Partial<LinkRequest<unknown>> = { linkId, options: { security } }
const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  since: new Date('2026-11-22T12:00:00Z'),
  isRetry: true,
  isClaimed: async () => false,
  ...more,
})

const posts = async ({ requests }: TestProvider) =>
  (await requests()).filter(({ method }) => method === 'POST').length

const idOf = async (creation: ReturnType<TestProvider['createLink']>) => {
  const outcome = await creation
  return outcome.kind === 'connected' ? outcome.connection.remoteId : outcome.kind
}

describe.each(['connectors', 'tools'])('a retry in the API family "%s"', (family) => {
  const inFamily = { ...setup, environment: { XPANDER_API_FAMILY: family } }

  test.each([
    ['with credentials', overrides],
    ['without authorization', { linkId, ...connectorByName('HackerNews'), options: { security: {} } }],
  ])('%s finds the connection of the first attempt and creates none', async (_, first) => {
    const provider = await openProvider(inFamily)
    const id = await idOf(provider.createLink(first))
    expect(await idOf(provider.createLink({ ...first, attempt: attempt() }))).toBe(id)
    expect(await posts(provider)).toBe(1)
    expect(await provider.connections()).toHaveLength(1)
  })

  test('connects if the first attempt has not', async () => {
    const provider = await openProvider(inFamily)
    // A connection of the same connector but of another link.
    const other = await idOf(provider.createLink({ options: { security } }))
    expect(await idOf(provider.createLink({ ...overrides, attempt: attempt() }))).not.toBe(other)
    expect(await posts(provider)).toBe(2)
  })

  test('creates nothing if the lookup fails, and reports that the first attempt may have acted', async () => {
    const provider = await openProvider(inFamily)
    await provider.fault({ method: 'GET', status: 429 })
    await expect(provider.createLink({ ...overrides, attempt: attempt() })).rejects.toMatchObject({
      code: 'PROVIDER_RATE_LIMITED',
      mayHaveActed: true,
    })
    expect(await posts(provider)).toBe(0)
  })

  test('does not adopt a connection that another link has claimed', async () => {
    const provider = await openProvider(inFamily)
    const id = await idOf(provider.createLink(overrides))
    const isClaimed = async (remoteId: string) => remoteId === id
    expect(await idOf(provider.createLink({ ...overrides, attempt: attempt({ isClaimed }) }))).not.toBe(id)
  })
})

describe('a first attempt', () => {
  test.each(['reset', 'truncate', 'html'] as const)(
    'that loses its response (%s) finds the connection that it has created',
    async (kind) => {
      const provider = await openProvider(setup)
      // A sandbox fault loses the response without executing the call: the connection is created beforehand.
      const id = await idOf(provider.createLink(overrides))
      await provider.fault({ method: 'POST', times: 1, kind })
      expect(await idOf(provider.createLink(overrides))).toBe(id)
      expect(await provider.connections()).toHaveLength(1)
    },
  )

  test('that loses its response and finds no connection, or fails to look, reports an unknown outcome', async () => {
    const provider = await openProvider(setup)
    await provider.createLink({ options: { security } })
    await provider.fault({ method: 'POST', kind: 'reset' })
    const unknown = { code: 'PROVIDER_UNAVAILABLE', mayHaveActed: true }
    await expect(provider.createLink(overrides)).rejects.toMatchObject(unknown)
    await provider.fault({ method: 'GET', status: 401 })
    await expect(provider.createLink(overrides)).rejects.toMatchObject(unknown)
    expect(provider.logged()).not.toContain('the-secret')
  })

  test('that is rejected does not look for a connection', async () => {
    const provider = await openProvider(setup)
    const okta = { linkId, ...connectorByName('Okta'), options: { security: { authMethod: 'apiKey' } } }
    await expect(provider.createLink(okta)).rejects.toMatchObject({
      code: 'PROVIDER_REJECTED',
      message: expect.stringContaining('connect "Okta"'),
      mayHaveActed: false,
    })
    expect((await provider.requests()).map(({ method }) => method)).toEqual(['POST'])
  })
})

test('a retry with a page does not complete with a connection that was created before it', async () => {
  const provider = await openProvider(setup)
  const calendar = { linkId, ...connectorByName('Google Calendar') }
  const first = await provider.openLink(calendar)
  await provider.decide(first.url, 'approve', { name: 'of another user' })
  const { link } = await provider.openLink({ ...calendar, attempt: attempt() })
  expect(await provider.adapter.checkLink(link, backgroundWork())).toEqual({
    kind: 'open',
  })
})
