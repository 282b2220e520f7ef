import { describe, expect, test } from 'vitest'
import { NotFoundError } from '../../src/domain/errors.ts'
import { connectionDeleted } from '../../src/providers/link-failure.ts'
import { createConnection, onlyConnection } from './connected.ts'
import type { Contract, Revocation } from './contract-subject.ts'
import { call, openProvider } from './open.ts'

/** Tests connect links, reconnect links and revocation. */
export function testLinks(contract: Contract): void {
  describe('a connect link', () => {
    test('creates a connection that is listed and can be disconnected', () => testLifecycle(contract))
    test('is open before a decision and after a denial', () => testOpenUntilApproval(contract))
    test('does not complete with the connection of another link', () => testSeparateLinks(contract))
  })

  if ('createReconnectLink' in contract.calls) {
    describe('a reconnect link', () => {
      test('stays open for a healthy connection without any action', () =>
        testReconnectNeedsEvidence(contract))
      test('repairs a broken connection without creating another one', () => testReconnect(contract))
      test('stays open after a denial', () => testDeniedReconnect(contract))
      test('fails when its connection is deleted', () => testDeletedConnection(contract))
      test('is not created for a connection that does not exist', () => testMissingConnection(contract))
    })
  }

  const { revocation } = contract
  if (revocation) {
    test('the page of a revoked link returns 410', () => testRevoke(contract, revocation))
  }
}

async function testLifecycle(contract: Contract) {
  const { adapter, capabilities, ...provider } = await openProvider(contract)
  const { url, expiry, link } = await provider.openLink()
  expect(url).toMatch(/^http/)
  expect(expiry.at === null).toBe(capabilities.linkLifetimeSeconds === null)

  const page = await fetch(url)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('value="approve"')
  const response = await provider.decide(url, 'approve')
  const target = response.headers.get('location') ?? ''
  expect(target.startsWith('https://app.example.com/return?state=1')).toBe(capabilities.successRedirect)

  const connection = onlyConnection(await adapter.checkLink(link, call))
  expect(connection).toMatchObject({
    connectorKey: contract.linkDefaults.connectorKey,
    direction: contract.linkDefaults.direction,
  })
  const started = (await adapter.startConnection?.(connection, link.providerState, call)) ?? connection
  expect(started.status).toBe('ACTIVE')
  expect((await provider.connections()).filter(({ remoteId }) => remoteId === started.remoteId)).toEqual([
    started,
  ])
  expect(await adapter.getConnection(started, call)).toEqual(started)

  expect(adapter.disconnect !== undefined).toBe(capabilities.disconnect)
  if (!adapter.disconnect) return
  expect(await adapter.disconnect(started, call)).toBe(true)
  expect(await adapter.disconnect(started, call)).toBe(false)
  expect(await adapter.getConnection(started, call)).toBeNull()
  expect((await provider.connections()).map(({ remoteId }) => remoteId)).not.toContain(started.remoteId)
}

async function testOpenUntilApproval(contract: Contract) {
  const { adapter, openLink, decide } = await openProvider(contract)
  const { url, link } = await openLink()
  expect(await adapter.checkLink(link, call)).toEqual({ kind: 'open' })
  await decide(url, 'deny')
  expect(await adapter.checkLink(link, call)).toMatchObject({ kind: 'open' })
}

async function testSeparateLinks(contract: Contract) {
  const { adapter, openLink, decide } = await openProvider(contract)
  const first = await openLink()
  await decide(first.url, 'approve')
  const firstConnection = onlyConnection(await adapter.checkLink(first.link, call))
  const second = await openLink()
  expect(await adapter.checkLink(second.link, call)).toEqual({ kind: 'open' })
  await decide(second.url, 'approve')
  const secondConnection = onlyConnection(await adapter.checkLink(second.link, call))
  expect(secondConnection.remoteId).not.toBe(firstConnection.remoteId)
}

async function testReconnectNeedsEvidence(contract: Contract) {
  const provider = await openProvider(contract)
  const connection = await createConnection(provider)
  provider.advance(60)
  const { url, link, pendingConnection, expiry } = await provider.reconnect(connection)
  expect(url).toMatch(/^http/)
  expect(expiry.at).not.toBeNull()
  // Without a pending connection, nothing is deleted when the link ends.
  expect(pendingConnection).toBeNull()
  provider.advance(60)
  expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'open' })
}

async function testReconnect(contract: Contract) {
  const provider = await openProvider(contract)
  const { adapter } = provider
  const connection = await createConnection(provider)
  const before = await provider.connections()
  provider.advance(60)
  await provider.breakConnection(connection.remoteId)
  expect(await adapter.getConnection(connection, call)).toMatchObject({ health: 'NEEDS_REAUTH' })
  const { url, link, providerState } = await provider.reconnect(connection)
  expect(await adapter.checkLink(link, call)).toEqual({ kind: 'open' })
  provider.advance(60)
  const response = await provider.decide(url, 'approve')
  const location = response.headers.get('location')
  // A provider may add parameters.
  if (provider.capabilities.successRedirect)
    expect(location).toMatch(/^https:\/\/app\.example\.com\/return\?state=1(&|$)/)
  else expect(location).toBeNull()
  const repaired = onlyConnection(await adapter.checkLink(link, call))
  // Reauthorization does not start a paused connection.
  expect(await adapter.startConnection?.(repaired, providerState, call)).toEqual(
    adapter.startConnection && repaired,
  )
  expect(repaired).toEqual(connection)
  expect(await provider.connections()).toEqual(before)
}

async function testDeniedReconnect(contract: Contract) {
  const provider = await openProvider(contract)
  const connection = await createConnection(provider)
  await provider.breakConnection(connection.remoteId)
  const { url, link } = await provider.reconnect(connection)
  provider.advance(60)
  await provider.decide(url, 'deny')
  expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'open' })
}

async function testDeletedConnection(contract: Contract) {
  const provider = await openProvider(contract)
  const connection = await createConnection(provider)
  const { link } = await provider.reconnect(connection)
  await provider.adapter.disconnect?.(connection, call)
  expect(await provider.adapter.checkLink(link, call)).toEqual(connectionDeleted)
}

async function testMissingConnection(contract: Contract) {
  const provider = await openProvider(contract)
  const connection = await createConnection(provider)
  await provider.adapter.disconnect?.(connection, call)
  await provider.clearRequests()
  const failing = provider.reconnect(connection)
  await expect(failing).rejects.toBeInstanceOf(NotFoundError)
  await expect(failing).rejects.toThrow(connection.remoteId)
  expect((await provider.requests()).filter(({ method }) => method !== 'GET')).toEqual([])
}

async function testRevoke(contract: Contract, { repeated, progress, missing }: Revocation) {
  const provider = await openProvider(contract)
  const { adapter } = provider
  const { url, link } = await provider.openLink()
  expect(await adapter.revokeLink?.(link, call)).toBe(true)
  expect(await adapter.revokeLink?.(link, call)).toBe(repeated)
  expect(await adapter.checkLink(link, call)).toEqual(progress)
  expect((await fetch(url)).status).toBe(410)
  for (const fields of missing) expect(await adapter.revokeLink?.({ ...link, ...fields }, call)).toBe(false)
}
