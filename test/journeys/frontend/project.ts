import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codeOf } from './readme.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const modules = join(root, 'node_modules')

let built: string | undefined

/**
 * A project as `npm create vite` makes it, with the component of the README and the packed package of the client: its types
 * are checked strictly and it is built, once per test process. Returns the folder of the result.
 */
export function buildProject(): string {
  built ??= build()
  return built
}

function build(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-frontend-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  installModules(folder)
  cpSync(new URL('./pages', import.meta.url), join(folder, 'src'), { recursive: true })
  writeFileSync(join(folder, 'src/ConnectButton.tsx'), codeOf('tsx'))
  for (const [name, text] of Object.entries(projectFiles)) writeFileSync(join(folder, name), text)
  run(folder, 'typescript/bin/tsc', '-p', '.')
  run(folder, 'vite/bin/vite.js', 'build', '--logLevel', 'error')
  return join(folder, 'dist')
}

/** The libraries that are installed here, and the client as npm packs it. */
function installModules(folder: string): void {
  const target = join(folder, 'node_modules')
  mkdirSync(join(target, 'connect-gateway'), { recursive: true })
  for (const name of readdirSync(modules).filter((one) => !one.startsWith('.')))
    symlinkSync(join(modules, name), join(target, name))
  // As `prepack` does, without another build of the program.
  run(root, 'typescript/bin/tsc', '-p', 'src/client')
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]
  const output = execFileSync('npm', pack, { cwd: root, encoding: 'utf8' })
  const archive = join(folder, output.trim().split('\n').at(-1) ?? '')
  execFileSync('tar', ['-xzf', archive, '--strip-components=1', '-C', join(target, 'connect-gateway')])
}

function run(folder: string, program: string, ...args: string[]): void {
  try {
    execFileSync(process.execPath, [join(modules, program), ...args], { cwd: folder, encoding: 'utf8' })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${program}: ${stdout}${stderr}`)
  }
}

const projectFiles = {
  'package.json': JSON.stringify({ name: 'frontend', type: 'module' }),
  'index.html':
    '<!doctype html><html lang="en"><title>App</title><div id="root"></div><script type="module" src="/src/main.tsx"></script></html>',
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'ES2022',
      lib: ['ES2022', 'DOM', 'DOM.Iterable'],
      module: 'ESNext',
      moduleResolution: 'bundler',
      jsx: 'react-jsx',
      strict: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      types: ['vite/client'],
      // Of the libraries; the declarations of the client are checked with the component that uses them.
      skipLibCheck: true,
      noEmit: true,
    },
    include: ['src'],
  }),
}
