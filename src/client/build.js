// Builds the client: one file for browsers, and its types. Plain JavaScript, because it runs before anything is built.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** For the tests: of this project. */
export const setup = () => buildClient(fileURLToPath(new URL('../..', import.meta.url)))

/** Builds `dist/client` of the folder `root`, unless it was built from the same source. */
export function buildClient(root) {
  const source = join(root, 'src/client')
  if (!existsSync(join(source, 'index.ts'))) return
  const hash = createHash('sha256')
  for (const file of readdirSync(source).sort())
    hash.update(`${file}\n`).update(readFileSync(join(source, file)))
  const version = hash.digest('hex')
  const stampFile = join(root, 'dist/client/source.sha256')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === version) return
  const require = createRequire(join(root, 'package.json'))
  const folderOf = (name) => dirname(require.resolve(`${name}/package.json`))
  const run = (program, ...args) =>
    execFileSync(process.execPath, [program, ...args], { cwd: root, stdio: 'pipe' })
  mkdirSync(join(root, 'dist/client'), { recursive: true })
  run(join(folderOf('typescript'), 'bin/tsc'), '-p', source)
  const output = join(root, 'dist/client/connect.js')
  const bundler = join(folderOf('rolldown'), 'bin/cli.mjs')
  run(
    bundler,
    join(source, 'index.ts'),
    '--file',
    output,
    '--format',
    'esm',
    '--platform',
    'browser',
    '--minify',
  )
  writeFileSync(stampFile, version)
}
