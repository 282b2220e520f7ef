import { describe, expect, test } from 'vitest'
import { providerFixtures } from '../fixtures/providers.ts'
import { codeOn, createBrowser } from '../server/pages/browser.ts'
import {
  approveIn,
  asApiKey,
  claim,
  confirm,
  connectionsOf,
  createGuardedLink,
  openIn,
  redirecting,
  startGuarded,
  stateOf,
} from './guarded.ts'
import { providerRequests } from './open.ts'

describe.each(redirecting)('a link of %s %o', (provider, env) => {
  test('control: without a guard, the connection of the victim is given to the attacker', async () => {
    const { mallory, other } = await startGuarded(env)
    const link = await createGuardedLink(mallory, provider, { guard: 'NONE' })
    await approveIn(other, await openIn(other, link.url))
    expect(await stateOf(mallory, link.id)).toMatchObject({
      status: 'COMPLETED',
      awaitingConfirmation: false,
    })
    expect((await connectionsOf(mallory)).nodes).toMatchObject([{ endUser: { id: 'mallory' } }])
  })

  test.each(['the URL of the link', 'the URL of the provider'])(
    'attack: the victim gets %s and completes it; the attacker gets nothing, also not later',
    async (shared) => {
      const { gateway, mallory, own, other } = await startGuarded(env)
      const api = asApiKey(gateway)
      const link = await createGuardedLink(mallory, provider)
      const providerUrl = await openIn(own, link.url, await claim(mallory, link.id))
      const { returnUrl, page } = await approveIn(
        other,
        shared === 'the URL of the link' ? await openIn(other, link.url) : providerUrl,
      )
      // The victim sees for whom it is; only the victim gets the code.
      expect(codeOn(page)).toMatch(/^\d{6}$/)
      expect(page.text).toContain('is not connected to the application yet')
      for (const browser of [own, createBrowser()]) {
        const { text, status } = await browser.navigate(returnUrl)
        expect([status, codeOn({ ...page, text })]).toEqual([200, undefined])
      }
      await gateway.connect.connectionSyncs.ensureFresh(30_000)
      expect(await stateOf(mallory, link.id)).toMatchObject({
        status: 'AUTHORIZING',
        awaitingConfirmation: true,
        connection: null,
      })
      expect(await connectionsOf(mallory)).toEqual({ totalCount: 0, nodes: [] })
      expect(await connectionsOf(api)).toEqual({ totalCount: 0, nodes: [] })

      gateway.clock.advance(901)
      await gateway.poll()
      expect(await stateOf(mallory, link.id)).toMatchObject({
        status: 'FAILED',
        awaitingConfirmation: false,
        lastFailure: { code: 'NOT_CONFIRMED' },
        connection: null,
      })
      const [method, path] = providerFixtures[provider].requests.disconnect
      const requests = await providerRequests(gateway)
      expect(requests.some((sent) => sent.method === method && sent.path.includes(path.slice(0, 9)))).toBe(
        true,
      )
      gateway.clock.advance(10)
      await gateway.connect.connectionSyncs.ensureFresh(30_000)
      expect(await connectionsOf(mallory)).toEqual({ totalCount: 0, nodes: [] })
      expect((await connectionsOf(api)).nodes).toMatchObject([{ status: 'DISCONNECTED', endUser: null }])
    },
  )

  test('the honest flow: opened from the application and completed in the same browser', async () => {
    const { mallory, own } = await startGuarded(env)
    const redirectUri = 'https://app.example.com/done'
    const link = await createGuardedLink(mallory, provider, { redirectUri })
    const { page } = await approveIn(own, await openIn(own, link.url, await claim(mallory, link.id)))
    expect(page.status).toBe(303)
    expect(new URL(page.headers.location ?? '').searchParams.get('status')).toBe('success')
    const state = await stateOf(mallory, link.id)
    expect(state).toMatchObject({ status: 'COMPLETED', awaitingConfirmation: false, connection: {} })
    const steps = state.history.map(({ to, reason }) => [to, reason])
    expect(steps).toContainEqual(['AUTHORIZING', 'AWAITING_CONFIRMATION'])
    expect((await connectionsOf(mallory)).nodes).toMatchObject([
      { status: 'ACTIVE', endUser: { id: 'mallory' } },
    ])
  })

  test('the flow in an in-app browser: the code that it shows is entered in the application', async () => {
    const { mallory, own } = await startGuarded(env)
    const link = await createGuardedLink(mallory, provider, { redirectUri: 'https://app.example.com/done' })
    const { page, returnUrl } = await approveIn(own, await openIn(own, link.url))
    const code = codeOn(page) ?? ''
    // A reload shows the same code.
    expect(codeOn(await own.navigate(returnUrl))).toBe(code)
    expect(await connectionsOf(mallory)).toEqual({ totalCount: 0, nodes: [] })
    expect(await confirm(mallory, link.id, { code })).toMatchObject({ connectLink: { status: 'COMPLETED' } })
    const { nodes } = await connectionsOf(mallory)
    expect(nodes).toMatchObject([{ status: 'ACTIVE', endUser: { id: 'mallory' } }])
    // A repeated call returns the same.
    expect(await confirm(mallory, link.id, { code })).toMatchObject({
      connectLink: { status: 'COMPLETED', connection: { id: nodes[0]?.id } },
    })
  })
})
