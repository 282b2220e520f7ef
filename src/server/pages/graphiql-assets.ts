import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { HttpExchange } from './pages-context.ts'

/** The files of GraphiQL: its script, its style sheet, and the scripts of its workers. */
export type GraphiqlFile = 'script' | 'style' | 'editorWorker' | 'jsonWorker' | 'graphqlWorker'

interface Asset {
  /** Contains the hash of the content: a name never stands for another content. */
  readonly name: string
  readonly type: string
  readonly content: string
}

type Assets = Readonly<Record<GraphiqlFile, Asset>>
type Encoding = 'br' | 'gzip'

let loaded: Promise<Assets> | undefined

/** Loads 8 MB at the first use: a gateway whose GraphiQL is not opened does not need them. */
const loadAssets = (): Promise<Assets> => (loaded ??= readAssets())

async function readAssets(): Promise<Assets> {
  const library = await import('@graphql-yoga/render-graphiql/graphiql')
  return {
    script: script('graphiql', library.js),
    style: asset('graphiql', 'css', library.css + ownStyle),
    editorWorker: script('graphiql-editor', library.editorWorkerService),
    jsonWorker: script('graphiql-json', library.jsonWorker),
    graphqlWorker: script('graphiql-graphql', library.graphqlWorker),
  }
}

/** The title on one line beside the tabs, which scroll; on narrow screens above them. */
const ownStyle = `
.graphiql-container .graphiql-logo { flex: none; padding: 0 8px; font-size: 1rem; white-space: nowrap; }
@media (max-width: 700px) {
  .graphiql-container .graphiql-session-header { flex-wrap: wrap; height: auto; row-gap: 4px; }
  .graphiql-container .graphiql-logo { order: -1; width: 100%; margin: 0; }
}
`

const script = (name: string, content: string) => asset(name, 'js', content)

function asset(name: string, extension: 'js' | 'css', content: string): Asset {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16)
  const type = extension === 'js' ? 'text/javascript' : 'text/css'
  return { name: `${name}-${hash}.${extension}`, type: `${type}; charset=utf-8`, content }
}

/** Paths of the files, relative to the gateway's root. */
export async function graphiqlPaths(): Promise<Readonly<Record<GraphiqlFile, string>>> {
  const assets = await loadAssets()
  const paths = Object.entries(assets).map(([file, { name }]) => [file, `assets/${name}`])
  return Object.fromEntries(paths)
}

/** Sends a file of GraphiQL, compressed if the client accepts it. Returns `false` if there is no file of that name. */
export async function sendGraphiqlAsset({ request, response }: HttpExchange, name: string): Promise<boolean> {
  const found = Object.values(await loadAssets()).find((one) => one.name === name)
  if (found === undefined) return false
  const encoding = encodingFor(String(request.headers['accept-encoding'] ?? ''))
  const body = encoding === null ? Buffer.from(found.content) : await compressed(found, encoding)
  response.writeHead(200, {
    'content-type': found.type,
    'content-length': body.length,
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
    ...(encoding && { 'content-encoding': encoding }),
  })
  response.end(body)
  return true
}

/** Browsers accept Brotli only over https and on loopback. */
function encodingFor(acceptEncoding: string): Encoding | null {
  const accepted = acceptEncoding.split(',').flatMap((entry) => {
    const [coding = '', quality = ''] = entry.toLowerCase().split(';')
    return /^\s*q=0(\.0*)?\s*$/.test(quality) ? [] : [coding.trim()]
  })
  if (accepted.includes('br')) return 'br'
  return accepted.includes('gzip') ? 'gzip' : null
}

const compressions = new Map<string, Promise<Buffer>>()

/** Compresses each file once for each encoding, at its first request, in Node's thread pool. */
function compressed({ name, content }: Asset, encoding: Encoding): Promise<Buffer> {
  const key = `${encoding} ${name}`
  const known = compressions.get(key)
  if (known) return known
  const compression = encoding === 'br' ? toBrotli(content, { params: brotliParams }) : toGzip(content)
  compressions.set(key, compression)
  return compression
}

const [toBrotli, toGzip] = [promisify(brotliCompress), promisify(gzip)]
// The highest quality takes ten seconds for 4 % less.
const brotliParams = { [constants.BROTLI_PARAM_QUALITY]: 5 }
