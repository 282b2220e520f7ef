import { expect, test } from 'vitest'
import { submitProviderPage } from '../helpers/gateway.ts'
import { codeOn } from '../server/pages/browser.ts'
import {
  approveIn,
  claim,
  confirm,
  connectionsOf,
  createGuardedLink,
  newPkce,
  openIn,
  startGuarded,
} from './guarded.ts'

/**
 * Mallory has two links, and returns through the second one while the victim approves on the page of the first. Webhooks,
 * which name the link, do not arrive before.
 */
async function approveWithTwoLinks(
  { gateway, mallory, own, other }: Awaited<ReturnType<typeof startGuarded>>,
  input: Record<string, unknown>,
) {
  const first = await createGuardedLink(mallory, 'PIPEDREAM', input)
  const second = await createGuardedLink(mallory, 'PIPEDREAM', input)
  await gateway.connect.db.updateTable('connectLinks').set({ webhookTokenHash: null }).execute()
  const isClaimed = input.guard !== 'CONFIRM'
  const firstUrl = await openIn(own, first.url, isClaimed ? await claim(mallory, first.id) : undefined)
  const secondUrl = await openIn(own, second.url, isClaimed ? await claim(mallory, second.id) : undefined)
  const denied = (await submitProviderPage(secondUrl, 'deny')).location ?? ''
  const returnUrl = denied.replace(/error$/, 'success')
  expect(returnUrl).not.toBe(denied)
  await own.navigate(returnUrl)
  await submitProviderPage(firstUrl, 'approve')
  return { second, page: await own.navigate(returnUrl), other }
}

test('the connection of one link does not complete another one with SAME_BROWSER', async () => {
  const guarded = await startGuarded()
  const { page } = await approveWithTwoLinks(guarded, {})
  expect(codeOn(page)).toBeUndefined()
  expect((await connectionsOf(guarded.mallory)).totalCount).toBe(0)
})

test('nor with CONFIRM', async () => {
  const guarded = await startGuarded()
  const { codeVerifier, codeChallenge } = newPkce()
  const { second } = await approveWithTwoLinks(guarded, { guard: 'CONFIRM', codeChallenge })
  expect(await confirm(guarded.mallory, second.id, { codeVerifier })).toMatchObject({ code: 'INVALID_STATE' })
  expect((await connectionsOf(guarded.mallory)).totalCount).toBe(0)
})

test('control: the connection of the only link completes it', async () => {
  const { gateway, mallory, own } = await startGuarded()
  const link = await createGuardedLink(mallory, 'PIPEDREAM')
  await gateway.connect.db.updateTable('connectLinks').set({ webhookTokenHash: null }).execute()
  await approveIn(own, await openIn(own, link.url, await claim(mallory, link.id)))
  expect((await connectionsOf(mallory)).totalCount).toBe(1)
})
