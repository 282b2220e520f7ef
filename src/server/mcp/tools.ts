import { readFileSync } from 'node:fs'
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLArgument,
  getOperationAST,
  isInterfaceType,
  Kind,
  parse,
} from 'graphql'
import type { Permission } from '../../domain/permissions.ts'
import { providerKeys } from '../../domain/provider-key.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { schema } from '../../graphql/schema.ts'
import { inputSchemaOf, type ObjectSchema } from './input-schema.ts'

/** Hints for clients, which may show or confirm calls of the tool accordingly. */
interface Annotations {
  readonly readOnlyHint: boolean
  readonly destructiveHint: boolean
  readonly idempotentHint: boolean
  /** Whether a call may reach a provider. */
  readonly openWorldHint: boolean
}

/** A tool, which executes one of the published operations. */
export interface Tool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly annotations: Annotations
  readonly document: DocumentNode
  /** The root field that the operation selects. */
  readonly field: string
  /** What a caller needs to call it; `null`: nothing but being authenticated. */
  readonly permission: Permission | null
  /** Whether it creates a link which a person has to open. */
  readonly createsLink: boolean
  /** Names of the arguments. */
  readonly variables: ReadonlySet<string>
  inputSchema(viewer: Viewer): ObjectSchema
}

interface Definition {
  readonly name: string
  readonly title: string
  /** File of the operation in `schema/operations`, without its extension. */
  readonly operation: string
  readonly annotations: Annotations
  /** By default it does not. */
  readonly createsLink?: boolean
}

const read = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true }
const create = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true }

const definitions: readonly Definition[] = [
  {
    name: 'search_applications',
    title: 'Search applications',
    operation: 'applications',
    annotations: { ...read, openWorldHint: false },
  },
  {
    name: 'create_connect_link',
    title: 'Connect an application',
    operation: 'create-connect-link-with-selection',
    annotations: create,
    createsLink: true,
  },
  { name: 'get_connect_link', title: 'Read a connect link', operation: 'connect-link', annotations: read },
  { name: 'list_connections', title: 'List connections', operation: 'connections', annotations: read },
  {
    name: 'reconnect_connection',
    title: 'Reconnect a connection',
    operation: 'reconnect-connection',
    annotations: create,
    createsLink: true,
  },
  {
    name: 'disconnect_connection',
    title: 'Disconnect a connection',
    operation: 'disconnect-connection',
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  },
]

const folder = new URL('../../../schema/operations/', import.meta.url)

/** One of the published operations, by its file without the extension. */
export const publishedDocument = (name: string): DocumentNode =>
  parse(readFileSync(new URL(`${name}.graphql`, folder), 'utf8'))

export const loadTools = (): readonly Tool[] => definitions.map(toTool)

/** Fields that programs set, not models: option blocks of providers, and what belongs to the pages of an application. */
const omitted = new Set([
  ...providerKeys.map((key) => key.toLowerCase()),
  'branding',
  'codeChallenge',
  'errorRedirectUri',
])
/** What only API keys may name, or what a session is limited to anyway. */
const omittedInSessions = new Set([...omitted, 'endUser', 'endUserId', 'organizationId', 'tag', 'tags'])

const waitingNote =
  'A person has to open the `url` of the link in a browser and sign in. Clients that support URL-mode elicitation show it, and the call returns when the link has ended; otherwise give the URL to that person and read the link with get_connect_link.'

function toTool({ operation, createsLink = false, ...definition }: Definition): Tool {
  const document = publishedDocument(operation)
  const { field, args, description, permission } = rootFieldOf(document)
  return {
    ...definition,
    description: createsLink ? `${description} ${waitingNote}` : description,
    document,
    field,
    permission,
    createsLink,
    variables: new Set(args.map(({ name }) => name)),
    inputSchema: ({ kind }) => inputSchemaOf(args, kind === 'API_KEY' ? omitted : omittedInSessions),
  }
}

/** The root field of an operation with one, whose variables have the names of the arguments that they are passed to. */
function rootFieldOf(document: DocumentNode) {
  const operation = getOperationAST(document)
  const [node] = operation?.selectionSet.selections ?? []
  const parent = operation && schema.getRootType(operation.operation)
  const found = node?.kind === Kind.FIELD ? parent?.getFields()[node.name.value] : undefined
  if (!found) throw new Error('the operation of a tool has no root field')
  const passed = new Set((node as FieldNode).arguments?.map(({ name }) => name.value))
  return {
    field: found.name,
    description: found.description ?? '',
    permission: (found.extensions.permission ?? null) as Permission | null,
    args: found.args.filter(({ name }: GraphQLArgument) => passed.has(name)),
  }
}

const errorInterface = schema.getType('Error')

/** Names of the types that results of operations have instead of a payload. */
export const errorTypes: ReadonlySet<string> = new Set(
  isInterfaceType(errorInterface) ? schema.getPossibleTypes(errorInterface).map(({ name }) => name) : [],
)

/** The tools that the caller may call. */
export const toolsFor = (tools: readonly Tool[], { scopes }: Viewer): readonly Tool[] =>
  tools.filter(({ permission }) => permission === null || scopes.includes(permission))
