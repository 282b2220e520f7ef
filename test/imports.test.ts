import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { expect, test } from 'vitest'

/** A file may use its own row and the rows below it; the sandbox stands apart. */
const rows = [
  ['main'],
  ['serve', 'webhooks', 'purge', 'start-screen', 'local-keys', 'until-stopped'],
  ['gateway'],
  ['compose'],
  ['config'],
  ['server'],
  ['graphql'],
  ['connect'],
  ['store'], // beside the providers: it knows their interface, and they know nothing of it
  ['providers'],
  ['http'],
  ['errors', 'log', 'background', 'provider-key', 'parse-url'],
]
const src = new URL('../src/', import.meta.url)
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const textOf = (file: string) => readFileSync(new URL(file, src), 'utf8')
const partOf = (file: string) => file.replace(/\.ts$/, '').split('/')[0] ?? ''
const rowOf = (file: string) => rows.findIndex((row) => row.includes(partOf(file)))
const folderOf = (file: string) => /^providers\/(\w+)\//.exec(file)?.[1]

const statement = /(?:^(?:import|export)\b[^'=]*? from |^import |\bimport\()'([^']+)'/gm
const imports = files.flatMap((file) =>
  [...textOf(file).matchAll(statement)].map(([, name = '']) => ({
    file,
    name: name.startsWith('.') ? posix.join(posix.dirname(file), name) : name,
  })),
)
type Import = (typeof imports)[number]
const those = (wanted: (one: Import) => boolean) =>
  imports.filter(wanted).map(({ file, name }) => `${file} -> ${name}`)
const isIn = (part: string, file: string) => files.includes(file) && partOf(file) === part

test('every file has a place and every import is understood', () => {
  expect(files.filter((file) => rowOf(file) < 0 && !isIn('sandbox', file))).toEqual([])
  expect(those(({ name }) => name.endsWith('.ts') && !files.includes(name))).toEqual([])
  const written = files.flatMap(
    (file) => textOf(file).match(/^(import|\} from|export \{|export \*).*'$/gm) ?? [],
  )
  expect(imports.length).toBe(written.length)
})

test('imports go one way', () => {
  expect(
    those(({ file, name }) => files.includes(name) && rowOf(file) > rowOf(name) && rowOf(name) >= 0),
  ).toEqual([])
})

test('the store knows of the providers only their interface', () => {
  const known = imports.filter(({ file, name }) => isIn('store', file) && isIn('providers', name))
  expect([...new Set(known.map(({ name }) => name))]).toEqual(['providers/provider.ts'])
})

test('the sandbox uses only itself and Node, and only the program uses the sandbox', () => {
  const used = ({ file, name }: Import) =>
    isIn('sandbox', file) && !isIn('sandbox', name) && !/^node:/.test(name)
  const using = imports.filter(({ file, name }) => !isIn('sandbox', file) && isIn('sandbox', name))
  expect(those(used)).toEqual([])
  expect([...new Set(using.map(({ file }) => file))].sort()).toEqual(['main.ts', 'serve.ts'])
})

test('only the list of providers knows more than one of them', () => {
  const foreign = those(({ file, name }) => folderOf(name) !== undefined && folderOf(name) !== folderOf(file))
  expect(foreign.filter((one) => !one.startsWith('providers/index.ts -> '))).toEqual([])
})

test.each([
  ['undici', /^undici$/, 'http'],
  ['Kysely and the databases', /^(kysely|pg|@electric-sql\/pglite)$/, 'store'],
  ['Pothos', /^@pothos\//, 'graphql'],
] as const)('%s: in one folder only', (_, library, part) => {
  const users = imports.filter(({ name }) => library.test(name)).map(({ file }) => partOf(file))
  expect([...new Set(users)]).toEqual([part])
})

test('only the configuration reads the environment, and only the start and the composition read the configuration', () => {
  expect(files.filter((file) => textOf(file).includes('process.env'))).toEqual(['config.ts'])
  const readers = imports.filter(({ name }) => name === 'config.ts').map(({ file }) => file)
  expect(readers.sort()).toEqual([
    'compose.ts',
    'main.ts',
    'purge.ts',
    'serve.ts',
    'start-screen.ts',
    'webhooks.ts',
  ])
})
