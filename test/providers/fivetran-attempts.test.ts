import { describe, expect, test } from 'vitest'
import type { Attempt, LinkRequest } from '../../src/providers/adapter.ts'
import { fivetran } from '../../src/providers/fivetran/fivetran.ts'
import { call, type Opened, openProvider } from './open.ts'

const setting = {
  definition: fivetran,
  standard: { connectorKey: 'github', connectorName: 'GitHub', direction: 'SOURCE' },
} as const

type Wish = Partial<LinkRequest<unknown>>

const linkId = 'b1e0c3a2-5c0e-4b5e-9d1c-0a1b2c3d4e5f'
const start = new Date('2026-11-22T12:00:00Z')
const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  since: start,
  isRetry: true,
  isClaimed: async () => false,
  ...more,
})

/** What was asked of Fivetran, beginning with what `act` asks. */
async function sentBy(provider: Opened, act: () => Promise<unknown>) {
  await provider.forgetRequests()
  await act()
  return (await provider.requests()).map(
    ({ method, path }) => `${method} ${path.split('?')[0]?.replace('/fivetran/v1', '')}`,
  )
}

/** What an attempt has left at Fivetran that came to no end on our side. */
async function leftBehind(wish: Wish) {
  const provider = await openProvider(setting)
  const { pendingConnection, url } = await provider.openLink({ linkId, ...wish })
  return { provider, id: pendingConnection?.remoteId ?? '', url }
}

const connectionsOf = async (provider: Opened) =>
  (await provider.connections()).map(({ remoteId }) => remoteId)

describe('a second attempt', () => {
  test.each(['github', 'google_sheets', 'postgres', 's3'])(
    'finds what the first one has made before it sends anything: %s',
    async (connectorKey) => {
      const { provider, id } = await leftBehind({ connectorKey })
      const retried = async () => {
        const redirectUri = 'https://app.example.com/other'
        const { pendingConnection, url } = await provider.openLink({
          linkId,
          connectorKey,
          redirectUri,
          attempt: attempt(),
        })
        expect(pendingConnection?.remoteId).toBe(id)
        const sent = await provider.decide(url, 'approve')
        expect(sent.headers.get('location')).toBe(redirectUri)
      }
      expect(await sentBy(provider, retried)).toEqual([
        'GET /groups/sandbox_group/connections',
        `POST /connections/${id}/connect-card`,
      ])
      expect(await connectionsOf(provider)).toEqual([id])
    },
  )

  test('makes the connection when the first one has not', async () => {
    const provider = await openProvider(setting)
    const sent = await sentBy(provider, () => provider.openLink({ linkId, attempt: attempt() }))
    expect(sent).toEqual(['GET /groups/sandbox_group/connections', 'POST /connections'])
  })

  test('sends nothing while it cannot look, and does not call that a refusal', async () => {
    const { provider } = await leftBehind({})
    await provider.fault({ method: 'GET', path: '/groups/', status: 403 })
    const sent = await sentBy(provider, () =>
      expect(provider.openLink({ linkId, attempt: attempt() })).rejects.toMatchObject({
        code: 'PROVIDER_UNAUTHORIZED',
        mayHaveActed: true,
      }),
    )
    expect(sent).toEqual(['GET /groups/sandbox_group/connections'])
  })

  test('looks in the group that was asked for', async () => {
    const { provider, id } = await leftBehind({ options: { groupId: 'sandbox_group' } })
    const wish = { linkId, options: { groupId: 'sandbox_group' }, attempt: attempt() }
    expect((await provider.openLink(wish)).pendingConnection?.remoteId).toBe(id)
    const elsewhere = { ...wish, options: { groupId: 'other_group' } }
    await expect(provider.openLink(elsewhere)).rejects.toMatchObject({ code: 'PROVIDER_REJECTED' })
    expect((await provider.requests()).at(-1)?.path).toContain('/groups/other_group/')
  })

  test('knows a name that is its own whenever it was made', async () => {
    const { provider, id } = await leftBehind({})
    const since = new Date('2027-01-01T00:00:00Z')
    const { pendingConnection } = await provider.openLink({ linkId, attempt: attempt({ since }) })
    expect(pendingConnection?.remoteId).toBe(id)
  })
})

describe.each([
  ['as an option', { schema: 'mine' }],
  ['inside the configuration', { config: { schema: 'mine' } }],
])('a name that the caller chose %s', (_, options) => {
  test.each([
    ['the moment', start],
    ['the second', new Date('2026-11-22T12:00:00.999Z')],
  ])('is adopted from %s of the first attempt on', async (_name, since) => {
    const { provider, id } = await leftBehind({ options })
    const { pendingConnection } = await provider.openLink({ linkId, options, attempt: attempt({ since }) })
    expect(pendingConnection?.remoteId).toBe(id)
  })

  test.each([
    ['is older', {}, { since: new Date('2026-11-22T12:00:01Z') }],
    ['is claimed by another link', {}, { isClaimed: async () => true }],
    ['is of another service', { connectorKey: 'gitlab' }, {}],
  ])('is not adopted when what carries it %s', async (_name, wish, more) => {
    const { provider, id } = await leftBehind({ options, ...wish })
    const failing = provider.openLink({ linkId, options, attempt: attempt(more) })
    await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_REJECTED', providerErrorCode: 'Conflict' })
    expect(await connectionsOf(provider)).toEqual([id])
  })

  test('is not adopted when somebody has connected it', async () => {
    const { provider, id, url } = await leftBehind({ options })
    await provider.decide(url, 'approve')
    const failing = provider.openLink({ linkId, options, attempt: attempt() })
    await expect(failing).rejects.toMatchObject({ providerErrorCode: 'Conflict' })
    const reference = { remoteId: id, direction: 'SOURCE', connectorKey: 'github' } as const
    expect(await provider.adapter.getConnection(reference, call)).toMatchObject({ status: 'PAUSED' })
  })
})

test('a connection under an own name is not adopted when another link stands for it', async () => {
  const { provider } = await leftBehind({})
  const asked: string[] = []
  const isClaimed = async (id: string) => asked.push(id) > 0
  const failing = provider.openLink({ linkId, attempt: attempt({ isClaimed }) })
  await expect(failing).rejects.toMatchObject({ providerErrorCode: 'Conflict' })
  // Once before the call, once after its refusal.
  expect(new Set(asked)).toEqual(new Set(await connectionsOf(provider)))
})

describe('a first attempt', () => {
  test.each(['reset', 'truncate', 'html'] as const)(
    'whose answer is lost by a %s takes what is there',
    async (kind) => {
      const { provider, id } = await leftBehind({})
      await provider.fault({ method: 'POST', path: '/v1/connections', times: 1, kind })
      const sent = await sentBy(provider, async () => {
        const { pendingConnection } = await provider.openLink({
          linkId,
          attempt: attempt({ isRetry: false }),
        })
        expect(pendingConnection?.remoteId).toBe(id)
      })
      expect(sent).toEqual([
        'POST /connections',
        'GET /groups/sandbox_group/connections',
        `POST /connections/${id}/connect-card`,
      ])
    },
  )

  test('whose answer is lost and that finds nothing fails as unknown', async () => {
    const provider = await openProvider(setting)
    await provider.fault({ method: 'POST', path: '/v1/connections', kind: 'reset' })
    const unknown = { code: 'PROVIDER_UNAVAILABLE', mayHaveActed: true }
    await expect(provider.openLink({ linkId })).rejects.toMatchObject(unknown)
    await provider.fault({ method: 'GET', path: '/groups/', status: 401 })
    await expect(provider.openLink({ linkId })).rejects.toMatchObject(unknown)
  })

  test('that is refused does not look', async () => {
    const { provider } = await leftBehind({})
    const sent = await sentBy(provider, () =>
      expect(provider.openLink({ linkId })).rejects.toMatchObject({ mayHaveActed: false }),
    )
    expect(sent).toEqual(['POST /connections'])
  })
})

test('what a retry adopts and gets no card for is deleted like any other', async () => {
  const { provider, id } = await leftBehind({})
  await provider.fault({ method: 'POST', path: '/connect-card', status: 500 })
  const failing = provider.openLink({ linkId, attempt: attempt() })
  await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  expect(await connectionsOf(provider)).not.toContain(id)
})
