import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { endAs, makeLink, makeXpanderLink, returnAddress } from '../server/pages/visit.ts'
import { noBrowser, previewAgent, shoot, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 120_000 })

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds wrong, in short. */
async function violationsOn(page: Page): Promise<unknown> {
  await page.evaluate(axe)
  return page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))',
  )
}

const redirectUri = 'https://app.example.com/done'

const ended = (status: 'COMPLETED' | 'FAILED' | 'EXPIRED' | 'REVOKED' | 'SUPERSEDED') => {
  return async (gateway: TestGateway) => {
    const link = await makeLink(gateway, 'FIVETRAN', { redirectUri })
    await endAs(gateway, link, status)
    return link.url
  }
}

async function notedDoor(gateway: TestGateway): Promise<string> {
  const { url } = await makeLink(gateway, 'FIVETRAN')
  const instructions = 'Choose the account of your team, and allow reading contacts.'
  await gateway.connect.db
    .updateTable('connectLinks')
    .set({ instructions, requiresProviderLogin: true })
    .execute()
  return url
}

async function waitingDoor(gateway: TestGateway): Promise<string> {
  const link = await makeXpanderLink(gateway)
  await endAs(gateway, link, 'OPENED')
  return link.url
}

async function returned(gateway: TestGateway, path: 'success' | 'error', status?: 'COMPLETED' | 'FAILED') {
  const link = await makeLink(gateway, 'FIVETRAN')
  if (status) await endAs(gateway, link, status)
  return returnAddress(gateway).then((address) => address.replace(/success$/, path))
}

const pages: [name: string, open: (gateway: TestGateway) => Promise<string>, env?: Record<string, string>][] =
  [
    ['start', async ({ url }) => `${url}/`],
    ['start-without-form', async ({ url }) => `${url}/`, { SANDBOX: 'off' }],
    ['nothing', async ({ url }) => `${url}/nothing`],
    ['unknown', async ({ url }) => `${url}/connect/unknown`],
    ['door', async (gateway) => (await makeLink(gateway, 'FIVETRAN')).url],
    ['door-with-notes', notedDoor],
    ['door-beside', async (gateway) => (await makeXpanderLink(gateway)).url],
    ['waiting', waitingDoor],
    ['completed', ended('COMPLETED')],
    ['failed', ended('FAILED')],
    ['expired', ended('EXPIRED')],
    ['revoked', ended('REVOKED')],
    ['superseded', ended('SUPERSEDED')],
    ['returned-connected', (gateway) => returned(gateway, 'success', 'COMPLETED')],
    ['returned-failed', (gateway) => returned(gateway, 'error', 'FAILED')],
    ['returned-pending', (gateway) => returned(gateway, 'success')],
    ['returned-denied', (gateway) => returned(gateway, 'error')],
  ]

const widths = [
  ['wide', { width: 1280, height: 800 }],
  ['phone', { width: 390, height: 780 }],
] as const

describe.skipIf(noBrowser)(`the pages${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test.each(pages)('%s: axe finds nothing, wide and narrow, light and dark', async (name, open, env = {}) => {
    const gateway = await startTestGateway({ env, maxWaitMs: 50 })
    await gateway.connect.connectorSyncs.ensureFresh(30_000)
    // An agent that shows previews, because anybody else would be sent on.
    const { page, complaints } = await openPage({ userAgent: previewAgent })
    const response = await page.goto(await open(gateway))
    for (const [width, size] of widths) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize(size)
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await shoot(page, `page-${name}-${width}-${colorScheme}`)
        expect(await violationsOn(page)).toEqual([])
      }
      const overhang = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect(overhang).toBeLessThanOrEqual(0)
    }
    // A page that is not found is an error to the browser, too; anything else is one of ours.
    const isFine = (line: string) =>
      (response?.status() ?? 0) >= 400 && line.includes('Failed to load resource')
    expect(complaints.filter((line) => !isFine(line))).toEqual([])
  })
})
