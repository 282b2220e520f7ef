import { describe, expect, test } from 'vitest'
import { noBranding } from '../../../src/domain/branding.ts'
import { safely } from '../../../src/server/routes.ts'
import { CreateSessionDocument } from '../../generated/graphql.ts'
import { asEndUser } from '../../graphql/as-end-user.ts'
import { startTestGateway, submitProviderPage } from '../../helpers/gateway.ts'
import { listen } from '../../helpers/listen.ts'
import { createTestLink, createXpanderLink, findReturnUrl, setLinkStatus, visit } from './visit.ts'

const german = { 'accept-language': 'de-AT,de;q=0.9,en;q=0.5' }

describe('the language of the pages', () => {
  test('is that of the browser, and caches get it from Vary', async () => {
    const gateway = await startTestGateway({ env: { APP_NAME: 'Acme' } })
    const link = await createTestLink(gateway, 'FIVETRAN', { connector: 'hubspot' })
    const page = await visit(link.url, { headers: german })
    expect(page.text).toContain('<html lang="de" dir="ltr"')
    expect(page.text).toContain('<title>HubSpot mit Acme verbinden</title>')
    expect(page.text).toContain('<button>Weiter zu Fivetran</button>')
    expect(page.headers).toMatchObject({ 'content-language': 'de', vary: 'Accept-Language' })
    expect((await visit(link.url)).headers['content-language']).toBe('en')

    await setLinkStatus(gateway, link, 'EXPIRED')
    expect((await visit(link.url, { headers: german })).text).toContain('Dieser Link ist abgelaufen')
    for (const [path, title] of [
      ['nothing/at/all', 'Seite nicht gefunden'],
      ['connect/unknown', 'Diesen Link gibt es nicht'],
      ['return/unknown/success', 'Diesen Link gibt es nicht'],
    ])
      expect((await visit(`${gateway.url}/${path}`, { headers: german })).text).toContain(`<h1>${title}</h1>`)
  })

  test('is that of the link on all its pages, and in the texts that the waiting page receives', async () => {
    const gateway = await startTestGateway()
    const link = await createXpanderLink(gateway, { locale: 'FR-ca' })
    const page = await visit(link.url, { headers: german })
    expect(page.text).toContain('<html lang="fr" dir="ltr"')
    expect(page.text).toContain('data-text-while-waiting="Terminez chez xpander')
    expect(page.headers['content-language']).toBe('fr')
    expect(page.text).toMatch(
      /<p>Nommez la connexion « user-1 · \w+ ». Rendez-la accessible à toute l’organisation.<\/p>/,
    )
    expect(page.text).not.toMatch(/Name the connection|whole organization/)
    // The provider's part is not translated.
    expect(page.text).toContain('<p>Open the page of GitHub and sign in to connect it.</p>')
    expect(page.headers.vary).toBeUndefined()
    await submitProviderPage(link.providerUrl, 'approve')
    gateway.clock.advance(10)
    await gateway.poll()
    const stream = await (await fetch(`${link.url}/events`, { headers: german })).text()
    expect(stream).toContain('"title":"Connecté"')
    const ended = await visit(link.url, { headers: german })
    expect(ended.text).toContain('<h1>Déjà connecté</h1>')
  })

  test('is that of the browser for a locale that the pages do not have', async () => {
    const gateway = await startTestGateway()
    const link = await createTestLink(gateway, 'FIVETRAN', { locale: 'zh-Hant-TW' })
    expect((await visit(link.url, { headers: german })).headers).toMatchObject({
      'content-language': 'de',
      vary: 'Accept-Language',
    })
    expect((await visit(link.url)).headers['content-language']).toBe('en')
  })

  test('is that of the session that creates the link, unless the link has its own', async () => {
    const gateway = await startTestGateway()
    const user = await asEndUser(gateway, 'ada', { locale: 'es' })
    const languageOf = async (locale?: string) => {
      const link = await createTestLink(
        {
          ...gateway,
          send: (document, variables) =>
            user.query(String(document), variables ?? {}).then(({ data }) => data as never),
        },
        'FIVETRAN',
        locale === undefined ? {} : { locale },
      )
      return (await visit(link.url, { headers: german })).headers['content-language']
    }
    expect(await languageOf()).toBe('es')
    expect(await languageOf('ja-JP')).toBe('ja')
  })

  test('of the return page is that of the link', async () => {
    const gateway = await startTestGateway({ maxWaitMs: 50 })
    await createTestLink(gateway, 'CENSUS', { locale: 'pt-BR' })
    const page = await visit(await findReturnUrl(gateway))
    expect(page.text).toContain('<h1>Quase lá</h1>')
  })

  test('is refused if it is malformed', async () => {
    const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
    for (const locale of ['', 'd', 'de_DE', 'de-', `de-x-${'a'.repeat(40)}`, 'e\u0000', '*']) {
      const input = { endUser: { id: 'ada' }, locale }
      expect((await gateway.send(CreateSessionDocument, { input })).createSession).toMatchObject({
        issues: [{ path: ['input', 'locale'], message: expect.stringContaining('must be a language tag') }],
      })
    }
  })
})

test('a failed request shows browsers a page, without details, and other clients JSON', async () => {
  const errors: unknown[] = []
  const fail = async () => {
    throw new Error('secret')
  }
  const handle = safely(fail, (error) => errors.push(error), { branding: noBranding })
  const { href } = await listen(handle)
  const page = await visit(href, { headers: { ...german, accept: 'text/html,*/*' } })
  expect([page.status, page.text]).toEqual([
    500,
    expect.stringContaining('<h1>Etwas ist schiefgegangen</h1>'),
  ])
  expect(page.text).not.toContain('secret')
  expect(JSON.parse((await visit(href)).text)).toEqual({ status: 'error' })
  expect(errors).toHaveLength(2)
})
