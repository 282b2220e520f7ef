import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { temporaryFolder } from './process.ts'

vi.setConfig({ testTimeout: 180_000 })

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A program of one line with the build of this one. */
function newProgram() {
  const folder = temporaryFolder()
  for (const file of [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'src/tsconfig.json',
    'src/build.js',
    'src/run.js',
  ])
    cpSync(join(root, file), join(folder, file))
  for (const name of ['server/pages/static', 'sandbox/data'])
    mkdirSync(join(folder, 'src', name), { recursive: true })
  const bundler = join(folder, 'node_modules/rolldown')
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(join(root, 'node_modules/rolldown'), bundler)
  return {
    write: (text: string) => writeFileSync(join(folder, 'src/main.ts'), text),
    changeDependencies: () => appendFileSync(join(folder, 'package-lock.json'), ' '),
    removeBundler: () => rmSync(bundler),
    breakBundler() {
      rmSync(bundler)
      mkdirSync(bundler)
      writeFileSync(join(bundler, 'package.json'), '{ "type": "module", "main": "index.js" }')
      writeFileSync(
        join(bundler, 'index.js'),
        "export const watch = 0\nexport const rolldown = () => Promise.reject(new Error('broken bundler'))",
      )
    },
    run(...args: string[]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, ['src/run.js', ...args], {
        cwd: folder,
        encoding: 'utf8',
      })
      return {
        status,
        stdout,
        stderr: stderr.replaceAll(/^.*(ExperimentalWarning|trace-warnings).*\n/gm, ''),
      }
    },
  }
}

const program = (version: number) => `const version: number = ${version}
console.log(version, process.argv.slice(2).join(' '))
`

test('a start builds what is missing or has changed, and nothing otherwise', () => {
  const { write, breakBundler, changeDependencies, run } = newProgram()
  write(program(1))
  expect(run('serve', 'x')).toEqual({ status: 0, stdout: '1 serve x\n', stderr: '' })
  write(program(2))
  expect(run('serve')).toMatchObject({ status: 0, stdout: '2 serve\n' })
  breakBundler()
  expect(run('serve')).toEqual({ status: 0, stdout: '2 serve\n', stderr: '' })
  const failed = { status: 1, stdout: '', stderr: expect.stringContaining('broken bundler') }
  expect(run('--build')).toEqual(failed)
  // The build contains the dependencies.
  changeDependencies()
  expect(run('serve')).toEqual(failed)
})

test('a source with errors is not started, at the next start neither', () => {
  const { write, run } = newProgram()
  write(program(1).replace('=', '= ='))
  for (let start = 0; start < 2; start += 1) {
    const failed = run('serve')
    expect(failed).toMatchObject({ status: 1, stdout: '' })
    expect(failed.stderr).toContain('src/main.ts')
  }
})

test('without the bundler, a source that is not built runs if Node can, else the start says what to do', () => {
  const { write, removeBundler, run } = newProgram()
  write(program(1))
  removeBundler()
  const started = run('serve')
  if ('typescript' in process.features && process.features.typescript !== false)
    expect(started).toEqual({ status: 0, stdout: '1 serve\n', stderr: '' })
  else {
    expect(started).toMatchObject({ status: 1, stdout: '' })
    expect(started.stderr).toMatch(/npm run build.*or use Node\.js 22\.18/)
  }
})
