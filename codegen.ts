import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { preset } from '@graphql-codegen/client-preset'
import { codegen } from '@graphql-codegen/core'
import { parse, printSchema } from 'graphql'
import { schema } from './src/graphql/schema.ts'

/**
 * Prints the schema that is published, and from it and the published operations the typed documents that the tests
 * send and the manifest of persisted documents. Run from the project's root: npm run codegen.
 */
const operations = 'schema/operations'
const generated = 'test/generated/'

const sdl = `${printSchema(schema)}\n`
write('schema/schema.graphql', sdl)

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

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text.endsWith('\n') ? text : `${text}\n`)
}
