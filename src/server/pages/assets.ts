import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'

/** What pages are made of beside their HTML. */
export type AssetName = 'page.css' | 'icon.svg' | 'wait.js' | 'start.js'

interface Asset {
  readonly type: string
  readonly bytes: Buffer
  /** Changes with the content. */
  readonly version: string
}

const folder = new URL('./static/', import.meta.url)

// Read once: a page needs nothing from the disk, and a file that is missing stops the start.
const assets: Readonly<Record<AssetName, Asset>> = {
  'page.css': read('page.css', 'text/css; charset=utf-8'),
  'icon.svg': read('icon.svg', 'image/svg+xml'),
  'wait.js': read('wait.js', 'text/javascript; charset=utf-8'),
  'start.js': read('start.js', 'text/javascript; charset=utf-8'),
}

function read(name: AssetName, type: string): Asset {
  const bytes = readFileSync(new URL(name, folder))
  return { type, bytes, version: createHash('sha256').update(bytes).digest('hex').slice(0, 8) }
}

/** Where an asset is, below the gateway's root: another version has another address. */
export const assetPath = (name: AssetName): string => `assets/${name}?v=${assets[name].version}`

/** Answers `false` when there is none of that name. */
export function sendAsset(response: ServerResponse, name: string): boolean {
  const found = Object.entries(assets).find(([known]) => known === name)
  if (found === undefined) return false
  const [, { type, bytes }] = found
  response.writeHead(200, {
    'content-type': type,
    'content-length': bytes.length,
    'cache-control': 'public, max-age=3600',
    'x-content-type-options': 'nosniff',
  })
  response.end(bytes)
  return true
}
