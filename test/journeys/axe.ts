import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { screenshot } from './browser.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The violations that axe finds: ID of the rule, and HTML of the elements. */
export async function violationsOn(page: Page): Promise<unknown> {
  await page.evaluate(axe)
  return page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))',
  )
}

const widths = [
  ['wide', { width: 1280, height: 800 }],
  ['phone', { width: 390, height: 780 }],
] as const

/** Expects a page that axe finds no violations on and that does not scroll sideways, wide and narrow, light and dark. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  for (const [width, size] of widths) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(size)
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await screenshot(page, `page-${name}-${width}-${colorScheme}`)
      expect(await violationsOn(page)).toEqual([])
    }
    const overhang = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
    expect(overhang).toBeLessThanOrEqual(0)
  }
}
