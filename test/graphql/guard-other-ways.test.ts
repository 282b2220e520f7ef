import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { submitProviderPage } from '../helpers/gateway.ts'
import { codeOn } from '../server/pages/browser.ts'
import { findReturnUrl } from '../server/pages/visit.ts'
import {
  approveIn,
  asApiKey,
  confirm,
  connectionsOf,
  createGuardedLink,
  openIn,
  startGuarded,
  stateOf,
} from './guarded.ts'
import { createLinkOrThrow, waitForStatus } from './open.ts'

const linkIn = (payload: unknown) =>
  z.object({ connectLink: z.object({ id: z.string(), url: z.string() }) }).parse(payload).connectLink

describe('other ways to a connection', () => {
  test('a sync that finds it before the link is checked gives it to no end user', async () => {
    const { gateway, mallory, other } = await startGuarded()
    const link = await createGuardedLink(mallory, 'PIPEDREAM')
    await submitProviderPage(await openIn(other, link.url), 'approve')
    gateway.clock.advance(10)
    await gateway.connect.connectionSyncs.ensureFresh(30_000)
    expect(await connectionsOf(mallory)).toEqual({ totalCount: 0, nodes: [] })
  })

  test('control: without a guard the sync gives it to the end user that the provider names', async () => {
    const { gateway, mallory, other } = await startGuarded()
    const link = await createGuardedLink(mallory, 'PIPEDREAM', { guard: 'NONE' })
    await submitProviderPage(await openIn(other, link.url), 'approve')
    gateway.clock.advance(10)
    await gateway.connect.connectionSyncs.ensureFresh(30_000)
    expect((await connectionsOf(mallory)).nodes).toMatchObject([{ endUser: { id: 'mallory' } }])
  })

  test('a completion after the expiry of the link is removed', async () => {
    const { gateway, mallory, other } = await startGuarded()
    const link = await createGuardedLink(mallory, 'PIPEDREAM', { expiresInSeconds: 60 })
    const providerUrl = await openIn(other, link.url)
    gateway.clock.advance(61)
    await gateway.poll()
    gateway.clock.advance(61)
    await gateway.poll()
    expect((await stateOf(mallory, link.id)).status).toBe('EXPIRED')
    await submitProviderPage(providerUrl, 'approve')
    for (let round = 0; round < 4; round += 1) {
      gateway.clock.advance(60)
      await gateway.poll()
      await gateway.connect.connectionSyncs.ensureFresh(30_000)
      expect(await connectionsOf(mallory)).toEqual({ totalCount: 0, nodes: [] })
    }
    expect((await connectionsOf(asApiKey(gateway))).nodes.map(({ status }) => status)).not.toContain('ACTIVE')
  })

  test('a link without a guard of the same end user does not complete with the connection', async () => {
    const { gateway, mallory, other, own } = await startGuarded()
    const api = asApiKey(gateway)
    const weak = await createGuardedLink(api, 'PIPEDREAM', { guard: 'NONE', endUser: { id: 'mallory' } })
    const link = await createGuardedLink(mallory, 'PIPEDREAM')
    await openIn(own, weak.url)
    await openIn(other, link.url)
    await submitProviderPage(await openIn(other, link.url), 'approve')
    await own.navigate(await findReturnUrl(gateway))
    for (let round = 0; round < 3; round += 1) {
      gateway.clock.advance(10)
      await gateway.poll()
    }
    expect(await connectionsOf(mallory)).toEqual({ totalCount: 0, nodes: [] })
  })
})

describe('a reconnect', () => {
  test('by another person hides the connection, and the code shows it again', async () => {
    const { gateway, mallory, own, other } = await startGuarded()
    const first = await createLinkOrThrow(gateway, 'PIPEDREAM', {
      endUser: { id: 'mallory' },
      connector: 'github',
    })
    await approveIn(own, await openIn(own, first.url ?? ''))
    await waitForStatus(gateway, first.id, /COMPLETED/)
    const [connection] = (await connectionsOf(mallory)).nodes
    gateway.clock.advance(10)
    const { data } = await mallory.query(
      `mutation ($id: ID!) { reconnectConnection(id: $id, input: { guard: SAME_BROWSER }) {
        ... on CreateConnectLinkPayload { connectLink { id url guard } } ... on Error { code message } } }`,
      { id: connection?.id },
    )
    const link = linkIn(data?.reconnectConnection)
    const { page } = await approveIn(other, await openIn(other, link.url))
    expect(await connectionsOf(mallory)).toEqual({ totalCount: 0, nodes: [] })
    expect(await confirm(mallory, link.id, { code: codeOn(page) ?? '' })).toMatchObject({
      connectLink: { status: 'COMPLETED', connection: { id: connection?.id } },
    })
    expect((await connectionsOf(mallory)).nodes).toMatchObject([{ id: connection?.id, status: 'ACTIVE' }])
  })
})
