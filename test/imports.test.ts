import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { expect, test } from 'vitest'

/** Layers of `src`, highest first: a file may import from its own layer and from those below. The sandbox stands apart. */
const layers = [
  ['main.ts'],
  ['cli'],
  ['app'],
  ['server'],
  ['graphql'],
  ['connect'],
  ['store'], // beside the providers: it uses their types, and they know nothing of it
  ['providers'],
  ['http'],
  ['domain'],
]
/** The same for what `connect` imports at run time; `context.ts` holds types only. */
const connectLayers = [
  ['jobs'],
  ['webhooks'],
  ['sessions'],
  ['create-link'],
  ['connections'],
  ['links'],
  ['catalogue'],
  ['authorization.ts', 'events.ts', 'sync-scheduler.ts', 'context.ts'],
  ['util'],
]

const src = new URL('../src/', import.meta.url)
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const textOf = (file: string) => readFileSync(new URL(file, src), 'utf8')
const partOf = (file: string, level = 0) => file.split('/')[level] ?? ''
const layerOf = (file: string) => layers.findIndex((layer) => layer.includes(partOf(file)))
const connectLayerOf = (file: string) =>
  connectLayers.findIndex((layer) => partOf(file) === 'connect' && layer.includes(partOf(file, 1)))
const providerOf = (file: string) => /^providers\/(\w+)\//.exec(file)?.[1]

const statement = /(?:^(?:import|export)\b([^'=]*?) from |^import |\bimport\()'([^']+)'/gm
const imports = files.flatMap((file) =>
  [...textOf(file).matchAll(statement)].map(([, names = '', name = '']) => ({
    file,
    name: name.startsWith('.') ? posix.join(posix.dirname(file), name) : name,
    isTypeOnly: /^\s*type\b/.test(names),
  })),
)
type Import = (typeof imports)[number]
const those = (wanted: (one: Import) => boolean) =>
  imports.filter(wanted).map(({ file, name }) => `${file} -> ${name}`)
const isIn = (part: string, file: string) => files.includes(file) && partOf(file) === part

test('every file has a layer and every import is understood', () => {
  expect(files.filter((file) => layerOf(file) < 0 && !isIn('sandbox', file))).toEqual([])
  expect(files.filter((file) => isIn('connect', file) && connectLayerOf(file) < 0)).toEqual([])
  expect(those(({ name }) => name.endsWith('.ts') && !files.includes(name))).toEqual([])
  const written = files.flatMap(
    (file) => textOf(file).match(/^(import|\} from|export \{|export \*).*'$|\bimport\('/gm) ?? [],
  )
  expect(imports.length).toBe(written.length)
})

test('main.ts is the only file beside the folders', () => {
  expect(files.filter((file) => !file.includes('/'))).toEqual(['main.ts'])
})

test('imports go down the layers', () => {
  expect(
    those(({ file, name }) => files.includes(name) && layerOf(file) > layerOf(name) && layerOf(name) >= 0),
  ).toEqual([])
})

test('inside connect, imports go down its folders', () => {
  const upwards = ({ file, name, isTypeOnly }: Import) =>
    !isTypeOnly && connectLayerOf(name) >= 0 && connectLayerOf(file) > connectLayerOf(name)
  expect(those(upwards)).toEqual([])
  expect(those(({ file, isTypeOnly }) => file === 'connect/context.ts' && !isTypeOnly)).toEqual([])
})

test('no file imports itself through others, types included', () => {
  const targets = new Map(files.map((file) => [file, [] as string[]]))
  for (const { file, name } of imports) if (files.includes(name)) targets.get(file)?.push(name)
  expect(cyclesOf(targets)).toEqual([])
})

/** Every path that comes back to a file on it; each cycle once, from where it was entered first. */
function cyclesOf(targets: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, path: readonly string[]) => {
    const start = path.indexOf(file)
    if (start >= 0) cycles.push([...path.slice(start), file].join(' -> '))
    if (start >= 0 || done.has(file)) return
    for (const target of targets.get(file) ?? []) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of targets.keys()) visit(file, [])
  return cycles
}

test('the search for cycles finds one', () => {
  const targets = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['a']],
    ['d', ['a']],
  ])
  expect(cyclesOf(targets)).toEqual(['a -> b -> c -> a'])
})

test('the store uses only the types of the provider adapter', () => {
  const used = imports.filter(({ file, name }) => isIn('store', file) && isIn('providers', name))
  expect([...new Set(used.map(({ name }) => name))]).toEqual(['providers/adapter.ts'])
})

test('the sandbox uses only itself and Node, and only the command line uses the sandbox, on demand', () => {
  const used = ({ file, name }: Import) =>
    isIn('sandbox', file) && !isIn('sandbox', name) && !/^node:/.test(name)
  expect(those(used)).toEqual([])
  const using = imports.filter(({ file, name }) => !isIn('sandbox', file) && isIn('sandbox', name))
  expect([...new Set(using.map(({ file }) => file))].sort()).toEqual(['cli/commands.ts', 'cli/serve.ts'])
  const loading = /^import (?!type\b)[^\n]*sandbox\//m
  expect(files.filter((file) => partOf(file) !== 'sandbox' && loading.test(textOf(file)))).toEqual([])
})

test('only the list of providers knows more than one of them', () => {
  const foreign = those(
    ({ file, name }) => providerOf(name) !== undefined && providerOf(name) !== providerOf(file),
  )
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

test('only the configuration reads the environment, and only app and cli read the configuration', () => {
  expect(files.filter((file) => textOf(file).includes('process.env'))).toEqual(['app/config.ts'])
  const readers = imports.filter(({ name }) => name === 'app/config.ts').map(({ file }) => partOf(file))
  expect([...new Set(readers)].sort()).toEqual(['app', 'cli'])
})
