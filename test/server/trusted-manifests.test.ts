import { describe, expect, test } from 'vitest'
import published from '../../schema/persisted-documents.json' with { type: 'json' }
import { loadTrustedDocuments, ManifestError } from '../../src/server/trusted-documents.ts'
import { manifestOf, sha256, writeManifest } from './manifest.ts'

const load = (...files: readonly string[]) => loadTrustedDocuments(files)

/** The problems of a manifest, without its path. */
function problemsOf(content: object | string): readonly string[] {
  const file = writeManifest(content)
  try {
    load(file)
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error
    const [heading, ...lines] = error.message.split('\n')
    expect(heading).toBe('Trusted documents cannot be used:')
    for (const line of lines) expect(line).toContain(`  ${file}: `)
    return lines.map((line) => line.replace(`  ${file}: `, ''))
  }
  throw new Error('the manifest is valid')
}

const own = 'query Own { viewer { kind } }'
const other = 'query Other { viewer { name } }'

describe('trusted documents', () => {
  test('are the published operations, by hash', () => {
    const documents = load()
    expect(documents.size).toBe(Object.keys(published).length)
    for (const [id, text] of Object.entries(published)) expect(documents.get(id.slice(7))).toBe(text)
  })

  test.each<[name: string, content: object]>([
    ['documents by prefixed hash', manifestOf(own)],
    ['documents by hash', { [sha256(own)]: own }],
    [
      'a manifest of Apollo Client',
      {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [{ id: sha256(own), name: 'Own', type: 'query', body: own }],
      },
    ],
    ['two documents, one of them published', { ...manifestOf(own), ...published }],
  ])('are also those of other manifests: %s', (_, content) => {
    const documents = load(writeManifest(content), writeManifest(manifestOf(other)))
    expect(documents.size).toBe(Object.keys(published).length + 2)
    expect([documents.get(sha256(own)), documents.get(sha256(other))]).toEqual([own, other])
  })
})

describe('a manifest is refused', () => {
  test.each<[name: string, content: object | string, problem: string]>([
    ['no JSON', '{', 'is not JSON'],
    ['a list', [own], 'is neither an object of documents by ID nor a manifest of Apollo Client'],
    [
      'another value than a text',
      { [sha256(own)]: { query: own } },
      'is neither an object of documents by ID nor a manifest of Apollo Client',
    ],
    [
      'another version of Apollo’s format',
      { format: 'apollo-persisted-query-manifest', version: 2, operations: [] },
      'is neither an object of documents by ID nor a manifest of Apollo Client',
    ],
    [
      'the hash of another document',
      { [`sha256:${sha256(other)}`]: own },
      'Own: its ID is not the SHA-256 of the document',
    ],
    [
      'a hash in uppercase digits',
      { [sha256(own).toUpperCase()]: own },
      'Own: its ID is not the SHA-256 of the document',
    ],
    ['a name as ID', { own }, 'Own: its ID is not the SHA-256 of the document'],
    [
      'a field that the schema does not have',
      manifestOf('query Old { viewer { kin } }'),
      'Old: Cannot query field "kin" on type "Viewer". Did you mean "kind"?',
    ],
    [
      'a document that cannot be parsed',
      manifestOf('{'),
      `${sha256('{')}: Syntax Error: Expected Name, found <EOF>.`,
    ],
    [
      'a schema instead of an operation',
      manifestOf('type A { b: Int }'),
      `${sha256('type A { b: Int }')}: The "A" definition is not executable.`,
    ],
    [
      'more aliases than are accepted',
      manifestOf(
        `query Wide { viewer { ${Array.from({ length: 16 }, (_, n) => `a${n}: kind`).join(' ')} } }`,
      ),
      'Wide: The operation has more than 15 aliases.',
    ],
    [
      'more tokens than are accepted',
      manifestOf(`query Long { viewer { ${'kind '.repeat(1500)} } }`),
      `${sha256(`query Long { viewer { ${'kind '.repeat(1500)} } }`)}: The document has more than 1500 tokens.`,
    ],
  ])('%s', (_, content, problem) => {
    expect(problemsOf(content)).toEqual([problem])
  })

  test('that cannot be read', () => {
    expect(() => load('/does/not/exist.json')).toThrow(/^.*:\n {2}\/does\/not\/exist.json: cannot be read$/)
  })

  test('with all problems of all documents', () => {
    expect(problemsOf({ a: own, b: other })).toHaveLength(2)
  })
})
