// `npm start` and the other scripts: builds the program if needed, and runs it with the arguments of the command line.
// Plain JavaScript of Node 20, because it runs before anything is built. With `--build` it always builds, and only that.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { buildClient } from './client/build.js'

const root = new URL('../', import.meta.url)
const pathTo = (name) => fileURLToPath(new URL(name, root))
/** Contains the hash of the source that `dist` was built from. */
const stampFile = pathTo('dist/source.sha256')

/** By content, not by time: copies and checkouts change the times of files. */
function hashSource() {
  const hash = createHash('sha256')
  const files = readdirSync(pathTo('src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort()
  for (const file of [...files, pathTo('tsconfig.json')])
    hash.update(`${file.slice(pathTo('').length)}\n`).update(readFileSync(file))
  return hash.digest('hex')
}

const isBuilt = (source) => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === source

/** Path of the TypeScript compiler; `undefined`: not installed. */
function findCompiler() {
  const require = createRequire(import.meta.url)
  try {
    return fileURLToPath(new URL('bin/tsc', `file://${require.resolve('typescript/package.json')}`))
  } catch {
    return undefined
  }
}

function build(compiler, source) {
  execFileSync(process.execPath, [compiler, '-p', pathTo('src')], { stdio: 'inherit' })
  for (const folder of ['server/pages/static', 'sandbox/data'])
    cpSync(pathTo(`src/${folder}`), pathTo(`dist/${folder}`), { recursive: true })
  buildClient(pathTo(''))
  writeFileSync(stampFile, source)
}

/** Returns the file to run; `undefined` if there is none that fits the source. */
function prepare() {
  const source = hashSource()
  const compiler = findCompiler()
  const isForced = process.argv[2] === '--build'
  if (!isForced && isBuilt(source)) return 'dist/main.js'
  if (compiler !== undefined) {
    build(compiler, source)
    return 'dist/main.js'
  }
  // Node 22.18 and newer run TypeScript as it is.
  return process.features.typescript && !isForced ? 'src/main.ts' : undefined
}

function prepareOrExit() {
  try {
    return prepare()
  } catch (error) {
    // The compiler has printed its errors.
    if (typeof error.status !== 'number') console.error(`The program could not be built: ${error.message}`)
    process.exit(1)
  }
}

const main = prepareOrExit()
if (main === undefined) {
  console.error(
    'There is no build of this source in dist, and TypeScript is not installed. Run "npm ci --include=dev && npm run build" once, then "npm prune --omit=dev"; or use Node.js 22.18 or newer, which needs no build.',
  )
  process.exit(1)
}
if (process.argv[2] !== '--build') {
  // Worker processes are started with this file: they need not check the build again.
  process.argv[1] = pathTo(main)
  await import(new URL(main, root))
}
