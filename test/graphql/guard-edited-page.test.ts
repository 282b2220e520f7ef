import { expect, test } from 'vitest'
import { z } from 'zod'
import { submitProviderPage } from '../helpers/gateway.ts'
import { approveIn, claim, connectionsOf, createGuardedLink, openIn, startGuarded } from './guarded.ts'

const env = { LINK_GUARD: 'SAME_BROWSER' }
type Guarded = Awaited<ReturnType<typeof startGuarded>>

/** Mallory connects an account of her own, in the browser that claims the link. */
async function connectOwn({ mallory, own }: Guarded, connector: string): Promise<void> {
  const link = await createGuardedLink(mallory, 'PIPEDREAM', { connector })
  await approveIn(own, await openIn(own, link.url, await claim(mallory, link.id)))
}

/** Changes the address of the provider's page, on which the victim then approves; the browser does not return. */
async function approveEdited(providerUrl: string, edit: (query: URLSearchParams) => void): Promise<void> {
  const page = new URL(providerUrl)
  edit(page.searchParams)
  expect((await submitProviderPage(page.href, 'approve')).status).toBe(303)
}

async function connectionsAfterSyncs({ gateway, mallory }: Guarded) {
  for (let round = 0; round < 3; round += 1) {
    gateway.clock.advance(60)
    await gateway.poll()
    await gateway.connect.connectionSyncs.ensureFresh(30_000)
  }
  return (await connectionsOf(mallory)).totalCount
}

test('a page of a reconnect that is edited to make another account does not avoid the guard', async () => {
  const guarded = await startGuarded(env)
  const { gateway, mallory, own } = guarded
  await connectOwn(guarded, 'github')
  const [connection] = (await connectionsOf(mallory)).nodes
  gateway.clock.advance(600)
  const { data } = await mallory.query(
    `mutation ($id: ID!) { reconnectConnection(id: $id, input: {}) {
      ... on CreateConnectLinkPayload { connectLink { id url } } ... on Error { code message } } }`,
    { id: connection?.id },
  )
  const { connectLink } = z
    .object({ connectLink: z.object({ id: z.string(), url: z.string() }) })
    .parse(data?.reconnectConnection)
  const url = await openIn(own, connectLink.url, await claim(mallory, connectLink.id))
  await approveEdited(url, (query) => query.delete('accountId'))
  expect(await connectionsAfterSyncs(guarded)).toBe(1)
})

test('a page that is edited to another connector of the end user does not avoid the guard', async () => {
  const guarded = await startGuarded(env)
  const { gateway, mallory, own } = guarded
  await connectOwn(guarded, 'slack')
  gateway.clock.advance(600)
  const link = await createGuardedLink(mallory, 'PIPEDREAM', { connector: 'github' })
  // Webhooks do not arrive.
  await gateway.connect.db.updateTable('connectLinks').set({ webhookTokenHash: null }).execute()
  const url = await openIn(own, link.url, await claim(mallory, link.id))
  await approveEdited(url, (query) => query.set('app', 'slack'))
  expect(await connectionsAfterSyncs(guarded)).toBe(1)
})
