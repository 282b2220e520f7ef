import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { brandStyles } from './brand-colors.ts'

/** The files that pages load. */
export type AssetName =
  | 'page.css'
  | 'icon.svg'
  | 'success.svg'
  | 'waiting.svg'
  | 'failed.svg'
  | 'expired.svg'
  | 'notice.svg'
  | 'wait.js'
  | 'notify.js'
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
const svg = 'image/svg+xml'
const css = 'text/css; charset=utf-8'
const javascript = 'text/javascript; charset=utf-8'

// Read once at startup: pages need no disk access, and a missing file fails the start.
const assets: Readonly<Record<AssetName, Asset>> = {
  'page.css': read('page.css', css),
  'icon.svg': read('icon.svg', svg),
  'success.svg': read('success.svg', svg),
  'waiting.svg': read('waiting.svg', svg),
  'failed.svg': read('failed.svg', svg),
  'expired.svg': read('expired.svg', svg),
  'notice.svg': read('notice.svg', svg),
  'wait.js': read('wait.js', javascript),
  'notify.js': read('notify.js', javascript),
  'start.js': read('start.js', javascript),
  'graphiql.js': read('graphiql.js', javascript),
  'portal.js': read('portal.js', javascript),
  'portal.css': read('portal.css', css),
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

/** Path of the style sheet for a color as "#rrggbb". A file instead of a style element, which the policy would not allow. */
export const brandStylePath = (color: string): string =>
  `assets/brand-${color.slice(1)}.css?v=${assets['page.css'].version}`

/** Returns `false` if there is no asset of that name. */
export function sendAsset(response: ServerResponse, name: string): boolean {
  const asset = findAsset(name)
  if (asset === undefined) return false
  const { type, bytes } = asset
  response.writeHead(200, {
    'content-type': type,
    'content-length': bytes.length,
    'cache-control': 'public, max-age=3600',
    'x-content-type-options': 'nosniff',
  })
  response.end(bytes)
  return true
}

function findAsset(name: string): Pick<Asset, 'type' | 'bytes'> | undefined {
  const color = /^brand-([\da-f]{6})\.css$/.exec(name)?.[1]
  if (color !== undefined) return { type: css, bytes: Buffer.from(brandStyles(`#${color}`)) }
  return Object.entries(assets).find(([key]) => key === name)?.[1]
}
