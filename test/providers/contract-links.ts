import { describe, expect, test } from 'vitest'
import { NotFoundError } from '../../src/domain/errors.ts'
import { connected, onlyConnection } from './connected.ts'
import type { Contract } from './contract-subject.ts'
import { call, openProvider } from './open.ts'

/** What becomes of links, first ones and those that mend. */
export function testLinks(contract: Contract): void {
  describe('a link from beginning to end', () => {
    test('is opened, approved, noticed, listed and disconnected', () => livesThrough(contract))
    test('stays open until somebody decides, and after a refusal', () => staysOpen(contract))
    test('does not take another connection for its own', () => tellsApart(contract))
  })

  if ('createReconnectLink' in contract.calls) {
    describe('a link to reconnect', () => {
      test('stays open when the connection was well and nobody does anything', () => needsEvidence(contract))
      test('mends a broken connection, which stays the same one', () => mends(contract))
      test('stays open when the end user refuses', () => staysBroken(contract))
      test('has failed when its connection is deleted', () => losesItsConnection(contract))
      test('is not made for a connection that is not there', () => reconnectsNothing(contract))
    })
  }

  if ('revokeLink' in contract.calls) {
    test('a revoked link ends and leads nowhere', () => revokes(contract))
  }
}

async function livesThrough(contract: Contract) {
  const { adapter, capabilities, ...provider } = await openProvider(contract)
  const made = await provider.openLink()
  expect(made.url).toMatch(/^http/)
  expect(made.expiry.at === null).toBe(capabilities.linkLifetimeSeconds === null)

  const page = await fetch(made.url)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('value="approve"')
  const sent = await provider.decide(made.url, 'approve')
  const target = sent.headers.get('location') ?? ''
  expect(target.startsWith('https://app.example.com/return?state=1')).toBe(capabilities.successRedirect)

  const connection = onlyConnection(await adapter.checkLink(made.link, call))
  expect(connection).toMatchObject({
    connectorKey: contract.standard.connectorKey,
    direction: contract.standard.direction,
  })
  const started = (await adapter.startConnection?.(connection, made.link.providerState, call)) ?? connection
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

async function staysOpen(contract: Contract) {
  const { adapter, openLink, decide } = await openProvider(contract)
  const { url, link } = await openLink()
  expect(await adapter.checkLink(link, call)).toEqual({ kind: 'open' })
  await decide(url, 'deny')
  expect(await adapter.checkLink(link, call)).toEqual({ kind: 'open' })
}

async function tellsApart(contract: Contract) {
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

async function needsEvidence(contract: Contract) {
  const provider = await openProvider(contract)
  const connection = await connected(provider)
  provider.advance(60)
  const { url, link, pendingConnection, expiry } = await provider.reconnect(connection)
  expect(url).toMatch(/^http/)
  expect(expiry.at).not.toBeNull()
  // Nothing is deleted when such a link ends.
  expect(pendingConnection).toBeNull()
  provider.advance(60)
  expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'open' })
}

async function mends(contract: Contract) {
  const provider = await openProvider(contract)
  const { adapter } = provider
  const connection = await connected(provider)
  const before = await provider.connections()
  provider.advance(60)
  await provider.breakConnection(connection.remoteId)
  expect(await adapter.getConnection(connection, call)).toMatchObject({ health: 'NEEDS_REAUTH' })
  const { url, link, providerState } = await provider.reconnect(connection)
  expect(await adapter.checkLink(link, call)).toEqual({ kind: 'open' })
  provider.advance(60)
  const sent = await provider.decide(url, 'approve')
  expect(sent.headers.get('location')).toBe('https://app.example.com/return?state=1')
  const mended = onlyConnection(await adapter.checkLink(link, call))
  // Whether it runs is not a matter of its authorisation.
  expect(await adapter.startConnection?.(mended, providerState, call)).toEqual(
    adapter.startConnection && mended,
  )
  expect(mended).toEqual(connection)
  expect(await provider.connections()).toEqual(before)
}

async function staysBroken(contract: Contract) {
  const provider = await openProvider(contract)
  const connection = await connected(provider)
  await provider.breakConnection(connection.remoteId)
  const { url, link } = await provider.reconnect(connection)
  provider.advance(60)
  await provider.decide(url, 'deny')
  expect(await provider.adapter.checkLink(link, call)).toEqual({ kind: 'open' })
}

async function losesItsConnection(contract: Contract) {
  const provider = await openProvider(contract)
  const connection = await connected(provider)
  const { link } = await provider.reconnect(connection)
  await provider.adapter.disconnect?.(connection, call)
  const ended = { kind: 'ended', status: 'FAILED', reason: 'DELETED_AT_PROVIDER' }
  expect(await provider.adapter.checkLink(link, call)).toEqual(ended)
}

async function reconnectsNothing(contract: Contract) {
  const provider = await openProvider(contract)
  const connection = await connected(provider)
  await provider.adapter.disconnect?.(connection, call)
  await provider.forgetRequests()
  const failing = provider.reconnect(connection)
  await expect(failing).rejects.toBeInstanceOf(NotFoundError)
  await expect(failing).rejects.toThrow(connection.remoteId)
  expect((await provider.requests()).filter(({ method }) => method !== 'GET')).toEqual([])
}

async function revokes(contract: Contract) {
  const provider = await openProvider(contract)
  const { adapter } = provider
  const { url, link } = await provider.openLink()
  expect(await adapter.revokeLink?.(link, call)).toBe(true)
  expect(await adapter.revokeLink?.(link, call)).toBe(true)
  const ended = { kind: 'ended', status: 'REVOKED', reason: 'REVOKED_AT_PROVIDER' }
  expect(await adapter.checkLink(link, call)).toEqual(ended)
  expect((await fetch(url)).status).toBe(410)
  expect(await adapter.revokeLink?.({ ...link, remoteLinkId: '404404' }, call)).toBe(false)
  expect(await adapter.revokeLink?.({ ...link, remoteLinkId: null }, call)).toBe(false)
}
