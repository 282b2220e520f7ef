import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import { rememberVisitor } from '../../../src/server/pages/visitor-cookie.ts'
import { asApiKey } from '../../graphql/guarded.ts'
import { handOver } from '../../graphql/handed-over.ts'
import { startTestGateway, submitProviderPage, type TestGateway } from '../../helpers/gateway.ts'
import { refreshTargetOf } from '../../helpers/refresh-target.ts'
import { createBrowser, type TestBrowser } from './browser.ts'
import { createTestLink, findReturnUrl, navigation, type TestLink, visit } from './visit.ts'

// Each return waits for the provider.
vi.setConfig({ testTimeout: 120_000 })

const redirectUri = 'https://app.example.com/done?secret=s3cret'
const neutral = 'You can close this window'

async function openAsColleague(gateway: TestGateway, { globalId }: TestLink, browser: TestBrowser) {
  const address = await handOver(asApiKey(gateway), globalId)
  gateway.clock.advance(1)
  const { headers } = await browser.press(address)
  return { address, cookie: String(headers['set-cookie']) }
}

async function takeBack({ clock }: TestGateway, { url }: TestLink, requester: TestBrowser) {
  await requester.submit(`${url}/take-back`, '')
  clock.advance(1)
}

test('only the end user is led to the application, whoever opened the link last', async () => {
  const gateway = await startTestGateway({ maxWaitMs: 20 })
  const link = await createTestLink(gateway, 'FIVETRAN', { redirectUri, direction: 'SOURCE' })
  const success = await findReturnUrl(gateway)
  const returnUrls = [success, success.replace(/success$/, 'error')]
  const events = success.replace(/success$/, 'events')
  const [requester, first, second] = [createBrowser(), createBrowser(), createBrowser()]
  // Without a hand-over no cookie is needed.
  expect((await requester.navigate(link.url)).headers['set-cookie']).toBeUndefined()
  for (const url of returnUrls)
    expect((await visit(url, { headers: navigation })).headers.location).toContain('s3cret')

  const { address, cookie } = await openAsColleague(gateway, link, first)
  expect(cookie).toMatch(
    /^connect-visitor-[\da-f]{12}=1\.[\w-]{43}; Path=\/return\/; Max-Age=86400; HttpOnly; SameSite=Lax$/,
  )
  expect((await first.navigate(returnUrls[1] ?? '')).text).toContain(address)
  const forged = createBrowser()
  for (const [name, value] of first.cookies) forged.cookies.set(name, value.replace(/^1/, '0'))

  const expectNeutral = async (browser: TestBrowser, secrets: readonly string[]) => {
    for (const url of returnUrls) {
      const page = await browser.navigate(url)
      expect([page.status, page.headers.location]).toEqual([200, undefined])
      expect(page.text).toContain(neutral)
      expect(page.text).not.toContain('data-events')
      for (const secret of ['app.example.com', link.url, ...secrets]) expect(page.text).not.toContain(secret)
    }
    const stream = await browser.navigate(events)
    expect(stream.text).toMatch(/^event: status\ndata: \{"goTo":null,"title":"You can close this window"/)
    expect(stream.text).not.toMatch(/app\.example|"status":/)
  }
  for (const stranger of [forged, createBrowser()]) await expectNeutral(stranger, [address])

  await takeBack(gateway, link, requester)
  await requester.press(link.url)
  await expectNeutral(first, [])
  for (const url of returnUrls) expect((await requester.navigate(url)).headers.location).toContain('s3cret')

  const later = await openAsColleague(gateway, link, second)
  await expectNeutral(first, [later.address])
  expect((await second.navigate(returnUrls[1] ?? '')).text).toContain(later.address)
  // A tab of the end user that was at the provider before.
  expect((await requester.navigate(success)).headers.location).toContain('s3cret')
})

test('without a redirect URI a former colleague does not get the address of the end user', async () => {
  const gateway = await startTestGateway({ maxWaitMs: 20 })
  const link = await createTestLink(gateway, 'FIVETRAN', { direction: 'SOURCE' })
  const url = (await findReturnUrl(gateway)).replace(/success$/, 'error')
  const [requester, colleague] = [createBrowser(), createBrowser()]
  // The browser in which the link is passed on is that of the end user, also before it opens the link again.
  await requester.submit(`${link.url}/hand-over`, '')
  expect((await requester.navigate(url)).text).toContain(link.url)
  await takeBack(gateway, link, requester)
  await openAsColleague(gateway, link, colleague)
  await takeBack(gateway, link, requester)
  await requester.press(link.url)
  const page = await colleague.navigate(url)
  expect(page.text).toContain(neutral)
  expect(page.text).not.toContain(link.url)
})

test('after a hand-over has expired its colleague learns nothing, unless the colleague has connected', async () => {
  const gateway = await startTestGateway({ maxWaitMs: 5_000 })
  const [requester, colleague] = [createBrowser(), createBrowser()]
  const expiring = async () => {
    const link = await createTestLink(gateway, 'FIVETRAN', { direction: 'SOURCE' })
    return { link, address: await handOver(asApiKey(gateway), link.globalId, { expiresInSeconds: 60 }) }
  }
  const connect = async (browser: TestBrowser, url: string) => {
    const { location } = await submitProviderPage(
      refreshTargetOf((await browser.press(url)).text) ?? '',
      'approve',
    )
    return browser.navigate(location ?? '')
  }

  const { link, address } = await expiring()
  await colleague.navigate(address)
  const { body } = await fetch(`${address}/events`)
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  let streamed = ''
  const readMore = async () => {
    const { value = '', done = true } = (await reader?.read()) ?? {}
    streamed += value
    return !done
  }
  while (!streamed.includes('"handOver":"OPENED"') && (await readMore()));
  gateway.clock.advance(61)
  await connect(requester, link.url)
  while (await readMore());
  const received = [streamed, await (await fetch(`${address}/events`)).text()]
  expect(received[0]).toContain('"handOver":"OPENED"')
  for (const text of received) {
    expect(text).toContain('"handOver":"EXPIRED"')
    expect(text).not.toMatch(/COMPLETED|Connected/)
  }
  const page = await colleague.navigate(address)
  expect([page.status, page.text.includes('This address no longer works')]).toEqual([410, true])

  const own = await expiring()
  await colleague.navigate(own.address)
  expect((await connect(colleague, own.address)).text).toContain('<h1>Connected</h1>')
  gateway.clock.advance(61)
  expect((await colleague.navigate(own.address)).text).toContain('<h1>Connected</h1>')
  expect(await (await fetch(`${own.address}/events`)).text()).toContain('"status":"COMPLETED"')
})

test('the cookie is limited to the return address below the public URL, and to https', async () => {
  const { connect } = await startTestGateway()
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  const publicUrl = new URL('https://gateway.example.com/base/')
  rememberVisitor({ connect: { ...connect, publicUrl } }, { id: 'x' }, { number: 0, response })
  expect(response.getHeader('set-cookie')).toMatch(/; Path=\/base\/return\/; .*; Secure$/)
})
