import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { preset } from '@graphql-codegen/client-preset'
import { codegen } from '@graphql-codegen/core'
import { introspectionFromSchema, isAbstractType, parse, printSchema } from 'graphql'
import { schema } from './src/graphql/schema.ts'

/**
 * Writes the schema that is published, as text, as introspection and as the types of its interfaces and unions; and from
 * it and the published operations the typed documents that the tests send and the manifest of persisted documents. Run from the project's root: npm run codegen.
 */
const operations = 'schema/operations'
const generated = 'test/generated/'

const sdl = `${printSchema(schema)}\n`
write('schema/schema.graphql', sdl)
writeJson('schema/introspection.json', introspectionFromSchema(schema))
writeJson('schema/possible-types.json', possibleTypes())

const documents = readdirSync(operations)
  .filter((file) => file.endsWith('.graphql'))
  .sort()
  .map((file) => {
    const location = join(operations, file)
    const rawSDL = readFileSync(location, 'utf8')
    return { location, rawSDL, document: parse(rawSDL) }
  })

const sections = await preset.buildGeneratesSection({
  baseOutputDir: generated,
  presetConfig: { fragmentMasking: false, persistedDocuments: true },
  config: {
    documentMode: 'string',
    enumsAsTypes: true,
    importExtension: '.js',
    scalars: { DateTime: 'string', URL: 'string', JSONObject: 'Record<string, unknown>' },
    useTypeImports: true,
  },
  schema: parse(sdl),
  schemaAst: schema,
  documents,
  plugins: [],
  pluginMap: {},
  pluginContext: {},
})

for (const section of sections) {
  const text = await codegen(section)
  // The manifest belongs to the contract; the rest is for the tests.
  write(
    section.filename.replace(`${generated}persisted-documents.json`, 'schema/persisted-documents.json'),
    text,
  )
}

/** The names of the types of each interface and union, as Apollo Client's cache needs them. */
function possibleTypes(): Record<string, readonly string[]> {
  const abstractTypes = Object.values(schema.getTypeMap()).filter(isAbstractType)
  return Object.fromEntries(
    abstractTypes.map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
  )
}

function writeJson(file: string, data: unknown): void {
  write(file, JSON.stringify(data, null, 1))
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text.endsWith('\n') ? text : `${text}\n`)
}
