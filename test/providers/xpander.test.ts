import { describe, expect, test } from 'vitest'
import type { AdapterLink } from '../../src/providers/adapter.ts'
import { linkState } from '../../src/providers/xpander/new-connection.ts'
import { xpander } from '../../src/providers/xpander/xpander.ts'
import { xpanderConnectors } from '../../src/sandbox/vendors/xpander/connector-list.ts'
import { onlyConnection } from './connected.ts'
import { testProvider } from './contract.ts'
import { call, openProvider } from './open.ts'

const idOf = (connectorName: string) => xpanderConnectors.find(({ name }) => name === connectorName)?.id ?? ''
const connectorByName = (name: string) => ({ connectorKey: idOf(name), connectorName: name })

const setup = {
  definition: xpander,
  linkDefaults: { ...connectorByName('Google Calendar'), direction: 'TOOL' },
} as const

const families = ['connectors', 'tools'] as const

describe.each(families)('the API family "%s"', (family) => {
  const path = family === 'tools' ? '/xpander/v1/tools' : '/xpander/v1/connectors'
  testProvider({
    ...setup,
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

/** The connection name that identifies the link. */
const nameOf = ({ providerState }: AdapterLink) => linkState.parse(providerState).name

describe('an OAuth connector', () => {
  test('returns a page that requires a login and does not expire, with instructions', async () => {
    const provider = await openProvider(setup)
    const { requiresProviderLogin, instructions, expiry } = await provider.openLink()
    expect(requiresProviderLogin).toBe(true)
    expect(instructions).toContain('Google Calendar')
    expect(expiry).toEqual({ at: null, source: 'NONE' })
  })

  test('is requested organization-wide by default and with a unique name', async () => {
    const provider = await openProvider(setup)
    const linkId = 'b1e0c3a2-5c0e-4b5e-9d1c-0a1b2c3d4e5f'
    await provider.openLink({ linkId })
    await provider.openLink({ linkId, options: { name: 'My calendar', accessScope: 'PERSONAL' } })
    const bodies = (await provider.requests()).flatMap(({ body }) => body ?? [])
    expect(bodies).toEqual([
      { name: 'Ada Lovelace · 2c3d4e5f', access_scope: 'organizational' },
      { name: 'My calendar · 2c3d4e5f', access_scope: 'personal' },
    ])
  })

  test('completes the link of the connection whose name the page kept, despite other new connections', async () => {
    const { adapter, ...provider } = await openProvider(setup)
    const first = await provider.openLink()
    const second = await provider.openLink()
    // All links share the page, which proposes no name if several are pending: the end user enters that of the link.
    await provider.decide(second.url, 'approve', { name: nameOf(second.link) })
    await provider.decide(first.url, 'approve', { name: 'something else' })
    expect(await adapter.checkLink(second.link, call)).toMatchObject({ kind: 'completed' })
  })

  test('is recognized with another API key by the name of a listed connection only', async () => {
    const { adapter, ...provider } = await openProvider(setup)
    const first = await provider.openLink()
    const second = await provider.openLink()
    await provider.decide(second.url, 'approve', { name: nameOf(second.link) })
    const listed = await provider.connections()
    expect(await adapter.recognizesLink?.(second.link, listed, call)).toBe(true)
    expect(await adapter.recognizesLink?.(first.link, listed, call)).toBe(false)
  })

  test('returns candidates if the name was changed on the page', async () => {
    const { adapter, ...provider } = await openProvider(setup)
    const { url, link } = await provider.openLink()
    await provider.decide(url, 'approve', { name: 'My Google' })
    const one = await adapter.checkLink(link, call)
    expect(one).toMatchObject({ kind: 'candidates', connections: [{ name: 'My Google' }] })
    await provider.decide(url, 'approve', { name: 'Another' })
    const two = await adapter.checkLink(link, call)
    expect(two).toMatchObject({ kind: 'candidates', connections: [{}, {}] })
  })

  test('is not connected if the response contains an ID and a page', async () => {
    const { adapter, ...provider } = await openProvider(setup)
    const { url, link, providerState } = await provider.openLink(connectorByName('Google Docs'))
    expect(providerState).toMatchObject({ pendingId: expect.any(String) })
    expect(await adapter.checkLink(link, call)).toEqual({ kind: 'open' })
    await provider.decide(url, 'approve')
    expect(onlyConnection(await adapter.checkLink(link, call)).connectorKey).toBe(idOf('Google Docs'))
  })

  test('is found in the whole list if its name is unknown or wrong', async () => {
    const { adapter, ...provider } = await openProvider(setup)
    for (const connectorName of [null, 'Nothing like it']) {
      const { url, link } = await provider.openLink({ connectorName })
      await provider.decide(url, 'approve')
      expect(await adapter.checkLink(link, call)).toMatchObject({ kind: 'completed' })
    }
  })
})

describe('a connector with credentials', () => {
  const security = { authMethod: 'apiKey', apiKey: 'the-secret-value' }

  test.each(['Stripe', 'Twilio'])('is connected immediately by one request: %s', async (name) => {
    const provider = await openProvider(setup)
    const outcome = await provider.createLink({ ...connectorByName(name), options: { security } })
    expect(outcome).toMatchObject({
      kind: 'connected',
      connection: { connectorKey: idOf(name), status: 'ACTIVE', health: 'UNKNOWN' },
    })
    expect(await provider.requests()).toHaveLength(1)
    const listed = await provider.connections()
    expect(outcome.kind === 'connected' && listed).toMatchObject([{ connectorKey: idOf(name) }])
  })

  test('sends all options and does not expose secrets', async () => {
    const provider = await openProvider(setup)
    const outcome = await provider.createLink({
      ...connectorByName('Stripe'),
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
})

test('createLink throws NOT_FOUND for an unknown connector', async () => {
  const provider = await openProvider(setup)
  const failing = provider.createLink({ connectorKey: 'no-such-id', connectorName: null })
  await expect(failing).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
