import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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
    'tsconfig.json',
    'src/tsconfig.json',
    'src/run.js',
    'src/client/build.js',
  ])
    cpSync(join(root, file), join(folder, file))
  for (const name of ['server/pages/static', 'sandbox/data'])
    mkdirSync(join(folder, 'src', name), { recursive: true })
  const compiler = join(folder, 'node_modules/typescript')
  mkdirSync(join(folder, 'node_modules'))
  for (const name of ['typescript', '@types', '@typescript', 'undici-types'])
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  return {
    write: (text: string) => writeFileSync(join(folder, 'src/main.ts'), text),
    removeCompiler: () => rmSync(compiler),
    breakCompiler() {
      rmSync(compiler)
      mkdirSync(join(compiler, 'bin'), { recursive: true })
      writeFileSync(join(compiler, 'package.json'), '{}')
      writeFileSync(join(compiler, 'bin/tsc'), 'process.exit(9)')
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
  const { write, breakCompiler, run } = newProgram()
  write(program(1))
  expect(run('serve', 'x')).toEqual({ status: 0, stdout: '1 serve x\n', stderr: '' })
  write(program(2))
  expect(run('serve')).toMatchObject({ status: 0, stdout: '2 serve\n' })
  breakCompiler()
  expect(run('serve')).toEqual({ status: 0, stdout: '2 serve\n', stderr: '' })
  expect(run('--build')).toMatchObject({ status: 1, stdout: '' })
})

test('a source with errors is not started, at the next start neither', () => {
  const { write, run } = newProgram()
  write(program(1).replace('number', 'string'))
  for (let start = 0; start < 2; start += 1) {
    const { status, stdout } = run('serve')
    expect(status).toBe(1)
    expect(stdout).toMatch(/^src\/main\.ts.*error TS2322/)
  }
})

test('without a compiler, a source that is not built runs if Node can, else the start says what to do', () => {
  const { write, removeCompiler, run } = newProgram()
  write(program(1))
  removeCompiler()
  const started = run('serve')
  if ('typescript' in process.features && process.features.typescript !== false)
    expect(started).toEqual({ status: 0, stdout: '1 serve\n', stderr: '' })
  else {
    expect(started).toMatchObject({ status: 1, stdout: '' })
    expect(started.stderr).toMatch(/npm run build.*or use Node\.js 22\.18/)
  }
})
