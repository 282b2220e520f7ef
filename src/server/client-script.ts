import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'

interface Script {
  readonly bytes: Buffer
  /** Hash of the content. */
  readonly version: string
}

/** Built by `src/client/build.js`; at the same relative path from `src` and from `dist`. */
const file = new URL('../../dist/client/connect.js', import.meta.url)

let loaded: Script | undefined

/** Read at the first request: the file is not there if the source runs without a build. */
function load(): Script | undefined {
  try {
    loaded ??= toScript(readFileSync(file))
  } catch {
    return undefined
  }
  return loaded
}

const toScript = (bytes: Buffer): Script => ({
  bytes,
  version: createHash('sha256').update(bytes).digest('hex').slice(0, 16),
})

/**
 * Serves the client for frontends: `/connect.js`, which browsers check again after five minutes, and the versioned address
 * that is in its `Content-Location`, which never changes. The address of another version gets the present file, not to be
 * cached, so that pages go on to work while gateways of two versions run. Returns `false` for other paths.
 */
export function sendClientScript(request: IncomingMessage, response: ServerResponse, path: string): boolean {
  const match = /^\/connect(?:\.([0-9a-f]{16}))?\.js$/.exec(path)
  const script = match && load()
  if (!script) return false
  const [, version] = match
  const etag = `"${script.version}"`
  const headers = {
    'access-control-allow-origin': '*',
    'cache-control': cachingOf(script, version),
    'content-location': `connect.${script.version}.js`,
    'cross-origin-resource-policy': 'cross-origin',
    etag,
    'x-content-type-options': 'nosniff',
  }
  if (isKnown(request.headers['if-none-match'], etag)) response.writeHead(304, headers).end()
  else
    response
      .writeHead(200, {
        ...headers,
        'content-type': 'text/javascript; charset=utf-8',
        'content-length': script.bytes.length,
      })
      .end(script.bytes) // Node sends no body in answer to HEAD.
  return true
}

function cachingOf(script: Script, version: string | undefined): string {
  if (version === undefined) return 'public, max-age=300'
  return version === script.version ? 'public, max-age=31536000, immutable' : 'no-cache'
}

/** Proxies that compress a response make its ETag a weak one. */
const isKnown = (condition: string | undefined, etag: string) =>
  (condition ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
