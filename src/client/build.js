// Bundles the client into one file for browsers. Plain JavaScript, because it runs before anything is built.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const input = fileURLToPath(new URL('index.ts', import.meta.url))

/** Writes `client/connect.js` into the folder of the build. Returns whether it has changed. */
export async function buildClient(dir) {
  // Tests of the build have a source without the client.
  if (!existsSync(input)) return false
  const bundle = await rolldown({ input, platform: 'browser' })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  await bundle.close()
  const file = join(dir, 'client/connect.js')
  const { code } = output[0]
  if (existsSync(file) && readFileSync(file, 'utf8') === code) return false
  mkdirSync(join(dir, 'client'), { recursive: true })
  writeFileSync(file, code)
  return true
}

/** For the tests, whose gateways serve the file: the build then is not that of one source any more. */
export async function setup() {
  const dist = fileURLToPath(new URL('../../dist', import.meta.url))
  if (await buildClient(dist)) rmSync(join(dist, 'source.sha256'), { force: true })
}
