import { describe, expect, test } from 'vitest'
import { assignConnection } from '../../src/connect/connections/assign-connection.ts'
import { getConnectionOrThrow } from '../../src/connect/connections/get-connection.ts'
import { createAtProvider } from '../../src/connect/create-link/create-at-provider.ts'
import { reconnectConnection } from '../../src/connect/create-link/reconnect.ts'
import { readOrigin } from '../../src/connect/links/read-origin.ts'
import { sessionPermissions } from '../../src/domain/permissions.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { type ConfiguredProvider, createProviderRegistry } from '../../src/providers/provider-registry.ts'
import { upsertConnections } from '../../src/store/upsert-connections.ts'
import { call, type OpenConnect, openConnect, viewer } from './open.ts'
import { type Ability, connection, connector, fakeProvider, type Script } from './script.ts'

const acmeKey = 'FIVETRAN|fake|acme'

/** Adds an account of the organization "acme" at the fake provider, with a script of its own. */
async function openWithOwnAccount(abilities: readonly Ability[] = ['describe']) {
  const opened = await openConnect(abilities)
  const script: Script = {
    ...opened.script,
    connectors: async function* () {
      yield [connector('hubspot'), connector('acme_only'), connector('acme-only')]
    },
  }
  const fake = fakeProvider(script, abilities)
  const bound = { ...fake.bound, accountKey: acmeKey }
  const own: ConfiguredProvider = { ...fake, ...bound, bound, organizationId: 'acme' }
  opened.context.providers.replaceOwnAccounts([{ key: 'FIVETRAN', organizationId: 'acme', account: own }])
  return { ...opened, own, ownScript: script }
}

const createOwnLink = async (
  { context }: OpenConnect,
  provider: ConfiguredProvider,
  connectorKey: string,
) => {
  const input = { connector: connectorKey, endUser: { id: 'ada' }, options: {} }
  const { connectLink } = await createAtProvider(context, viewer, { provider, input, signal: call.signal })
  return connectLink
}

/** A session of ada in the organization, limited to the slug of an application that only its account offers. */
const limited: Viewer = {
  ...viewer,
  kind: 'END_USER',
  scopes: sessionPermissions,
  endUser: { id: 'ada', name: null, email: null, organization: { id: 'acme', name: null } },
  limits: { connectors: ['acme-only'], providers: null, redirectUris: null },
}

const keysOf = (connectors: readonly { readonly key: string }[]) => connectors.map(({ key }) => key)

describe('the accounts of an organization', () => {
  test('replace those of the environment for it, and for no other organization', async () => {
    const { providers, own, provider } = await openWithOwnAccount()
    expect(providers.getConfigured('FIVETRAN', 'acme')).toBe(own)
    expect(providers.getConfigured('FIVETRAN', 'other')).toBe(provider)
    expect(providers.getConfigured('FIVETRAN')).toBe(provider)
    expect(providers.usedBy('acme')).toEqual([own])
    expect(providers.usedBy(null)).toEqual([provider])
    expect(providers.accountKeys).toEqual([provider.accountKey, acmeKey])

    providers.replaceOwnAccounts([{ key: 'FIVETRAN', organizationId: 'acme', account: null }])
    expect(() => providers.getConfigured('FIVETRAN', 'acme')).toThrow('Fake is not configured.')
    expect(providers.usedBy('acme')).toEqual([])
    expect(providers.seenBy('acme')).toMatchObject([{ key: 'FIVETRAN', bound: null }])

    providers.replaceOwnAccounts([])
    expect(providers.getConfigured('FIVETRAN', 'acme')).toBe(provider)
    expect(providers.byAccountKey(acmeKey)).toBeUndefined()
  })

  test('are the only ones of a provider that the environment does not configure', async () => {
    const { own, provider } = await openWithOwnAccount()
    const providers = createProviderRegistry([{ ...provider, bound: null }])
    providers.replaceOwnAccounts([{ key: 'FIVETRAN', organizationId: 'acme', account: own }])
    expect(providers.getConfigured('FIVETRAN', 'acme')).toBe(own)
    expect(() => providers.getConfigured('FIVETRAN', 'other')).toThrow('Fake is not configured.')
    expect(providers.seenBy('acme')).toEqual([own])
    expect(providers.seenBy('other')).toEqual(providers.all)
  })

  test('have catalogues, syncs and config schemas of their own', async () => {
    const { catalogue, connectorSyncs, providers, own } = await openWithOwnAccount()
    await connectorSyncs.startDue()
    await connectorSyncs.idle()
    await catalogue.load()
    expect(keysOf(catalogue.all())).toEqual(['github', 'hubspot'])
    expect(keysOf(catalogue.of([own]).all())).toEqual(['acme-only', 'acme_only', 'hubspot'])
    expect(catalogue.of([own]).isAbsent('FIVETRAN', 'github')).toBe(true)
    expect(
      catalogue.connectorOf({ provider: 'FIVETRAN', accountKey: acmeKey, connectorKey: 'acme_only' }),
    ).toBeDefined()

    providers.replaceOwnAccounts([])
    await catalogue.load()
    expect(catalogue.of([own]).all()).toEqual([])
  })

  test('have a sync state each: one that fails does not affect the other', async () => {
    const { connectionSyncs, connectorSyncs, ownScript, own, provider } = await openWithOwnAccount()
    ownScript.connectors = async function* () {
      yield await Promise.reject(new Error('down'))
    }
    const [failed] = await connectorSyncs.ensureFresh(5_000, { accounts: [own] })
    const [fresh] = await connectorSyncs.ensureFresh(5_000, { accounts: [provider] })
    expect([failed?.state, fresh?.state]).toEqual(['FAILED', 'FRESH'])
    await connectionSyncs.idle()
  })

  test('check connectors, poll links and read connections with their own credentials', async () => {
    const opened = await openWithOwnAccount()
    const { own, ownScript, script, connectorSyncs, catalogue, poll, link, clock, idle, context } = opened
    await connectorSyncs.startDue()
    await connectorSyncs.idle()
    await catalogue.load()
    await expect(createOwnLink(opened, own, 'github')).rejects.toThrow('has no connector "github"')
    const { id, accountKey } = await createOwnLink(opened, own, 'acme_only')
    expect(accountKey).toBe(acmeKey)
    script.check = async () => Promise.reject(new Error('the account of the environment was used'))
    ownScript.check = async () => ({
      kind: 'completed',
      connection: connection('made', { connectorKey: 'acme_only' }),
    })
    await opened.open(id)
    clock.advance(10)
    await poll()
    await idle()
    const { status, connectionId } = await link(id)
    expect(status).toBe('COMPLETED')
    const found = await getConnectionOrThrow(context, viewer, connectionId ?? '')
    expect(found.provider).toBe(own)
  })

  test('have the connectors that the limits of a session name by their application', async () => {
    const { connectorSyncs, context, own, ownScript } = await openWithOwnAccount()
    await connectorSyncs.sync(own)
    let syncs = 0
    ownScript.connectors = async function* () {
      syncs++
      yield [connector('acme_only')]
    }
    // The account of the environment was not synced, and does not have to be.
    for (const key of ['acme_only', 'hubspot']) {
      const input = { connector: key, options: {} }
      const created = createAtProvider(context, limited, { provider: own, input, signal: call.signal })
      if (key === 'hubspot')
        await expect(created).rejects.toMatchObject({ issues: [{ path: ['input', 'connector'] }] })
      else expect((await created).connectLink).toMatchObject({ accountKey: acmeKey, organizationId: 'acme' })
    }
    expect(syncs).toBe(0)
  })

  test('tell connectors apart that the account of the environment does not have', async () => {
    const opened = await openWithOwnAccount()
    const { own, ownScript, connectorSyncs, link, refreshLink } = opened
    await connectorSyncs.sync(own)
    const { id } = await createOwnLink(opened, own, 'acme_only')
    ownScript.check = async () => ({
      kind: 'completed',
      connection: connection('made', { connectorKey: 'acme-only' }),
    })
    await refreshLink(id)
    expect((await link(id)).status).not.toBe('COMPLETED')
  })

  test('are used for end users of no other organization', async () => {
    const { context, own, now } = await openWithOwnAccount(['reconnect'])
    const origin = readOrigin(own, now())
    const [row] = await upsertConnections(context.db, origin, [
      connection('c1', { connectorKey: 'acme_only' }),
    ])
    const connectionId = row?.id ?? ''
    for (const organization of [null, { id: 'other' }]) {
      const endUser = { id: 'ada', organization }
      const assigned = assignConnection(context, viewer, { connectionId, endUser, ownedBy: 'PERSON' })
      const path = ['endUser', 'organization', 'id']
      await expect(assigned).rejects.toMatchObject({ issues: [{ path }] })
    }
    const input = { endUser: { id: 'ada', organization: { id: 'other' } }, options: {} }
    const reconnected = reconnectConnection(context, viewer, { connectionId, input, signal: call.signal })
    const path = ['input', 'endUser', 'organization', 'id']
    await expect(reconnected).rejects.toMatchObject({ issues: [{ path }] })
    const endUser = { id: 'ada', organization: { id: 'acme' } }
    expect(
      await assignConnection(context, viewer, { connectionId, endUser, ownedBy: 'PERSON' }),
    ).toMatchObject({ endUserId: 'ada', organizationId: 'acme' })
  })
})
