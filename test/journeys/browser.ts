import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'

const wanted = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** Why there is no browser to test with; `undefined`: there is one. */
export const noBrowser = existsSync(wanted)
  ? undefined
  : `skipped: no browser at ${wanted}; install chromium or set CHROMIUM_PATH`

if (noBrowser !== undefined) console.warn(`The journeys are ${noBrowser}.`)

/** Some preview agents run a whole browser: they are shown the page with the button in one. */
export const previewAgent = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0.0.0 Safari/537.36 SomePreview/1.0'

const args = [
  '--no-sandbox',
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface OpenPage {
  readonly page: Page
  /** What was asked of other machines. */
  readonly abroad: readonly string[]
  /** What the browser says about the pages: errors of scripts, and what their policies refused. */
  readonly complaints: readonly string[]
}

/** One browser for the tests of a file; each asks for a page of its own. */
export function useBrowser() {
  let browser: Browser | undefined
  beforeAll(async () => {
    if (noBrowser === undefined) browser = await chromium.launch({ executablePath: wanted, args })
  })
  afterAll(() => browser?.close())

  return async function openPage(options: BrowserContextOptions = {}): Promise<OpenPage> {
    if (browser === undefined) throw new Error('there is no browser')
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    onTestFinished(() => context.close())
    const abroad: string[] = []
    const complaints: string[] = []
    // Everything has to come from this machine: whatever is asked of another one is refused and written down.
    await context.route(
      ({ hostname, protocol }) => protocol.startsWith('http') && hostname !== '127.0.0.1',
      (route) => {
        abroad.push(route.request().url())
        return route.abort()
      },
    )
    context.on('console', (line) => {
      if (line.type() === 'error') complaints.push(line.text())
    })
    context.on('weberror', (event) => complaints.push(String(event.error())))
    return { page: await context.newPage(), abroad, complaints }
  }
}

const shots = process.env.SHOTS === undefined ? undefined : '/tmp/shots'

/** A picture for people to look at, when they ask for it with SHOTS=1. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (shots === undefined) return
  mkdirSync(shots, { recursive: true })
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true })
}
