import { expect, test, vi } from 'vitest'
import {
  ConnectionsDocument,
  CreateSessionDocument,
  RevokeSessionsDocument,
} from '../../generated/graphql.ts'
import { followReturnUrl, startTestGateway, submitProviderPage } from '../../helpers/gateway.ts'
import { refreshTargetOf } from '../../helpers/refresh-target.ts'
import { createTestLink, navigation, ownForm, visit } from '../pages/visit.ts'
import { createPortal, fieldOf, openPortal, returnUrl, visitorOf } from './open.ts'

vi.setConfig({ testTimeout: 120_000 })

/** Follows the page after a form to the link, approves it, and returns the address of the portal's result page. */
async function approve(linkUrl: string | undefined): Promise<string> {
  const { location } = await submitProviderPage(linkUrl ?? '', 'approve')
  return (await followReturnUrl(location)) ?? ''
}

test('an end user searches, connects, sees and removes a connection without JavaScript', async () => {
  const { gateway, get, submit, portalUrl, token } = await openPortal({ env: { APP_NAME: 'Acme' } })
  const found = await get('?q=hubspot')
  expect(found.text).toContain('href="application?slug=hubspot"')
  const page = await get('application?slug=github')
  expect(page.text).toContain('Connect GitHub to Acme<')
  const fields = { slug: 'github', key: fieldOf(page, 'key') }
  const sent = await submit('application', fields)
  const again = await submit('application', fields)
  const linkUrl = refreshTargetOf(sent.text)
  expect(linkUrl).toContain(`${gateway.url}/connect/`)
  expect(refreshTargetOf(again.text)).toBe(linkUrl)
  expect((await get('connections')).text).toContain('Not finished')

  const doneUrl = await approve(linkUrl)
  expect(doneUrl).toMatch(`${portalUrl}done?connect_link_id=`)
  const done = await visit(doneUrl)
  expect(done.text).toContain('GitHub is connected')
  expect((await get()).text).toContain('Recently used')

  const list = await get('connections')
  expect(list.text).not.toContain('Not finished')
  const [, id = ''] = /href="remove\?id=([^"]+)"/.exec(list.text) ?? []
  const connectedAt = /Connected on <time datetime="[^"]+">\w+ \d+, \d{4}, [^<]+ UTC<\/time>/
  expect(list.text).toMatch(connectedAt)
  const other = await get('application?slug=github')
  expect(other.text).toContain('You have connected GitHub already.')
  expect(other.text).toMatch(connectedAt)
  expect(other.text).toContain('<button>Connect another account</button>')
  expect((await get('application?slug=slack')).text).toContain('<button>Connect Slack</button>')
  const question = await get(`remove?id=${id}`)
  expect(question.text).toContain('Remove GitHub?')
  expect(question.text).toMatch(connectedAt)
  const removed = await submit('remove', { id: decodeURIComponent(id) })
  const last = await get(refreshTargetOf(removed.text))
  expect(last.text).toContain('GitHub was removed.')
  expect(last.text).toContain('You have no connections.<')
  const stranger = visitorOf((await createPortal(gateway, { endUser: { id: 'stranger' } })).portalUrl)
  for (const page of [
    await get(`connections?removed=${encodeURIComponent('Call +1 555 0100. GitHub')}`),
    await stranger.get(`connections?removed=${id}`),
  ]) {
    expect(page.status).toBe(200)
    expect(page.text).not.toMatch(/555 0100|was removed/)
  }
  const filter = { statuses: ['DISCONNECTED' as const] }
  const { connections } = await gateway.send(ConnectionsDocument, { filter })
  expect(connections?.nodes).toHaveLength(1)

  const events = await gateway.connect.db
    .selectFrom('auditEvents')
    .select(['operation', 'actorKind'])
    .execute()
  const bySession = events
    .filter(({ actorKind }) => actorKind === 'SESSION')
    .map(({ operation }) => operation)
  expect(bySession).toEqual(expect.arrayContaining(['createConnectLink', 'disconnectConnection']))
  for (const secret of [token, portalUrl.split('/').at(-2) ?? ''])
    expect(gateway.logged()).not.toContain(secret)
})

test('an application that was begun is continued, by the same end user in the portal only', async () => {
  const { gateway, get, submit } = await openPortal({}, { providers: ['PIPEDREAM'] })
  const connect = async ({ submit: send }: Pick<typeof first, 'submit'>, key: string, slug = 'github') =>
    refreshTargetOf((await send('application', { slug, key })).text)
  const first = { get, submit }
  const own = await createTestLink(gateway, 'PIPEDREAM', { connector: 'github', redirectUri: returnUrl })
  const begun = await connect(first, 'one')
  expect(begun).not.toBe(own.url)
  expect(await connect(first, 'two')).toBe(begun)
  expect(await connect(first, 'three', 'slack')).not.toBe(begun)
  const stranger = visitorOf((await createPortal(gateway, { endUser: { id: 'user-2' } })).portalUrl)
  expect(await connect(stranger, 'four')).not.toBe(begun)

  const later = await createPortal(gateway, { providers: ['PIPEDREAM'] })
  expect(await connect(visitorOf(later.portalUrl), 'five')).toBe(begun)
  const { location } = await submitProviderPage(begun ?? '', 'deny')
  expect(await followReturnUrl(location)).toMatch(`${later.portalUrl}done?`)
  const { text } = await get('connections')
  expect(text).toMatch(/Started on <time datetime="[^"]+">/)
  expect(text.match(/The last attempt failed: the access was not allowed/g)).toHaveLength(1)
  expect(await connect(first, 'six')).toBe(begun)

  await visit(`${begun}/hand-over`, { method: 'POST', headers: ownForm })
  const second = await connect(first, 'seven')
  expect(second).not.toBe(begun)
  const limited = visitorOf((await createPortal(gateway, { providers: ['FIVETRAN'] })).portalUrl)
  expect(await connect(limited, 'eight')).not.toBe(second)
  gateway.clock.advance(4 * 3600 - 60)
  expect(await connect(visitorOf((await createPortal(gateway)).portalUrl), 'nine')).not.toBe(second)
})

test('each token is accepted in its own place only, and a form only from the portal', async () => {
  const { gateway, submit, portalUrl, token, get } = await openPortal()
  const portalToken = portalUrl.split('/').at(-2) ?? ''
  const headers = { authorization: `Bearer ${portalToken}` }
  expect((await gateway.post('{ viewer { kind } }', {}, headers)).status).toBe(401)
  expect((await visit(`${gateway.url}/portal/${token}/`)).status).toBe(404)
  const page = await get()
  expect(page.headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' })
  expect(page.headers['set-cookie']).toBeUndefined()
  expect(page.policy['frame-ancestors']).toBe("'none'")
  const withoutSlash = await visit(`${gateway.url}/portal/${portalToken}`)
  expect(withoutSlash).toMatchObject({ status: 308, headers: { location: `./${portalToken}/` } })
  const forged = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
  const response = await submit('application', { slug: 'github', key: 'k' }, forged)
  expect(response.status).toBe(403)
  expect(await gateway.connect.db.selectFrom('connectLinks').select('id').execute()).toEqual([])
})

test('a session gets in the portal what it gets in the API', async () => {
  const { gateway, submit } = await openPortal()
  const page = await submit('application', { slug: 'github', key: 'first' })
  await approve(refreshTargetOf(page.text))
  const { connections } = await gateway.send(ConnectionsDocument, {})
  const id = connections?.nodes?.[0]?.id ?? ''

  const stranger = visitorOf((await createPortal(gateway, { endUser: { id: 'user-2' } })).portalUrl)
  expect((await stranger.get('connections')).text).toContain('You have no connections yet.')
  expect((await stranger.get(`remove?id=${encodeURIComponent(id)}`)).status).toBe(404)
  expect((await stranger.submit('remove', { id })).status).toBe(404)
  expect((await stranger.submit('reconnect', { id, key: 'k' })).status).toBe(404)

  const reader = visitorOf((await createPortal(gateway, { permissions: ['READ'] })).portalUrl)
  const list = await reader.get('connections')
  expect(list.text).toContain('GitHub')
  expect(list.text).not.toMatch(/href="remove|action="reconnect"|href="\.\/"/)
  expect((await reader.submit('remove', { id })).status).toBe(403)
  expect((await reader.submit('application', { slug: 'github', key: 'k' })).status).toBe(404)

  const linker = visitorOf((await createPortal(gateway, { permissions: ['LINK'] })).portalUrl)
  expect((await linker.get('connections')).status).toBe(403)
  expect((await linker.get()).text).not.toContain('My connections')
  const limited = visitorOf((await createPortal(gateway, { connectors: ['hubspot'] })).portalUrl)
  expect((await limited.get('?q=github')).text).not.toContain('slug=github"')
  expect((await limited.submit('application', { slug: 'github', key: 'k' })).status).toBe(404)
  expect((await limited.get('connections')).text).not.toMatch(/href="remove|action="reconnect"/)
  expect((await limited.submit('remove', { id })).status).toBe(403)
})

test('an error of the API is a text at its place', async () => {
  const { gateway, submit, get } = await openPortal({
    env: { MAX_OPEN_LINKS_PER_END_USER: '1', RATE_LIMIT_SESSION: '10000' },
  })
  await gateway.control('POST', 'faults', { provider: 'PIPEDREAM', times: 100, status: 503, body: {} })
  await gateway.control('POST', 'faults', { provider: 'FIVETRAN', times: 100, status: 503, body: {} })
  await gateway.control('POST', 'faults', { provider: 'CENSUS', times: 100, status: 503, body: {} })
  await gateway.control('POST', 'faults', { provider: 'XPANDER', times: 100, status: 503, body: {} })
  const down = await submit('application', { slug: 'github', key: 'one' })
  expect(down.status).toBe(503)
  expect(down.text).toContain('GitHub cannot be connected at the moment')
  await gateway.control('DELETE', 'faults')
  gateway.clock.advance(120)

  const first = await submit('application', { slug: 'github', key: 'two' })
  expect(refreshTargetOf(first.text)).toContain('/connect/')
  const tooMany = await submit('application', { slug: 'slack', key: 'three' })
  expect(tooMany.status).toBe(409)
  expect(tooMany.text).toContain('role="alert"')
  const unfinished = fieldOf(await get('connections'), 'id')
  const canceled = await get(refreshTargetOf((await submit('cancel', { id: unfinished })).text))
  expect(canceled.text).toContain('GitHub')
  expect(canceled.text).toContain('canceled')
  expect((await get('connections?canceled=Call+us')).text).not.toContain('Call us')
  expect(refreshTargetOf((await submit('application', { slug: 'slack', key: 'four' })).text)).toContain(
    '/connect/',
  )
  expect((await get('application?slug=no-such-application')).status).toBe(404)

  let limited = await get()
  for (let count = 0; count < 100 && limited.status === 200; count += 1) limited = await get()
  expect(limited.status).toBe(429)
  expect(limited.headers['retry-after']).toMatch(/^\d+$/)
})

test('a session that has ended gets a page that says so and leads on', async () => {
  const { gateway, submit, get } = await openPortal({}, { expiresInSeconds: 60 })
  const sent = await submit('application', { slug: 'github', key: 'k' })
  gateway.clock.advance(60)
  const expired = await get('connections')
  expect(expired.status).toBe(410)
  expect(expired.text).toContain('Your session has ended')
  expect(expired.text).toContain(`href="${returnUrl}"`)
  expect((await submit('application', { slug: 'slack', key: 'k2' })).status).toBe(410)
  const done = await visit(await approve(refreshTargetOf(sent.text)))
  expect(done.status).toBe(410)
  expect(done.text).toContain('GitHub is connected')

  const other = visitorOf((await createPortal(gateway, { endUser: { id: 'user-2' } })).portalUrl)
  await gateway.send(RevokeSessionsDocument, { endUserId: 'user-2' })
  const revoked = await other.get()
  expect(revoked.status).toBe(410)
  expect(revoked.text).toContain('This session was closed')
})

test('the return URL of a session is checked as redirect URIs are', async () => {
  const gateway = await startTestGateway({ env: { REDIRECT_ORIGINS: 'http://127.0.0.1:1' } })
  for (const bad of ['javascript:alert(1)', 'https://evil.example/', 'http://127.0.0.1:2/']) {
    const input = { endUser: { id: 'user-1' }, returnUrl: bad }
    const { createSession } = await gateway.send(CreateSessionDocument, { input })
    expect(createSession).toMatchObject({ issues: [{ path: ['input', 'returnUrl'] }] })
  }
})

test('EMBED_ORIGINS may frame the portal and embeddable links, also their redirects', async () => {
  const embedder = 'https://app.example.com'
  const { gateway, get, submit } = await openPortal({ env: { EMBED_ORIGINS: embedder } })
  const framed = await get('application?slug=github', { 'sec-fetch-dest': 'iframe' })
  expect(framed.policy['frame-ancestors']).toBe(embedder)
  expect(framed.text).toContain('target="_blank"')
  expect(framed.text).toContain('target="_top"')
  expect((await get('application?slug=github')).text).not.toContain('target="_blank"')
  const sent = await submit('application', { slug: 'github', key: 'k' })
  expect(sent.policy['frame-ancestors']).toBe(embedder)
  const waiting = await submit('application', { slug: 'github', key: 'k', wait: '1' })
  expect(waiting.text).toContain('data-events="../../connect/')
  expect(await gateway.connect.db.selectFrom('connectLinks').select('id').execute()).toHaveLength(1)

  const redirectUri = 'https://app.example.com/back'
  const embeddable = await createTestLink(gateway, 'CENSUS', { redirectUri })
  const other = await createTestLink(gateway, 'FIVETRAN')
  const redirected = await visit(embeddable.url, { headers: navigation })
  expect(redirected).toMatchObject({ status: 302, policy: { 'frame-ancestors': embedder } })
  const refused = await visit(other.url, { headers: navigation })
  expect(refused).toMatchObject({ status: 302, policy: { 'frame-ancestors': "'none'" } })
  const { location } = await submitProviderPage(embeddable.url, 'approve')
  const returned = await visit(location ?? '', { headers: navigation })
  expect(returned).toMatchObject({ status: 303, policy: { 'frame-ancestors': embedder } })
})
