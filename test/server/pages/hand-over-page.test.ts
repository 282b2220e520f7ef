import { expect, test } from 'vitest'
import { RevokeConnectLinkDocument } from '../../generated/graphql.ts'
import { asApiKey } from '../../graphql/guarded.ts'
import { entriesOf, readLink } from '../../graphql/handed-over.ts'
import { startTestGateway, submitProviderPage, type TestGateway } from '../../helpers/gateway.ts'
import { refreshTargetOf } from '../../helpers/refresh-target.ts'
import { createBrowser, type TestBrowser } from './browser.ts'
import { createTestLink, createXpanderLink, navigation, ownForm, type TestLink, visit } from './visit.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const redirectUri = 'https://app.example.com/done'

/** Submits a form of one of the gateway's pages. */
const submit = (browser: TestBrowser, url: string, fields: Record<string, string> = {}) =>
  browser.submit(url, new URLSearchParams(fields).toString())

/** The address of the colleague on a page; `undefined`: it is not shown. */
const addressOn = (text: string) => /<input id="address" readonly value="([^"]+)"/.exec(text)?.[1]

async function handOverOnPage(browser: TestBrowser, { url }: TestLink, fields: Record<string, string> = {}) {
  const { text } = await submit(browser, `${url}/hand-over`, fields)
  return addressOn(text) ?? ''
}

const entries = (gateway: TestGateway, { globalId }: TestLink) => entriesOf(asApiKey(gateway), globalId)

test('the requester passes the link on, and only that browser sees the address, until it is opened', async () => {
  const gateway = await startTestGateway({ env: { APP_NAME: 'Acme' } })
  const link = await createTestLink(gateway, 'PIPEDREAM')
  const [requester, other, colleague] = [createBrowser(), createBrowser(), createBrowser()]
  const page = await requester.navigate(`${link.url}/hand-over`)
  expect(page.text).toContain('name="requester"')
  expect(await entries(gateway, link)).toEqual([])

  const given = { requester: 'Ada <b>', message: 'Please\r\nconnect <i>it</i>' }
  const address = await handOverOnPage(requester, link, given)
  expect(address).toMatch(/\/connect\/[\w-]{43}$/)
  expect(addressOn((await requester.navigate(link.url)).text)).toBe(address)
  for (const text of [
    (await other.navigate(link.url)).text,
    (await submit(other, `${link.url}/hand-over`)).text,
    (await other.press(link.url)).text,
    (await visit(link.url)).text,
  ]) {
    expect(text).toContain('Passed on to a colleague')
    expect(text).not.toContain(address.slice(-43))
  }

  // A preview does not count as an opening; the colleague gets the page, not a redirect.
  expect((await visit(address)).text).toContain('data-hand-over="WAITING"')
  expect((await readLink(asApiKey(gateway), link.globalId)).handOver?.state).toBe('WAITING')
  const { status, text, policy } = await colleague.navigate(address)
  expect(status).toBe(200)
  expect(text).toContain('Ada &lt;b&gt; would like you to connect HubSpot to Acme')
  expect(text).toContain('Please connect &lt;i&gt;it&lt;/i&gt;')
  expect(policy['frame-ancestors']).toBe("'none'")
  expect(addressOn((await requester.navigate(link.url)).text)).toBeUndefined()
  expect(await entries(gateway, link)).toEqual([
    'CREATED by HOSTED_PAGE: HANDED_OVER',
    'CREATED by COLLEAGUE: OPENED_BY_COLLEAGUE',
  ])
})

test('a colleague who connects is not sent to the application; the requester is', async () => {
  const gateway = await startTestGateway({ maxWaitMs: 5_000 })
  const endUser = { id: 'user-1', name: 'Ada' }
  const link = await createTestLink(gateway, 'FIVETRAN', { redirectUri, endUser, direction: 'SOURCE' })
  const [requester, colleague] = [createBrowser(), createBrowser()]
  expect((await requester.navigate(`${link.url}/hand-over`)).text).not.toContain('name="requester"')
  // The name of the end user is that of the link, whatever a form says.
  const address = await handOverOnPage(requester, link, { requester: 'Eve' })
  expect((await colleague.navigate(address)).text).toMatch(/Ada would like you/)
  const providerPage = refreshTargetOf((await colleague.press(address)).text) ?? ''
  const { location } = await submitProviderPage(providerPage, 'approve')
  const returned = await colleague.navigate(location ?? '')
  expect(returned.headers.location).toBeUndefined()
  expect(returned.text).not.toContain('app.example.com')
  await gateway.poll()
  const events = await (await fetch(`${address}/events`)).text()
  expect(events).toContain('"goTo":null')
  expect(events).not.toContain('app.example.com')
  expect(await (await fetch(`${link.url}/events`)).text()).toContain('app.example.com')
  expect((await requester.navigate(link.url)).text).toContain('app.example.com')
  const late = await colleague.navigate(address)
  expect([late.status, late.text.includes('app.example.com')]).toEqual([410, false])
})

test('a colleague declines; the requester reads the reason and can connect or pass the link on again', async () => {
  const gateway = await startTestGateway()
  const link = await createTestLink(gateway, 'PIPEDREAM')
  const [requester, colleague] = [createBrowser(), createBrowser()]
  const address = await handOverOnPage(requester, link)
  const declined = await submit(colleague, `${address}/decline`, { reason: 'Not <mine>' })
  expect(declined.text).toContain('You have declined')
  expect((await submit(colleague, `${address}/decline`)).status).toBe(410)
  expect((await colleague.press(address)).status).toBe(410)
  expect((await fetch(`${address}/events`)).status).toBe(200)
  // The reason is shown first; a press of the button leads to the provider.
  const page = await requester.navigate(link.url)
  expect(page.status).toBe(200)
  expect(page.text).toContain('Not &lt;mine&gt;')
  expect(await handOverOnPage(requester, link)).not.toBe('')
  expect((await submit(requester, `${link.url}/take-back`)).text).toContain('You have taken the link back')
  gateway.clock.advance(1)
  expect(refreshTargetOf((await requester.press(link.url)).text)).toBe(link.providerUrl)
  expect((await requester.navigate(link.url)).headers.location).toBe(link.providerUrl)
})

test('requests of other sites, previews and GET change nothing', async () => {
  const gateway = await startTestGateway()
  const link = await createTestLink(gateway, 'PIPEDREAM')
  const forged = { ...navigation, ...form, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
  const old = { ...form, origin: 'https://evil.example' }
  const change = async (url: string) => {
    for (const headers of [forged, old])
      expect((await visit(url, { method: 'POST', headers, body: 'message=x&reason=x' })).status).toBe(200)
    for (const method of ['GET', 'HEAD']) expect((await visit(url, { method })).status).toBe(200)
    expect((await visit(url, { method: 'PUT', headers: ownForm })).status).toBe(405)
  }
  for (const action of ['hand-over', 'take-back', 'cancel', 'decline']) await change(`${link.url}/${action}`)
  expect(await entries(gateway, link)).toEqual([])
  const address = await handOverOnPage(createBrowser(), link)
  for (const action of ['hand-over', 'take-back', 'cancel', 'decline']) {
    await change(`${link.url}/${action}`)
    await change(`${address}/${action}`)
  }
  // The colleague can neither take the link back nor pass it on nor cancel for the end user, and the end user not decline.
  for (const action of ['hand-over', 'take-back', 'cancel'])
    await submit(createBrowser(), `${address}/${action}`)
  await submit(createBrowser(), `${link.url}/decline`)
  await submit(createBrowser(), `${link.url}/cancel`)
  expect(await entries(gateway, link)).toEqual(['CREATED by HOSTED_PAGE: HANDED_OVER'])
  for (const action of ['hand-over', 'decline'])
    expect((await visit(`${gateway.url}/connect/unknown/${action}`)).status).toBe(404)
})

test('an address of a link that was revoked, or that has expired, shows that, and cannot be used', async () => {
  const gateway = await startTestGateway()
  const [requester, colleague] = [createBrowser(), createBrowser()]
  const revoked = await createTestLink(gateway, 'PIPEDREAM')
  const address = await handOverOnPage(requester, revoked)
  await colleague.navigate(address)
  await gateway.send(RevokeConnectLinkDocument, { id: revoked.globalId })
  for (const page of [
    await colleague.press(address),
    await submit(colleague, `${address}/decline`),
    await submit(requester, `${revoked.url}/take-back`),
  ])
    expect([page.status, page.text.includes('This link was canceled')]).toEqual([410, true])
  const expired = await createTestLink(gateway, 'PIPEDREAM')
  const second = await handOverOnPage(requester, expired)
  gateway.clock.advance(5 * 3600)
  for (const page of [await colleague.press(second), await requester.navigate(expired.url)])
    expect([page.status, page.text.includes('This link has expired')]).toEqual([410, true])
})

test('a link with the guard SAME_BROWSER is not offered to colleagues', async () => {
  const gateway = await startTestGateway()
  const link = await createTestLink(gateway, 'PIPEDREAM', { guard: 'SAME_BROWSER' })
  const browser = createBrowser()
  expect((await visit(link.url)).text).not.toContain('hand-over')
  expect((await browser.navigate(`${link.url}/hand-over`)).text).toContain('This cannot be passed on')
  expect(await handOverOnPage(browser, link)).toBe('')
  expect(await entries(gateway, link)).toEqual([])
})

test('Cancel leads back to the application with error=CANCELLED, or says so', async () => {
  const gateway = await startTestGateway()
  const browser = createBrowser()
  const link = await createTestLink(gateway, 'PIPEDREAM', {
    redirectUri,
    errorRedirectUri: 'https://app.example.com/failed?a=1',
  })
  await browser.navigate(link.url)
  const target = refreshTargetOf((await submit(browser, `${link.url}/cancel`)).text) ?? ''
  expect(new URL(target.replaceAll('&amp;', '&')).searchParams.get('error')).toBe('CANCELLED')
  expect(target).toContain('https://app.example.com/failed?a=1')
  const waiting = await createXpanderLink(gateway)
  expect((await browser.navigate(waiting.url)).text).toContain(`/cancel"`)
  const { text } = await submit(browser, `${waiting.url}/cancel`)
  expect(text).toContain('You have canceled')
  expect(text).toContain('Try again')
  expect(await entries(gateway, waiting)).toEqual(['AUTHORIZING by HOSTED_PAGE: CANCELLED'])
})
