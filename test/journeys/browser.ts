import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** Why the browser tests are skipped; `undefined` if they are not. */
export const noBrowser = existsSync(executablePath)
  ? undefined
  : `skipped: no browser at ${executablePath}; install chromium or set CHROMIUM_PATH`

if (noBrowser !== undefined) console.warn(`The journeys are ${noBrowser}.`)

/** The user agent of a preview agent that runs a full browser: it gets the page with the button. */
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
  /** URLs of requests to other hosts, which are aborted. */
  readonly externalRequests: readonly string[]
  /** Errors of scripts, and violations of the Content Security Policy. */
  readonly browserErrors: readonly string[]
}

/** Launches one browser for the tests of a file; returns a function that opens a page in a context of its own. */
export function useBrowser() {
  let browser: Browser | undefined
  beforeAll(async () => {
    if (noBrowser === undefined) browser = await chromium.launch({ executablePath, args })
  })
  afterAll(() => browser?.close())

  return async function openPage(options: BrowserContextOptions = {}): Promise<OpenPage> {
    if (browser === undefined) throw new Error('there is no browser')
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    onTestFinished(() => context.close())
    const externalRequests: string[] = []
    const browserErrors: string[] = []
    // Everything must be loaded from this machine: requests to other hosts are aborted and recorded.
    await context.route(
      ({ hostname, protocol }) => protocol.startsWith('http') && hostname !== '127.0.0.1',
      (route) => {
        externalRequests.push(route.request().url())
        return route.abort()
      },
    )
    context.on('console', (line) => {
      if (line.type() === 'error') browserErrors.push(line.text())
    })
    context.on('weberror', (event) => browserErrors.push(String(event.error())))
    return { page: await context.newPage(), externalRequests, browserErrors }
  }
}

const screenshotDir = process.env.SHOTS === undefined ? undefined : '/tmp/shots'

/** Saves a screenshot for review if SHOTS is set. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (screenshotDir === undefined) return
  mkdirSync(screenshotDir, { recursive: true })
  await page.screenshot({ path: join(screenshotDir, `${name}.png`), fullPage: true })
}
