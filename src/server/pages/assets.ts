import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'

/** The files that pages load. */
export type AssetName =
  | 'page.css'
  | 'icon.svg'
  | 'wait.js'
  | 'start.js'
  | 'graphiql.js'
  | 'portal.js'
  | 'portal.css'

interface Asset {
  readonly type: string
  readonly bytes: Buffer
  /** Hash of the content. */
  readonly version: string
}

const folder = new URL('./static/', import.meta.url)

// Read once at startup: pages need no disk access, and a missing file fails the start.
const assets: Readonly<Record<AssetName, Asset>> = {
  'page.css': read('page.css', 'text/css; charset=utf-8'),
  'icon.svg': read('icon.svg', 'image/svg+xml'),
  'wait.js': read('wait.js', 'text/javascript; charset=utf-8'),
  'start.js': read('start.js', 'text/javascript; charset=utf-8'),
  'portal.js': read('portal.js', 'text/javascript; charset=utf-8'),
  'portal.css': read('portal.css', 'text/css; charset=utf-8'),
  'graphiql.js': read('graphiql.js', 'text/javascript; charset=utf-8'),
}

function read(name: AssetName, type: string): Asset {
  const bytes = readFileSync(new URL(name, folder))
  return { type, bytes, version: createHash('sha256').update(bytes).digest('hex').slice(0, 8) }
}

/**
 * Path of an asset, relative to the gateway's root. Contains the version, so that a changed file is not served from a
 * cache.
 */
export const assetPath = (name: AssetName): string => `assets/${name}?v=${assets[name].version}`

/** Returns `false` if there is no asset of that name. */
export function sendAsset(response: ServerResponse, name: string): boolean {
  const entry = Object.entries(assets).find(([key]) => key === name)
  if (entry === undefined) return false
  const [, { type, bytes }] = entry
  response.writeHead(200, {
    'content-type': type,
    'content-length': bytes.length,
    'cache-control': 'public, max-age=3600',
    'x-content-type-options': 'nosniff',
  })
  response.end(bytes)
  return true
}
