import { describe, expect, test } from 'vitest'
import type { Attempt, LinkRequest } from '../../src/providers/adapter.ts'
import { fivetran } from '../../src/providers/fivetran/fivetran.ts'
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts'
import { call, openProvider, type TestProvider } from './open.ts'

const setup = {
  definition: fivetran,
  linkDefaults: { connectorKey: 'github', connectorName: 'GitHub', direction: 'SOURCE' },
} as const

type LinkOverrides = Partial<LinkRequest<unknown>>

const linkId = 'b1e0c3a2-5c0e-4b5e-9d1c-0a1b2c3d4e5f'
const start = new Date('2026-11-22T12:00:00Z')
const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  since: start,
  isRetry: true,
  isClaimed: async () => false,
  ...more,
})

/** The requests that `act` sends to Fivetran. */
async function sentBy(provider: TestProvider, act: () => Promise<unknown>) {
  await provider.clearRequests()
  await act()
  return (await provider.requests()).map(
    ({ method, path }) => `${method} ${path.split('?')[0]?.replace('/fivetran/v1', '')}`,
  )
}

/** Creates a connection at Fivetran as an earlier attempt that was not recorded. */
async function createByFirstAttempt(overrides: LinkOverrides, sandboxOptions: SandboxOptions = {}) {
  const provider = await openProvider(setup, sandboxOptions)
  const { pendingConnection, url } = await provider.openLink({ linkId, ...overrides })
  return { provider, id: pendingConnection?.remoteId ?? '', url }
}

const connectionIds = async (provider: TestProvider) =>
  (await provider.connections()).map(({ remoteId }) => remoteId)

describe('a retry', () => {
  test.each(['github', 'google_sheets', 'postgres', 's3'])(
    'finds the connection of the first attempt instead of creating one: %s',
    async (connectorKey) => {
      const { provider, id } = await createByFirstAttempt({ connectorKey })
      const retry = async () => {
        const redirectUri = 'https://app.example.com/other'
        const { pendingConnection, url } = await provider.openLink({
          linkId,
          connectorKey,
          redirectUri,
          attempt: attempt(),
        })
        expect(pendingConnection?.remoteId).toBe(id)
        const response = await provider.decide(url, 'approve')
        expect(response.headers.get('location')).toBe(redirectUri)
      }
      expect(await sentBy(provider, retry)).toEqual([
        'GET /groups/sandbox_group/connections',
        `POST /connections/${id}/connect-card`,
      ])
      expect(await connectionIds(provider)).toEqual([id])
    },
  )

  test('creates the connection if the first attempt has not', async () => {
    const provider = await openProvider(setup)
    const sent = await sentBy(provider, () => provider.openLink({ linkId, attempt: attempt() }))
    expect(sent).toEqual(['GET /groups/sandbox_group/connections', 'POST /connections'])
  })

  test('creates nothing if the lookup fails, and reports that the first attempt may have acted', async () => {
    const { provider } = await createByFirstAttempt({})
    const body = { code: 'NoAccess', message: 'Not with this key' }
    await provider.fault({ method: 'GET', path: '/groups/', status: 403, body })
    const sent = await sentBy(provider, () =>
      expect(provider.openLink({ linkId, attempt: attempt() })).rejects.toMatchObject({
        code: 'PROVIDER_UNAUTHORIZED',
        providerErrorCode: 'NoAccess',
        providerMessage: 'Not with this key',
        mayHaveActed: true,
      }),
    )
    expect(sent).toEqual(['GET /groups/sandbox_group/connections'])
  })

  test('looks in the group of the request', async () => {
    const { provider, id } = await createByFirstAttempt({ options: { groupId: 'sandbox_group' } })
    const overrides = { linkId, options: { groupId: 'sandbox_group' }, attempt: attempt() }
    expect((await provider.openLink(overrides)).pendingConnection?.remoteId).toBe(id)
    const elsewhere = { ...overrides, options: { groupId: 'other_group' } }
    await expect(provider.openLink(elsewhere)).rejects.toMatchObject({ code: 'PROVIDER_REJECTED' })
    expect((await provider.requests()).at(-1)?.path).toContain('/groups/other_group/')
  })

  test('adopts a connection with a generated name regardless of its creation time', async () => {
    const { provider, id } = await createByFirstAttempt({})
    const since = new Date('2027-01-01T00:00:00Z')
    const { pendingConnection } = await provider.openLink({ linkId, attempt: attempt({ since }) })
    expect(pendingConnection?.remoteId).toBe(id)
  })
})

describe.each([
  ['as an option', { schema: 'mine' }],
  ['inside the configuration', { config: { schema: 'mine' } }],
])('a retry with a name set by the caller %s', (_, options) => {
  test.each([
    ['at the time', start],
    ['in the second', new Date('2026-11-22T12:00:00.999Z')],
  ])('adopts a connection created %s of the first attempt', async (_name, since) => {
    const { provider, id } = await createByFirstAttempt({ options })
    const { pendingConnection } = await provider.openLink({ linkId, options, attempt: attempt({ since }) })
    expect(pendingConnection?.remoteId).toBe(id)
  })

  test.each([-300, -90, 90, 300])('compares times although the clocks differ by %i s', async (offset) => {
    const clock = { now: () => new Date(start.getTime() + offset * 1000) }
    const { provider, id } = await createByFirstAttempt({ options }, { clock })
    const since = new Date('2026-11-22T12:00:03Z')
    const failing = provider.openLink({ linkId, options, attempt: attempt({ since }) })
    await expect(failing).rejects.toMatchObject({ providerErrorCode: 'Conflict' })
    const { pendingConnection } = await provider.openLink({ linkId, options, attempt: attempt() })
    expect(pendingConnection?.remoteId).toBe(id)
  })

  test.each([
    ['is older', {}, { since: new Date('2026-11-22T12:00:03Z') }],
    ['is claimed by another link', {}, { isClaimed: async () => true }],
    ['belongs to another service', { connectorKey: 'gitlab' }, {}],
  ])('does not adopt a connection that %s', async (_name, overrides, more) => {
    const { provider, id } = await createByFirstAttempt({ options, ...overrides })
    const failing = provider.openLink({ linkId, options, attempt: attempt(more) })
    await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_REJECTED', providerErrorCode: 'Conflict' })
    expect(await connectionIds(provider)).toEqual([id])
  })

  test('does not adopt a connection that is already authorized', async () => {
    const { provider, id, url } = await createByFirstAttempt({ options })
    await provider.decide(url, 'approve')
    const failing = provider.openLink({ linkId, options, attempt: attempt() })
    await expect(failing).rejects.toMatchObject({ providerErrorCode: 'Conflict' })
    const reference = { remoteId: id, direction: 'SOURCE', connectorKey: 'github' } as const
    expect(await provider.adapter.getConnection(reference, call)).toMatchObject({ status: 'PAUSED' })
  })
})

test('a retry does not adopt a connection with a generated name that another link has claimed', async () => {
  const { provider } = await createByFirstAttempt({})
  const checkedIds: string[] = []
  const isClaimed = async (id: string) => checkedIds.push(id) > 0
  const failing = provider.openLink({ linkId, attempt: attempt({ isClaimed }) })
  await expect(failing).rejects.toMatchObject({ providerErrorCode: 'Conflict' })
  // Checked once before the call and once after its rejection.
  expect(new Set(checkedIds)).toEqual(new Set(await connectionIds(provider)))
})

describe('a first attempt', () => {
  test.each(['reset', 'truncate', 'html'] as const)(
    'that loses its response (%s) adopts the existing connection',
    async (kind) => {
      const { provider, id } = await createByFirstAttempt({})
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

  test('that loses its response and finds no connection reports an unknown outcome', async () => {
    const provider = await openProvider(setup)
    await provider.fault({ method: 'POST', path: '/v1/connections', kind: 'reset' })
    const unknown = { code: 'PROVIDER_UNAVAILABLE', mayHaveActed: true }
    await expect(provider.openLink({ linkId })).rejects.toMatchObject(unknown)
    await provider.fault({ method: 'GET', path: '/groups/', status: 401 })
    await expect(provider.openLink({ linkId })).rejects.toMatchObject(unknown)
  })

  test('that is rejected does not look for a connection', async () => {
    const { provider } = await createByFirstAttempt({})
    const sent = await sentBy(provider, () =>
      expect(provider.openLink({ linkId })).rejects.toMatchObject({ mayHaveActed: false }),
    )
    expect(sent).toEqual(['POST /connections'])
  })
})

test('an adopted connection is deleted if its card cannot be created', async () => {
  const { provider, id } = await createByFirstAttempt({})
  await provider.fault({ method: 'POST', path: '/connect-card', status: 500 })
  const failing = provider.openLink({ linkId, attempt: attempt() })
  await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  expect(await connectionIds(provider)).not.toContain(id)
})
