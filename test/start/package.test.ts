import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { temporaryFolder } from './process.ts'

vi.setConfig({ testTimeout: 180_000 })

const root = fileURLToPath(new URL('../..', import.meta.url))

test('connect-gateway runs from an installed package, which contains the build only', () => {
  const folder = temporaryFolder()
  const installed = join(folder, 'node_modules/connect-gateway')
  mkdirSync(join(installed, 'src'), { recursive: true })
  execFileSync(process.execPath, ['src/build.js', join(installed, 'dist')], { cwd: root })
  for (const name of ['package.json', 'schema', 'src/bin.js'])
    cpSync(join(root, name), join(installed, name), { recursive: true })
  mkdirSync(join(folder, 'node_modules/.bin'))
  symlinkSync('../connect-gateway/src/bin.js', join(folder, 'node_modules/.bin/connect-gateway'))
  const call = (...args: string[]) =>
    spawnSync(join(folder, 'node_modules/.bin/connect-gateway'), args, { cwd: folder, encoding: 'utf8' })
  expect(call('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('doctor') })
  expect(call('serv')).toMatchObject({ status: 2, stderr: expect.stringContaining('Did you mean serve?') })
  expect(existsSync(join(installed, 'src/run.js'))).toBe(false)
})
