import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, test, vi } from 'vitest'
import { RevokeSessionsDocument } from '../generated/graphql.ts'
import { approveAndReturn, type TestGateway } from '../helpers/gateway.ts'
import { createTestLink } from '../server/pages/visit.ts'
import { createPortal, openPortal } from '../server/portal/open.ts'
import { noBrowser, screenshot, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 300_000 })

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const longName = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'

/** Connections of user-1 in all states, with a long name among them. */
async function addConnections(gateway: TestGateway): Promise<void> {
  const github = await createTestLink(gateway, 'PIPEDREAM', { connector: 'github' })
  await approveAndReturn(github.url)
  const first = await createTestLink(gateway, 'FIVETRAN', { connector: 'hubspot' })
  await approveAndReturn(first.url)
  await createTestLink(gateway, 'PIPEDREAM', { connector: 'slack' })
  const { remoteId } = await gateway.connect.db
    .selectFrom('connections')
    .select('remoteId')
    .where('provider', '=', 'FIVETRAN')
    .executeTakeFirstOrThrow()
  await gateway.control('POST', 'break', { vendor: 'fivetran', id: remoteId })
  await gateway.connect.db
    .updateTable('connections')
    .set({ externalAccountId: 'x', externalAccountName: longName })
    .execute()
  gateway.clock.advance(10)
  await gateway.connect.connectionSyncs.ensureFresh(30_000)
}

type Visit = readonly [name: string, path: string, locale?: string]

const visits: readonly Visit[] = [
  ['search', ''],
  ['results-de', '?q=goo', 'de'],
  ['no-results', '?q=xyzxyzxyz'],
  ['application', 'application?slug=hubspot'],
  ['application-ja', 'application?slug=github', 'ja'],
  ['not-an-application', 'application?slug=none'],
  ['connections', 'connections'],
  ['connections-de', 'connections', 'de'],
  ['done-unknown', 'done?connect_link_id=none'],
]

describe.skipIf(noBrowser)(`the portal${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test('axe finds no violations, and nothing moves, wide and narrow, light and dark', async () => {
    const { gateway } = await openPortal({ env: { APP_NAME: 'Acme' } })
    const none = await createPortal(gateway, { endUser: { id: 'user-2' } })
    await addConnections(gateway)
    const { page, browserErrors } = await openPage()

    async function look(name: string, url: string): Promise<void> {
      await page.goto(url)
      for (const [width, size] of [
        ['wide', { width: 1280, height: 800 }],
        ['phone', { width: 390, height: 780 }],
      ] as const) {
        await page.setViewportSize(size)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
          await screenshot(page, `portal-${name}-${width}-${colorScheme}`)
          await page.evaluate(axe)
          const found = await page.evaluate(
            'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))',
          )
          expect({ name, found }).toEqual({ name, found: [] })
        }
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(
          0,
        )
      }
    }

    for (const [name, path, locale = 'en'] of visits) {
      const { portalUrl } = await createPortal(gateway, { locale })
      await look(name, `${portalUrl}${path}`)
    }
    await look('no-connections', `${none.portalUrl}connections`)
    const { portalUrl } = await createPortal(gateway, { locale: 'de' })
    await page.goto(`${portalUrl}connections`)
    await look(
      'remove',
      await page
        .getByRole('link', { name: /^Entfernen/ })
        .first()
        .getAttribute('href')
        .then((href) => new URL(href ?? '', page.url()).href),
    )
    const links = await gateway.connect.db.selectFrom('connectLinks').select(['id', 'status']).execute()
    for (const { id, status } of links)
      await look(
        `done-${status}`,
        `${portalUrl}done?connect_link_id=${Buffer.from(`ConnectLink:${id}`).toString('base64')}`,
      )
    await gateway.send(RevokeSessionsDocument, { endUserId: 'user-2' })
    await look('revoked', none.portalUrl)
    const isExpected = (line: string) => line.includes('Failed to load resource')
    expect(browserErrors.filter((line) => !isExpected(line))).toEqual([])
  })
})
