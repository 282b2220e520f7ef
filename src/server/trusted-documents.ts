import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type DocumentNode, Kind, specifiedRules, validate } from 'graphql'
import { z } from 'zod'
import { OperatorError } from '../domain/errors.ts'
import { schema } from '../graphql/schema.ts'
import { depthAndAliasRule, parseDocument } from './use-query-limits.ts'
import type { TrustedDocuments } from './use-trusted-documents.ts'
import { limits } from './yoga.ts'

/** A manifest that cannot be used; the message names the file and, if a document is invalid, its operation. */
export class ManifestError extends OperatorError {
  override readonly name = 'ManifestError'

  constructor(problems: readonly string[]) {
    super(`Trusted documents cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  }
}

/**
 * Reads the published operations and further manifests, given by their paths. Throws ManifestError with all problems:
 * unreadable files, IDs that are not the SHA-256 of their document, and documents that are invalid for the schema or
 * above the limits of the endpoint.
 */
export function loadTrustedDocuments(files: readonly string[]): TrustedDocuments {
  const published = fileURLToPath(new URL('../../schema/persisted-documents.json', import.meta.url))
  const manifests = [published, ...files].map(readManifest)
  const entries = manifests.flatMap((manifest) => manifest.entries)
  const problems = [...manifests.flatMap(({ problem }) => problem ?? []), ...entries.flatMap(problemsOf)]
  if (problems.length > 0) throw new ManifestError(problems)
  return new Map(entries.map(({ hash, text }) => [hash, text]))
}

interface Entry {
  readonly file: string
  readonly hash: string
  readonly text: string
}

const manifestShape = z.union([
  // Apollo's generate-persisted-query-manifest.
  z
    .object({
      format: z.literal('apollo-persisted-query-manifest'),
      version: z.literal(1),
      operations: z.array(z.object({ id: z.string(), body: z.string() })),
    })
    .transform(({ operations }) => operations.map(({ id, body }) => [id, body] as const)),
  // GraphQL Code Generator and Relay: documents by ID.
  z.record(z.string(), z.string()).transform((documents) => Object.entries(documents)),
])

interface Manifest {
  readonly entries: readonly Entry[]
  /** Why the file is not a manifest. */
  readonly problem?: string
}

function readManifest(file: string): Manifest {
  const fail = (problem: string): Manifest => ({ entries: [], problem: `${file}: ${problem}` })
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    return fail(error instanceof SyntaxError ? 'is not JSON' : 'cannot be read')
  }
  const documents = manifestShape.safeParse(content).data
  if (documents === undefined)
    return fail('is neither an object of documents by ID nor a manifest of Apollo Client')
  return { entries: documents.map(([id, text]) => ({ file, hash: id.replace(/^sha256:/, ''), text })) }
}

function problemsOf({ file, hash, text }: Entry): readonly string[] {
  const parsed = tryParse(text)
  const label = `${file}: ${(typeof parsed !== 'string' && operationNames(parsed)) || hash.slice(0, 64)}`
  if (createHash('sha256').update(text).digest('hex') !== hash)
    return [`${label}: its ID is not the SHA-256 of the document`]
  if (typeof parsed === 'string') return [`${label}: ${parsed}`]
  const errors = validate(schema, parsed, [...specifiedRules, depthAndAliasRule(limits)])
  return errors.map(({ message }) => `${label}: ${message}`)
}

/** Returns the message of the error if the document cannot be parsed. */
function tryParse(text: string): DocumentNode | string {
  try {
    return parseDocument(text, limits)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const operationNames = ({ definitions }: DocumentNode): string =>
  definitions
    .flatMap((node) => (node.kind === Kind.OPERATION_DEFINITION ? (node.name?.value ?? []) : []))
    .join(', ')
