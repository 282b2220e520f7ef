import { describe, expect, test } from 'vitest'
import { decide, startTestGateway } from '../../helpers/gateway.ts'
import { makeLink, navigation, returnAddress, stepsOf, visit } from './visit.ts'

const redirectUri = 'https://app.example.com/done?a=1'

describe('a browser that comes back', () => {
  test('is sent on to the application with the result', async () => {
    const gateway = await startTestGateway({ maxWaitMs: 2_000 })
    const link = await makeLink(gateway, 'FIVETRAN', { redirectUri })
    const { location } = await decide(link.providerUrl, 'approve')
    const { status, headers } = await visit(location ?? '', { headers: navigation })
    expect(status).toBe(303)
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    const to = new URL(headers.location ?? '')
    expect(Object.fromEntries(to.searchParams)).toEqual({
      a: '1',
      connect_link_id: link.globalId,
      status: 'success',
    })
    expect(await stepsOf(gateway, link)).toEqual(['CREATED', 'AUTHORIZING', 'COMPLETED'])
  })

  test('is told that it is connected where the application named no address', async () => {
    const gateway = await startTestGateway({ maxWaitMs: 2_000 })
    const link = await makeLink(gateway, 'FIVETRAN')
    const { location } = await decide(link.providerUrl, 'approve')
    const { status, text } = await visit(location ?? '', { headers: navigation })
    expect(status).toBe(200)
    expect(text).toContain('<h1>Connected</h1>')
    expect(text).not.toContain('<script')
  })

  test.each([
    ['success', 'Almost there'],
    ['error', 'Not connected yet'],
  ] as const)('by the way of %s before the provider knows of it waits: %s', async (path, title) => {
    const gateway = await startTestGateway({ maxWaitMs: 50 })
    const link = await makeLink(gateway, 'PIPEDREAM', { connector: 'github' })
    const address = await returnAddress(gateway, path)
    const { status, text, policy } = await visit(address, { headers: navigation })
    expect(status).toBe(200)
    expect(text).toContain(`<h1>${title}</h1>`)
    expect(text).toMatch(/data-events="events" data-waiting aria-live="polite"/)
    expect(policy['connect-src']).toBe("'self'")
    expect(await stepsOf(gateway, link)).toEqual(['CREATED', 'AUTHORIZING'])
  })

  test('and waits hears how it ends', async () => {
    const gateway = await startTestGateway({ maxWaitMs: 50 })
    const link = await makeLink(gateway, 'FIVETRAN')
    const address = await returnAddress(gateway)
    await visit(address, { headers: navigation })
    const stream = await fetch(new URL('events', address))
    await decide(link.providerUrl, 'approve')
    gateway.clock.advance(10)
    await gateway.poll()
    const text = await stream.text()
    expect(text).toContain('"status":"AUTHORIZING"')
    expect(text).toContain('"status":"COMPLETED","goTo":null,"title":"Connected"')
  })
})

describe('what only looks', () => {
  test.each([
    ['a HEAD', 'HEAD', navigation, 200],
    ['a prefetch', 'GET', { ...navigation, 'sec-purpose': 'prefetch' }, 503],
  ] as const)('%s marks nothing', async (_, method, headers, expected) => {
    const gateway = await startTestGateway({ maxWaitMs: 50 })
    const link = await makeLink(gateway, 'FIVETRAN', { redirectUri })
    const answer = await visit(await returnAddress(gateway), { method, headers })
    expect(answer.status).toBe(expected)
    expect(answer.headers.location).toBeUndefined()
    expect(await stepsOf(gateway, link)).toEqual(['CREATED'])
  })

  test.each(['GET', 'HEAD'])('a %s of what never was finds nothing', async (method) => {
    const { url } = await startTestGateway()
    for (const path of ['success', 'error', 'events']) {
      expect((await visit(`${url}/return/unknown/${path}`, { method })).status).toBe(404)
    }
    expect((await visit(`${url}/return/unknown/other`, { method })).status).toBe(404)
  })
})
