import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { expect, test } from 'vitest'

/** Layers of `src`, highest first: a file imports from its own layer or a lower one. Sandbox and client are separate. */
const layers = [
  ['main.ts'],
  ['cli'],
  ['app'],
  ['server'],
  ['graphql'],
  ['connect'],
  ['store'], // above the providers: it uses their types, and they do not import it
  ['providers'],
  ['http'],
  ['domain'],
]
/** The layers inside `connect`, for runtime imports only; `context.ts` contains types only. */
const connectLayers = [
  ['jobs'],
  ['webhooks', 'outgoing-webhooks'],
  ['accounts'],
  ['sessions', 'api-keys'],
  ['create-link'],
  ['connections'],
  ['links'],
  ['catalogue'],
  ['suspensions'],
  ['audit'],
  [
    'appearance-schemas.ts',
    'session-limits.ts',
    'authorization.ts',
    'events.ts',
    'input-schemas.ts',
    'sync-scheduler.ts',
    'sync-states.ts',
    'context.ts',
  ],
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
const importsWhere = (predicate: (one: Import) => boolean) =>
  imports.filter(predicate).map(({ file, name }) => `${file} -> ${name}`)
const isIn = (part: string, file: string) => files.includes(file) && partOf(file) === part

test('every file has a layer and every import statement is parsed', () => {
  expect(
    files.filter((file) => layerOf(file) < 0 && !isIn('sandbox', file) && !isIn('client', file)),
  ).toEqual([])
  expect(files.filter((file) => isIn('connect', file) && connectLayerOf(file) < 0)).toEqual([])
  expect(importsWhere(({ name }) => name.endsWith('.ts') && !files.includes(name))).toEqual([])
  const statements = files.flatMap(
    (file) => textOf(file).match(/^(import|\} from|export \{|export \*).*'$|\bimport\('/gm) ?? [],
  )
  expect(imports.length).toBe(statements.length)
})

test('main.ts is the only file outside the folders', () => {
  expect(files.filter((file) => !file.includes('/'))).toEqual(['main.ts'])
})

test('files import only from their own or a lower layer', () => {
  expect(
    importsWhere(
      ({ file, name }) => files.includes(name) && layerOf(file) > layerOf(name) && layerOf(name) >= 0,
    ),
  ).toEqual([])
})

test('files in connect import at run time only from their own or a lower layer of connect', () => {
  const upwards = ({ file, name, isTypeOnly }: Import) =>
    !isTypeOnly && connectLayerOf(name) >= 0 && connectLayerOf(file) > connectLayerOf(name)
  expect(importsWhere(upwards)).toEqual([])
  expect(importsWhere(({ file, isTypeOnly }) => file === 'connect/context.ts' && !isTypeOnly)).toEqual([])
})

test('there are no import cycles, type imports included', () => {
  const targets = new Map(files.map((file) => [file, [] as string[]]))
  for (const { file, name } of imports) if (files.includes(name)) targets.get(file)?.push(name)
  expect(cyclesOf(targets)).toEqual([])
})

/** Returns each cycle once, as a path from the file where the search entered it. */
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

test('cyclesOf finds a cycle once', () => {
  const targets = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['a']],
    ['d', ['a']],
  ])
  expect(cyclesOf(targets)).toEqual(['a -> b -> c -> a'])
})

test('the store imports only adapter.ts from the providers', () => {
  const used = imports.filter(({ file, name }) => isIn('store', file) && isIn('providers', name))
  expect([...new Set(used.map(({ name }) => name))]).toEqual(['providers/adapter.ts'])
})

test('the sandbox imports only itself and Node, and only cli imports the sandbox, dynamically', () => {
  const isForeign = ({ file, name }: Import) =>
    isIn('sandbox', file) && !isIn('sandbox', name) && !/^node:/.test(name)
  expect(importsWhere(isForeign)).toEqual([])
  const importers = imports.filter(({ file, name }) => !isIn('sandbox', file) && isIn('sandbox', name))
  expect([...new Set(importers.map(({ file }) => file))].sort()).toEqual(['cli/use-sandbox.ts'])
  const staticImport = /^import (?!type\b)[^\n]*sandbox\//m
  expect(files.filter((file) => partOf(file) !== 'sandbox' && staticImport.test(textOf(file)))).toEqual([])
})

test('the MCP server and its SDK are loaded dynamically', () => {
  const isPart = (name: string) => name.startsWith('server/mcp/') || name.startsWith('@modelcontextprotocol/')
  const importers = imports.filter(({ file, name }) => isPart(name) && !isPart(file))
  expect([...new Set(importers.map(({ file }) => file))]).toEqual(['app/create-gateway.ts'])
  expect(textOf('app/create-gateway.ts')).not.toMatch(/^import (?!type\b)[^\n]*server\/mcp\//m)
})

test('the client imports only itself, and is imported by no other folder', () => {
  expect(importsWhere(({ file, name }) => isIn('client', file) !== isIn('client', name))).toEqual([])
})

test('only providers/index.ts imports more than one provider', () => {
  const foreign = importsWhere(
    ({ file, name }) => providerOf(name) !== undefined && providerOf(name) !== providerOf(file),
  )
  expect(foreign.filter((one) => !one.startsWith('providers/index.ts -> '))).toEqual([])
})

test.each([
  ['undici', /^undici$/, 'http'],
  ['Kysely and the databases', /^(kysely|pg|@electric-sql\/pglite)$/, 'store'],
  ['Pothos', /^@pothos\//, 'graphql'],
] as const)('only one folder imports %s', (_, library, part) => {
  const importers = imports.filter(({ name }) => library.test(name)).map(({ file }) => partOf(file))
  expect([...new Set(importers)]).toEqual([part])
})

/** Folders of `test` that open no store: the script `.ci/run` runs them once, the others on PostgreSQL too. */
const foldersWithoutStore = ['cli', 'app', 'client', 'domain', 'fixtures', 'http', 'providers', 'sandbox']

test('tests of the folders that run on one database only do not open a store', () => {
  const tests = new URL('./', import.meta.url)
  const reached = new Set<string>()
  const visit = (url: URL) => {
    if (reached.has(url.href)) return
    reached.add(url.href)
    for (const [, path = ''] of readFileSync(url, 'utf8').matchAll(/ from '(\.[^']+\.ts)'/g))
      if (!path.includes('/src/')) visit(new URL(path, url))
  }
  for (const folder of foldersWithoutStore) {
    const inFolder = readdirSync(new URL(`${folder}/`, tests), { encoding: 'utf8' })
    for (const file of inFolder.filter((name) => name.endsWith('.ts')))
      visit(new URL(`${folder}/${file}`, tests))
  }
  expect(reached).not.toContain(new URL('helpers/database.ts', tests).href)
  const onPostgres = readFileSync(new URL('../.ci/run', tests), 'utf8').match(/^store_suites='(.*)'$/m)?.[1]
  const others = readdirSync(tests, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !foldersWithoutStore.includes(entry.name))
    .filter(({ name }) =>
      readdirSync(new URL(`${name}/`, tests), { recursive: true, encoding: 'utf8' }).some((file) =>
        file.endsWith('.test.ts'),
      ),
    )
  expect(onPostgres?.split(' ').toSorted()).toEqual(others.map(({ name }) => `test/${name}`).toSorted())
})

test('OpenTelemetry is loaded only when it is used', () => {
  const importers = imports.filter(({ name }) => name.startsWith('@opentelemetry/')).map(({ file }) => file)
  expect([...new Set(importers)]).toEqual(['app/open-telemetry.ts'])
  const loaders = files.filter((file) => textOf(file).includes('open-telemetry.ts'))
  expect(loaders).toEqual(['cli/serve.ts'])
  expect(textOf('cli/serve.ts')).toContain("await import('../app/open-telemetry.ts')")
  expect(textOf('cli/serve.ts')).not.toMatch(/ from '[^']*open-telemetry.ts'/)
})

test('only app/config.ts reads process.env, and only app and cli import it', () => {
  expect(files.filter((file) => textOf(file).includes('process.env'))).toEqual(['app/config.ts'])
  const readers = imports.filter(({ name }) => name === 'app/config.ts').map(({ file }) => partOf(file))
  expect([...new Set(readers)].sort()).toEqual(['app', 'cli'])
})
