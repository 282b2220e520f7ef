import { expect, test } from 'vitest'
import { providerKeys } from '../../src/domain/provider-key.ts'
import { submitProviderPage } from '../helpers/gateway.ts'
import { providersWith } from '../helpers/providers.ts'
import { refreshTargetOf } from '../helpers/refresh-target.ts'
import { codeOn, type TestBrowser } from '../server/pages/browser.ts'
import { claim, confirm, connectionsOf, createGuardedLink, startGuarded, stateOf } from './guarded.ts'

/** Providers that do not send the browser back: the gateway's own page waits. */
const withoutRedirect = providerKeys.filter((key) => !providersWith('successRedirect').includes(key))

async function startLink(provider: (typeof withoutRedirect)[number], input: Record<string, unknown> = {}) {
  const started = await startGuarded()
  const link = await createGuardedLink(started.mallory, provider, input)
  return {
    ...started,
    link,
    /** The end user of that browser presses the button and approves in the second tab. */
    async completeIn(browser: TestBrowser) {
      await browser.navigate(link.url)
      const { text } = await browser.press(link.url)
      await submitProviderPage(refreshTargetOf(text) ?? '', 'approve')
      started.gateway.clock.advance(10)
      await started.gateway.poll()
    },
  }
}

test.each(withoutRedirect)(
  '%s: the waiting page of the claimed browser releases the connection',
  async (provider) => {
    const { mallory, own, link, completeIn } = await startLink(provider, {
      redirectUri: 'https://app.example.com/done',
    })
    await own.submitClaim(link.url, await claim(mallory, link.id))
    await completeIn(own)
    expect(await stateOf(mallory, link.id)).toMatchObject({ awaitingConfirmation: true, connection: null })
    const page = await own.navigate(link.url)
    expect([page.status, new URL(page.headers.location ?? '').searchParams.get('status')]).toEqual([
      302,
      'success',
    ])
    expect((await connectionsOf(mallory)).nodes).toMatchObject([{ endUser: { id: 'mallory' } }])
  },
)

test.each(withoutRedirect)('%s: another browser gets a code, and a third one nothing', async (provider) => {
  const { mallory, own, other, link, completeIn } = await startLink(provider)
  await completeIn(other)
  // It has not opened the link before the connection was made.
  expect(codeOn(await own.navigate(link.url))).toBeUndefined()
  const code = codeOn(await other.navigate(link.url)) ?? ''
  expect(code).toMatch(/^\d{6}$/)
  expect(await connectionsOf(mallory)).toEqual({ totalCount: 0, nodes: [] })
  expect(await confirm(mallory, link.id, { code })).toMatchObject({ connectLink: { status: 'COMPLETED' } })
})

test.each(withoutRedirect)(
  '%s: attack with the URL of the link: the claimed browser gets nothing',
  async (provider) => {
    const { gateway, mallory, own, other, link, completeIn } = await startLink(provider)
    await own.submitClaim(link.url, await claim(mallory, link.id))
    await own.press(link.url)
    await completeIn(other)
    const page = await own.navigate(link.url)
    expect(page.text).toContain('This could not be confirmed')
    expect(await connectionsOf(mallory)).toEqual({ totalCount: 0, nodes: [] })
    gateway.clock.advance(901)
    await gateway.poll()
    expect(await stateOf(mallory, link.id)).toMatchObject({ status: 'FAILED', connection: null })
    expect(await connectionsOf(mallory)).toEqual({ totalCount: 0, nodes: [] })
  },
)
