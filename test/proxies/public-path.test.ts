import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { ConnectLinkDocument } from '../generated/graphql.ts'
import { freePort } from '../helpers/free-port.ts'
import { submitProviderPage } from '../helpers/gateway.ts'
import { build, createLink, type Gateway, serve } from '../start/process.ts'
import { newStore } from '../start/store.ts'
import { missingProxy, startNginx } from './proxy.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

const missing = missingProxy('nginx')

describe.skipIf(missing !== undefined).each([
  ['removes', (port: number) => `location /gw/ { proxy_pass http://127.0.0.1:${port}/; }`],
  ['leaves', (port: number) => `location /gw { proxy_pass http://127.0.0.1:${port}; }`],
])('behind nginx, which %s the path of PUBLIC_URL', (_, locationOf) => {
  test('pages, their files, GraphQL and a link up to its completion work', async () => {
    const gateway = await startBehindNginx(locationOf)
    const root = new URL('.', gateway.url).href
    expect(root).toMatch(/\/gw\/$/)
    const cookie = await visitStartPage(gateway, root)
    await checkFiles(gateway.url, { cookie, accept: 'text/html' })

    const { id, url } = await createLink(gateway)
    expect(url?.startsWith(`${root}connect/`)).toBe(true)
    await checkFiles(url ?? '', { accept: 'text/html' })
    const { location } = await submitProviderPage(url ?? '', 'approve')
    expect(location?.startsWith(`${root}return/`)).toBe(true)
    await checkFiles(location ?? '', { accept: 'text/html' })
    await expect
      .poll(async () => (await gateway.send(ConnectLinkDocument, { id })).connectLink?.status, {
        timeout: 60_000,
      })
      .toBe('COMPLETED')
  })
})

async function startBehindNginx(locationOf: (port: number) => string): Promise<Gateway> {
  const port = await freePort()
  const proxy = await startNginx('', locationOf(port))
  onTestFinished(proxy.stop)
  return serve({ PORT: String(port), PUBLIC_URL: `${proxy.origin}/gw`, ...(await newStore()) })
}

/** Opens the printed address, without its final slash too; returns the cookie. */
async function visitStartPage({ startUrl }: Gateway, root: string): Promise<string> {
  const exchange = await fetch(startUrl, { redirect: 'manual' })
  const cookie = exchange.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect(exchange.headers.get('set-cookie')).toContain('Path=/gw')
  const page = new URL(exchange.headers.get('location') ?? '', startUrl).href
  expect(page).toBe(root)
  expect(await checkFiles(page, { cookie })).toContain('Create a link and open it')
  expect((await fetch(root.slice(0, -1))).url).toBe(root)
  return cookie
}

/** Returns a page, all of whose files can be loaded. */
async function checkFiles(url: string, headers: Record<string, string>): Promise<string> {
  const page = await fetch(url, { headers })
  expect(page.ok).toBe(true)
  const text = await page.text()
  const files = [...text.matchAll(/(?:<link[^>]*href|<script[^>]*src|<img[^>]*src)="([^"]+)"/g)]
  expect(files.length).toBeGreaterThan(0)
  for (const [, file = ''] of files) {
    const { status } = await fetch(new URL(file, page.url))
    expect(`${status} ${file}`).toBe(`200 ${file}`)
  }
  return text
}
