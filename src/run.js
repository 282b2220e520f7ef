// `npm start` and the other scripts: builds the program if needed, and runs it with the arguments of the command line.
// Plain JavaScript of Node 20, because it runs before anything is built. With `--build` it always builds, and only that.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

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
  // The lock file: the build contains the dependencies.
  for (const file of [...files, pathTo('tsconfig.json'), pathTo('package-lock.json')])
    hash.update(`${file.slice(pathTo('').length)}\n`).update(readFileSync(file))
  return hash.digest('hex')
}

const isBuilt = (source) => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === source

function hasBundler() {
  try {
    createRequire(import.meta.url).resolve('rolldown')
    return true
  } catch {
    return false
  }
}

/** Returns the file to run; `undefined` if there is none that fits the source. */
async function prepare() {
  const source = hashSource()
  const isForced = process.argv[2] === '--build'
  if (!isForced && isBuilt(source)) return 'dist/main.js'
  if (hasBundler()) {
    const { build } = await import('./build.js')
    await build()
    writeFileSync(stampFile, source)
    return 'dist/main.js'
  }
  // Node 22.18 and newer run TypeScript as it is.
  return process.features.typescript && !isForced ? 'src/main.ts' : undefined
}

async function prepareOrExit() {
  try {
    return await prepare()
  } catch (error) {
    console.error(`The program could not be built: ${error.message}`)
    process.exit(1)
  }
}

const main = await prepareOrExit()
if (main === undefined) {
  console.error(
    'There is no build of this source in dist, and the bundler is not installed. Run "npm ci --include=dev && npm run build" once, then "npm prune --omit=dev"; or use Node.js 22.18 or newer, which needs no build.',
  )
  process.exit(1)
}
if (process.argv[2] !== '--build') {
  // Worker processes are started with this file: they need not check the build again.
  process.argv[1] = pathTo(main)
  await import(new URL(main, root))
}
