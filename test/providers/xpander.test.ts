import { describe, expect, test } from 'vitest'
import { xpander } from '../../src/providers/xpander/xpander.ts'
import { xpanderConnectors } from '../../src/sandbox/vendors/xpander/connector-list.ts'
import { onlyConnection } from './connected.ts'
import { testProvider } from './contract.ts'
import { call, openProvider } from './open.ts'

const idOf = (wanted: string) => xpanderConnectors.find(({ name }) => name === wanted)?.id ?? ''
const named = (name: string) => ({ connectorKey: idOf(name), connectorName: name })

const setting = {
  definition: xpander,
  standard: { ...named('Google Calendar'), direction: 'TOOL' },
} as const

const families = ['connectors', 'tools'] as const

describe.each(families)('the family "%s"', (family) => {
  const path = family === 'tools' ? '/xpander/v1/tools' : '/xpander/v1/connectors'
  testProvider({
    ...setting,
    environment: { XPANDER_API_FAMILY: family },
    connectors: 60,
    secrets: ['sandbox-key'],
    calls: {
      createLink: { method: 'POST', path },
      checkLink: { method: 'GET', path },
      getConnection: { method: 'GET', path },
      listConnections: { method: 'GET', path },
      listConnectors: { method: 'GET', path },
    },
    absent: {},
  })
})

describe('an OAuth connector', () => {
  test('answers a page that needs a login and never ends, with words for the end user', async () => {
    const provider = await openProvider(setting)
    const { requiresProviderLogin, instructions, expiry } = await provider.openLink()
    expect(requiresProviderLogin).toBe(true)
    expect(instructions).toContain('Google Calendar')
    expect(expiry).toEqual({ at: null, source: 'NONE' })
  })

  test('is asked for organisation-wide with a name that only this link has', async () => {
    const provider = await openProvider(setting)
    const linkId = 'b1e0c3a2-5c0e-4b5e-9d1c-0a1b2c3d4e5f'
    await provider.openLink({ linkId })
    await provider.openLink({ linkId, options: { name: 'My calendar', accessScope: 'PERSONAL' } })
    const bodies = (await provider.requests()).flatMap(({ body }) => body ?? [])
    expect(bodies).toEqual([
      { name: 'Ada Lovelace · 2c3d4e5f', access_scope: 'organizational' },
      { name: 'My calendar · 2c3d4e5f', access_scope: 'personal' },
    ])
  })

  test('whose page kept the name completes the link among other new connections', async () => {
    const { adapter, ...provider } = await openProvider(setting)
    const first = await provider.openLink()
    const second = await provider.openLink()
    // The page is everybody's: it shows the name of the link that was asked for last.
    await provider.decide(second.url, 'approve')
    await provider.decide(first.url, 'approve', { name: 'something else' })
    expect(await adapter.checkLink(second.link, call)).toMatchObject({ kind: 'completed' })
  })

  test('whose page changed the name leaves candidates and no certainty', async () => {
    const { adapter, ...provider } = await openProvider(setting)
    const { url, link } = await provider.openLink()
    await provider.decide(url, 'approve', { name: 'My Google' })
    const one = await adapter.checkLink(link, call)
    expect(one).toMatchObject({ kind: 'candidates', connections: [{ name: 'My Google' }] })
    await provider.decide(url, 'approve', { name: 'Another' })
    const two = await adapter.checkLink(link, call)
    expect(two).toMatchObject({ kind: 'candidates', connections: [{}, {}] })
  })

  test('that answers an id beside its page is not connected yet', async () => {
    const { adapter, ...provider } = await openProvider(setting)
    const { url, link, providerState } = await provider.openLink(named('Google Docs'))
    expect(providerState).toMatchObject({ pendingId: expect.any(String) })
    expect(await adapter.checkLink(link, call)).toEqual({ kind: 'open' })
    await provider.decide(url, 'approve')
    expect(onlyConnection(await adapter.checkLink(link, call)).connectorKey).toBe(idOf('Google Docs'))
  })

  test('is found by walking the list when its name is not known or wrong', async () => {
    const { adapter, ...provider } = await openProvider(setting)
    for (const connectorName of [null, 'Nothing like it']) {
      const { url, link } = await provider.openLink({ connectorName })
      await provider.decide(url, 'approve')
      expect(await adapter.checkLink(link, call)).toMatchObject({ kind: 'completed' })
    }
  })
})

describe('a connector that gets its credentials', () => {
  const security = { authMethod: 'apiKey', apiKey: 'the-secret-value' }

  test.each(['Stripe', 'Twilio'])('is connected at once by a single call: %s', async (name) => {
    const provider = await openProvider(setting)
    const outcome = await provider.createLink({ ...named(name), options: { security } })
    expect(outcome).toMatchObject({
      kind: 'connected',
      connection: { connectorKey: idOf(name), status: 'ACTIVE', health: 'UNKNOWN' },
    })
    expect(await provider.requests()).toHaveLength(1)
    const listed = await provider.connections()
    expect(outcome.kind === 'connected' && listed).toMatchObject([{ connectorKey: idOf(name) }])
  })

  test('sends everything that was given and shows the secret to nobody', async () => {
    const provider = await openProvider(setting)
    const outcome = await provider.createLink({
      ...named('Stripe'),
      options: {
        security,
        headers: { 'X-Key': 'the-secret-header' },
        version: '3',
        generalParams: [{ name: 'workspace', description: 'Workspace', location: 'query', value: 'T1' }],
        targetSystemServers: [{ url: 'https://staging.example', description: 'staging' }],
        isServiceAccount: true,
      },
    })
    const [request] = await provider.requests()
    expect(request?.body).toMatchObject({
      version: '3',
      general_params: [{ name: 'workspace', description: 'Workspace', location: 'query', value: 'T1' }],
      target_system_servers: [{ url: 'https://staging.example', description: 'staging' }],
      is_service_account: true,
    })
    expect(JSON.stringify(outcome) + provider.logged()).not.toContain('the-secret')
  })

  test('is refused without them', async () => {
    const provider = await openProvider(setting)
    await expect(provider.createLink(named('Stripe'))).rejects.toMatchObject({ code: 'PROVIDER_REJECTED' })
  })
})

test('a connector without authorisation is connected at once', async () => {
  const provider = await openProvider(setting)
  expect(await provider.createLink(named('Hacker News'))).toMatchObject({ kind: 'connected' })
})

test('an unknown connector is not found', async () => {
  const provider = await openProvider(setting)
  const failing = provider.createLink({ connectorKey: 'no-such-id', connectorName: null })
  await expect(failing).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
