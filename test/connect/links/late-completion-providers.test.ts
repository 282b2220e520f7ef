import { describe, expect, test, vi } from 'vitest'
import { revokeConnectLink } from '../../../src/connect/links/revoke.ts'
import { xpanderKey } from '../../graphql/open.ts'
import { createTestClock } from '../../helpers/clock.ts'
import { submitLinkPage, submitProviderPage } from '../../helpers/gateway.ts'
import { openSandbox } from '../../sandbox/open.ts'
import { openGateway } from '../gateway.ts'
import { connectionRows, linkRow, requests, rowId } from '../observe.ts'
import { viewer } from '../open.ts'

describe('a link that is revoked while its end user has the provider’s page open', () => {
  test('leaves no account behind at Pipedream, by webhook alone', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('PIPEDREAM', 'github')
    const page = await submitLinkPage(link.url)
    gateway.clock.advance(1)
    await revokeConnectLink(gateway.connect, viewer, rowId(link.id))
    await submitProviderPage(page, 'approve')
    await gateway.close()

    expect(await connectionRows(gateway)).toMatchObject([{ status: 'DISCONNECTED', endUserId: 'user-1' }])
    expect(await linkRow(gateway, link.id)).toMatchObject({ status: 'REVOKED', nextCheckAt: null })
  })

  test('leaves no account behind at Pipedream, by polling alone, even if the first removal fails', async () => {
    const clock = createTestClock()
    const sandbox = await openSandbox({ clock })
    const before = await openGateway({ sandbox, clock })
    const link = await before.createLink('PIPEDREAM', 'github')
    const page = await submitLinkPage(link.url)
    clock.advance(1)
    await revokeConnectLink(before.connect, viewer, rowId(link.id))
    await before.close()
    await submitProviderPage(page, 'approve')
    const after = await openGateway({ sandbox, clock, keepData: true })
    const fault = { provider: 'pipedream', method: 'DELETE', times: 1, status: 503 }
    await after.control('POST', 'faults', fault)
    clock.advance(60)
    await after.poll()
    expect(await connectionRows(after)).toMatchObject([{ status: 'NEEDS_ATTENTION', orphaned: true }])

    clock.advance(301)
    await after.poll()

    expect(await connectionRows(after)).toMatchObject([{ status: 'DISCONNECTED' }])
    const deletions = (await requests(after)).filter(({ method }) => method === 'DELETE')
    expect(deletions).toHaveLength(2)
    expect((await after.list({ statuses: ['ACTIVE'] })).nodes).toEqual([])
  })

  test('leaves a NEEDS_ATTENTION connection at xpander, even after syncs', async () => {
    const gateway = await openGateway()
    const link = await gateway.createLink('XPANDER', xpanderKey('GitHub'))
    const page = await submitLinkPage(link.url)
    gateway.clock.advance(1)
    await revokeConnectLink(gateway.connect, viewer, rowId(link.id))
    await submitProviderPage(page, 'approve')
    gateway.clock.advance(60)
    await gateway.poll()

    for (let read = 0; read < 3; read += 1) {
      const { nodes } = await gateway.list()
      expect(nodes).toMatchObject([{ status: 'NEEDS_ATTENTION', endUser: { id: 'user-1' } }])
    }
    expect(await linkRow(gateway, link.id)).toMatchObject({ status: 'REVOKED', nextCheckAt: null })
  })

  test('leaves no connection behind at Nango that was made before the gateway learned of it', async () => {
    const clock = createTestClock()
    const sandbox = await openSandbox({ clock })
    const before = await openGateway({ sandbox, clock })
    const link = await before.createLink('NANGO', 'github')
    const page = await submitLinkPage(link.url)
    clock.advance(1)
    await before.close()
    await submitProviderPage(page, 'approve')
    const after = await openGateway({ sandbox, clock, keepData: true })
    await revokeConnectLink(after.connect, viewer, rowId(link.id))
    clock.advance(60)
    await after.poll()

    expect(await connectionRows(after)).toMatchObject([{ status: 'DISCONNECTED', endUserId: 'user-1' }])
    expect(await linkRow(after, link.id)).toMatchObject({ status: 'REVOKED', revokedAtProvider: true })
  })

  test('closes the page at Fivetran, Census and Nango', async () => {
    const gateway = await openGateway()
    for (const provider of ['FIVETRAN', 'CENSUS', 'NANGO'] as const) {
      const link = await gateway.createLink(provider, 'hubspot')
      const page = await submitLinkPage(link.url)
      gateway.clock.advance(1)
      await revokeConnectLink(gateway.connect, viewer, rowId(link.id))
      expect((await submitProviderPage(page, 'approve')).status).toBeGreaterThanOrEqual(400)
    }
    gateway.clock.advance(60)
    await gateway.poll()
    expect(await connectionRows(gateway)).toEqual([])
  })
})

test('a session of Nango, which could be used again, is deleted when its link completes', async () => {
  const gateway = await openGateway()
  const link = await gateway.createLink('NANGO', 'github')
  const page = await submitLinkPage(link.url)
  gateway.clock.advance(1)
  await submitProviderPage(page, 'approve')
  await vi.waitFor(async () => {
    expect(await linkRow(gateway, link.id)).toMatchObject({ status: 'COMPLETED', revokedAtProvider: true })
  }, 10_000)
  expect((await submitProviderPage(page, 'approve')).status).toBe(410)
  expect(await connectionRows(gateway)).toMatchObject([{ status: 'ACTIVE', endUserId: 'user-1' }])
})
