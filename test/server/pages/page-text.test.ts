import { describe, expect, test } from 'vitest'
import { noBranding } from '../../../src/domain/branding.ts'
import { streamStatus } from '../../../src/server/pages/status-stream.ts'
import { findLinks } from '../../../src/store/connect-links.ts'
import { startTestGateway, submitProviderPage } from '../../helpers/gateway.ts'
import { listen } from '../../helpers/listen.ts'
import { refreshTargetOf } from '../../helpers/refresh-target.ts'
import {
  createTestLink,
  createXpanderLink,
  navigation,
  ownForm,
  setLinkStatus,
  statusHistoryOf,
  visit,
} from './visit.ts'

describe('a link that has ended', () => {
  test.each([
    ['COMPLETED', 'Already connected'],
    ['FAILED', 'Connection failed'],
    ['EXPIRED', 'This link has expired'],
    ['REVOKED', 'This link was canceled'],
    ['SUPERSEDED', 'There is a newer link'],
  ] as const)('as %s shows "%s" and cannot be opened', async (status, title) => {
    const gateway = await startTestGateway()
    const link = await createTestLink(gateway, 'FIVETRAN')
    await setLinkStatus(gateway, link, status)
    for (const method of ['GET', 'POST']) {
      const page = await visit(link.url, { method, headers: ownForm })
      expect(page.status).toBe(410)
      expect(page.text).toContain(`<h1>${title}</h1>`)
      expect(page.text).not.toMatch(/<form|Back to the application/)
    }
    expect(await statusHistoryOf(gateway, link)).toEqual(['CREATED'])
  })

  test('shows a link back to the application with the result, to end users only', async () => {
    const gateway = await startTestGateway()
    const link = await createTestLink(gateway, 'FIVETRAN', {
      redirectUri: 'https://app.example.com/done?a=1',
      errorRedirectUri: 'https://app.example.com/oh-no',
    })
    const returnUrl = async () => {
      const { text } = await visit(link.url, { headers: navigation })
      expect((await visit(link.url)).text).not.toContain('app.example.com')
      return new URL((/href="(https:[^"]+)"/.exec(text)?.[1] ?? '').replaceAll('&amp;', '&'))
    }
    await setLinkStatus(gateway, link, 'COMPLETED')
    const success = await returnUrl()
    expect(success.pathname).toBe('/done')
    expect(Object.fromEntries(success.searchParams)).toEqual({
      a: '1',
      connect_link_id: link.globalId,
      status: 'success',
    })
    await setLinkStatus(gateway, link, 'REVOKED')
    const failure = await returnUrl()
    expect(failure.pathname).toBe('/oh-no')
    expect(Object.fromEntries(failure.searchParams)).toEqual({
      connect_link_id: link.globalId,
      status: 'failed',
      error: 'REVOKED',
    })
  })

  test('is shown as expired after its expiry, even if its status has not been updated', async () => {
    const gateway = await startTestGateway()
    const link = await createTestLink(gateway, 'FIVETRAN', { expiresInSeconds: 3600 })
    gateway.clock.advance(3599)
    expect((await visit(link.url)).status).toBe(200)
    gateway.clock.advance(1)
    const page = await visit(link.url, { headers: navigation })
    expect(page.status).toBe(410)
    expect(page.text).toContain('This link has expired')
  })

  test('differs from an unknown link, which returns 404', async () => {
    const gateway = await startTestGateway()
    const { url } = await createTestLink(gateway, 'FIVETRAN')
    for (const method of ['GET', 'POST', 'HEAD']) {
      expect((await visit(`${url}A`, { method, headers: ownForm })).status).toBe(404)
    }
  })
})

describe('the link page of a provider without a redirect', () => {
  test('opens the provider in a second tab by its button, for any request', async () => {
    const gateway = await startTestGateway()
    const link = await createXpanderLink(gateway)
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
      expect(policy['form-action']).toBe("'self'")
    }
    expect(await statusHistoryOf(gateway, link)).toEqual(['CREATED'])
  })

  test('waits from the start if the link was opened before', async () => {
    const gateway = await startTestGateway()
    const link = await createXpanderLink(gateway)
    const pressed = await visit(link.url, { method: 'POST', headers: ownForm })
    expect(pressed.status).toBe(200)
    expect(refreshTargetOf(pressed.text)).toBe(link.providerUrl)
    const { text } = await visit(link.url, { headers: navigation })
    expect(text).toContain(' data-waiting')
    expect(text).toContain('Waiting for you to finish at xpander')
  })

  test('receives each status as a server-sent event, and the redirect URL with the last one', async () => {
    const gateway = await startTestGateway()
    const redirectUri = 'https://app.example.com/done'
    const link = await createXpanderLink(gateway, { redirectUri })
    const stream = await fetch(`${link.url}/events`)
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(stream.headers.get('cache-control')).toBe('no-store')
    await visit(link.url, { method: 'POST', headers: ownForm })
    await submitProviderPage(link.providerUrl, 'approve')
    gateway.clock.advance(10)
    await gateway.poll()
    const events = readEvents(await stream.text())
    expect(events).toMatchObject([{ status: 'CREATED' }, { status: 'OPENED' }, { status: 'COMPLETED' }])
    const result = new URLSearchParams({ connect_link_id: link.globalId, status: 'success' })
    expect(events.at(-1)).toMatchObject({ goTo: `${redirectUri}?${result}`, title: 'Connected' })
    expect(events.slice(0, -1).filter((event) => 'goTo' in event)).toEqual([])
  })

  test('receives only the last status if the link has already ended', async () => {
    const gateway = await startTestGateway()
    const link = await createXpanderLink(gateway)
    await gateway.post('mutation ($id: ID!) { revokeConnectLink(id: $id) { __typename } }', {
      id: link.globalId,
    })
    const stream = await fetch(`${link.url}/events`)
    expect(readEvents(await stream.text())).toMatchObject([
      { status: 'REVOKED', goTo: null, title: 'This link was canceled' },
    ])
  })

  test('has its stream ended when the gateway shuts down', async () => {
    const { connect, ...gateway } = await startTestGateway()
    const { id } = await createXpanderLink({ connect, ...gateway })
    const [link] = await findLinks(connect.db, [id])
    if (link === undefined) throw new Error('there is no link')
    const closing = new AbortController()
    const pages = {
      connect: { ...connect, shutdownSignal: closing.signal },
      clientOf: () => ({ address: '192.0.2.1', userAgent: null }),
      startAccess: null,
      graphiql: null,
      isTrustedOnly: false,
      applicationOrigins: [],
      embedOrigins: [],
      sandboxOrigin: null,
      branding: noBranding,
    }
    const { href } = await listen(
      (_, response) => void streamStatus(pages, { link, colleague: null }, response),
    )
    const reader = (await fetch(href)).body?.getReader()
    await reader?.read()
    closing.abort()
    let read = await reader?.read()
    while (read?.done === false) read = await reader?.read()
    expect(read?.done).toBe(true)
  })

  test('has no stream for an unknown link, and allows no POST to it', async () => {
    const { url } = await startTestGateway()
    expect((await visit(`${url}/connect/unknown/events`)).status).toBe(404)
    expect((await visit(`${url}/connect/unknown/events`, { method: 'POST' })).status).toBe(405)
  })
})

const readEvents = (text: string): readonly object[] =>
  [...text.matchAll(/^event: status\ndata: (.+)$/gm)].map(([, json = '']) => JSON.parse(json))
