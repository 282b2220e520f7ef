import { describe, expect, test } from 'vitest'
import { streamStatus } from '../../../src/server/pages/status-stream.ts'
import { findLinks } from '../../../src/store/connect-links.ts'
import { decide, startTestGateway } from '../../helpers/gateway.ts'
import { listen } from '../../helpers/listen.ts'
import { endAs, makeLink, makeXpanderLink, navigation, ownForm, stepsOf, visit } from './visit.ts'

describe('a link that has ended', () => {
  test.each([
    ['COMPLETED', 'Already connected'],
    ['FAILED', 'This did not connect'],
    ['EXPIRED', 'This link has expired'],
    ['REVOKED', 'This link was withdrawn'],
    ['SUPERSEDED', 'There is a newer link'],
  ] as const)('as %s says "%s", and opens for nobody', async (status, title) => {
    const gateway = await startTestGateway()
    const link = await makeLink(gateway, 'FIVETRAN')
    await endAs(gateway, link, status)
    for (const method of ['GET', 'POST']) {
      const page = await visit(link.url, { method, headers: ownForm })
      expect(page.status).toBe(410)
      expect(page.text).toContain(`<h1>${title}</h1>`)
      expect(page.text).not.toMatch(/<form|Back to the application/)
    }
    expect(await stepsOf(gateway, link)).toEqual(['CREATED'])
  })

  test('leads back to the application with the result', async () => {
    const gateway = await startTestGateway()
    const link = await makeLink(gateway, 'FIVETRAN', {
      redirectUri: 'https://app.example.com/done?a=1',
      errorRedirectUri: 'https://app.example.com/oh-no',
    })
    const back = async () => {
      const { text } = await visit(link.url, { headers: navigation })
      expect((await visit(link.url)).text).not.toContain('app.example.com')
      return new URL((/href="(https:[^"]+)"/.exec(text)?.[1] ?? '').replaceAll('&amp;', '&'))
    }
    await endAs(gateway, link, 'COMPLETED')
    const good = await back()
    expect(good.pathname).toBe('/done')
    expect(Object.fromEntries(good.searchParams)).toEqual({
      a: '1',
      connect_link_id: link.globalId,
      status: 'success',
    })
    await endAs(gateway, link, 'REVOKED')
    const bad = await back()
    expect(bad.pathname).toBe('/oh-no')
    expect(Object.fromEntries(bad.searchParams)).toEqual({
      connect_link_id: link.globalId,
      status: 'failed',
      error: 'REVOKED',
    })
  })

  test('by the clock is over, whether or not anybody has noted it', async () => {
    const gateway = await startTestGateway()
    const link = await makeLink(gateway, 'FIVETRAN', { expiresInSeconds: 3600 })
    gateway.clock.advance(3599)
    expect((await visit(link.url)).status).toBe(200)
    gateway.clock.advance(1)
    const late = await visit(link.url, { headers: navigation })
    expect(late.status).toBe(410)
    expect(late.text).toContain('This link has expired')
  })

  test('is another thing than one that never was', async () => {
    const gateway = await startTestGateway()
    const { url } = await makeLink(gateway, 'FIVETRAN')
    for (const method of ['GET', 'POST', 'HEAD']) {
      expect((await visit(`${url}A`, { method, headers: ownForm })).status).toBe(404)
    }
  })
})

describe('a provider that sends nobody back', () => {
  test('is opened beside the page, which stays, whoever comes', async () => {
    const gateway = await startTestGateway()
    const link = await makeXpanderLink(gateway)
    for (const headers of [navigation, {}]) {
      const { status, text, policy } = await visit(link.url, { headers })
      expect(status).toBe(200)
      expect(text).toContain('<h1>Connect GitHub</h1>')
      expect(text).toMatch(/<form method="post" target="_blank" rel="noopener noreferrer"/)
      expect(text).toContain('<noscript>')
      expect(text).not.toContain(new URL(link.providerUrl).pathname)
      expect(text).not.toContain(' data-waiting')
      expect(policy['script-src']).toBe("'self'")
      expect(policy['connect-src']).toBe("'self'")
      expect(policy['form-action']).toBe(`'self' ${new URL(link.providerUrl).origin}`)
    }
    expect(await stepsOf(gateway, link)).toEqual(['CREATED'])
  })

  test('has its page wait at once when the link has been opened before', async () => {
    const gateway = await startTestGateway()
    const link = await makeXpanderLink(gateway)
    const pressed = await visit(link.url, { method: 'POST', headers: ownForm })
    expect(pressed.status).toBe(303)
    expect(pressed.headers.location).toBe(link.providerUrl)
    const { text } = await visit(link.url, { headers: navigation })
    expect(text).toContain(' data-waiting')
    expect(text).toContain('Waiting for you to finish at xpander')
  })

  test('lets its page hear each status, and where to go on the end', async () => {
    const gateway = await startTestGateway()
    const redirectUri = 'https://app.example.com/done'
    const link = await makeXpanderLink(gateway, { redirectUri })
    const stream = await fetch(`${link.url}/events`)
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(stream.headers.get('cache-control')).toBe('no-store')
    await visit(link.url, { method: 'POST', headers: ownForm })
    await decide(link.providerUrl, 'approve')
    gateway.clock.advance(10)
    await gateway.poll()
    const events = readEvents(await stream.text())
    expect(events).toMatchObject([{ status: 'CREATED' }, { status: 'OPENED' }, { status: 'COMPLETED' }])
    const result = new URLSearchParams({ connect_link_id: link.globalId, status: 'success' })
    expect(events.at(-1)).toMatchObject({ goTo: `${redirectUri}?${result}`, title: 'Connected' })
    expect(events.slice(0, -1).filter((event) => 'goTo' in event)).toEqual([])
  })

  test('lets a page that comes late hear the end alone', async () => {
    const gateway = await startTestGateway()
    const link = await makeXpanderLink(gateway)
    await gateway.post('mutation ($id: ID!) { revokeConnectLink(id: $id) { __typename } }', {
      id: link.globalId,
    })
    const stream = await fetch(`${link.url}/events`)
    expect(readEvents(await stream.text())).toMatchObject([
      { status: 'REVOKED', goTo: null, title: 'This link was withdrawn' },
    ])
  })

  test('lets its page go when the gateway is about to stop', async () => {
    const { connect, ...gateway } = await startTestGateway()
    const { id } = await makeXpanderLink({ connect, ...gateway })
    const [link] = await findLinks(connect.db, [id])
    if (link === undefined) throw new Error('there is no link')
    const closing = new AbortController()
    const site = {
      connect: { ...connect, shutdownSignal: closing.signal },
      isExposed: false,
      frameOrigins: [],
    }
    const { href } = await listen((_, response) => void streamStatus(site, link, response))
    const reader = (await fetch(href)).body?.getReader()
    await reader?.read()
    closing.abort()
    let read = await reader?.read()
    while (read?.done === false) read = await reader?.read()
    expect(read?.done).toBe(true)
  })

  test('has no stream for links that do not exist, and only a reader’s', async () => {
    const { url } = await startTestGateway()
    expect((await visit(`${url}/connect/unknown/events`)).status).toBe(404)
    expect((await visit(`${url}/connect/unknown/events`, { method: 'POST' })).status).toBe(405)
  })
})

const readEvents = (text: string): readonly object[] =>
  [...text.matchAll(/^event: status\ndata: (.+)$/gm)].map(([, json = '']) => JSON.parse(json))
