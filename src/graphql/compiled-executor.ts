import {
  BREAK,
  type DocumentNode,
  defaultTypeResolver,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  GraphQLIncludeDirective,
  type GraphQLSchema,
  GraphQLSkipDirective,
  type GraphQLTypeResolver,
  getOperationAST,
  isAbstractType,
  Kind,
  type ObjectValueNode,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SourceLocation,
  visit,
} from 'graphql'
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit'

type Result = ExecutionResult | Promise<ExecutionResult>
/** Executes a query or mutation whose document is valid. */
export type Execute = (args: ExecutionArgs) => Result

/** Compiling takes up to 100 times as long as executing once: only what is repeated is compiled. */
const defaultExecutionsBeforeCompiling = 5

/**
 * Executes queries by functions that are compiled from their documents, which takes about a third of the time. Everything
 * else is left to `execute`: the first executions of a document, mutations, whose fields must not be resolved after a
 * deadline, and queries that cannot be compiled.
 */
export function createCompiledExecutor(
  execute: Execute,
  executionsBeforeCompiling = defaultExecutionsBeforeCompiling,
): Execute {
  // By identity: the server caches documents by their text. Not by name, which the caller chooses.
  const candidates = new WeakMap<OperationDefinitionNode, CandidateQuery>()

  return (args) => {
    const operation = getOperationAST(args.document, args.operationName)
    if (operation?.operation !== OperationTypeNode.QUERY) return execute(args)
    const candidate = candidates.get(operation) ?? { executions: 0, compiled: undefined }
    candidates.set(operation, candidate)
    if (candidate.compiled === undefined && candidate.executions >= executionsBeforeCompiling)
      candidate.compiled = compile(args)
    candidate.executions += 1
    return candidate.compiled ? run(candidate.compiled, args, execute) : execute(args)
  }
}

interface CandidateQuery {
  executions: number
  /** `undefined`: not yet compiled; `null`: not to be compiled. */
  compiled: CompiledQuery | null | undefined
}

function compile({ schema, document, operationName }: ExecutionArgs): CompiledQuery | null {
  if (isCompiledDifferently(document)) return null
  const compiled = withGuardedTypes(schema, () => compileQuery(schema, document, operationName ?? undefined))
  return isCompiledQuery(compiled) ? compiled : null
}

/**
 * Runs `work`, which takes the functions that resolve abstract types from the schema, with functions that do not throw: the
 * compiled query would not end. Without a type it has an error of the library.
 */
function withGuardedTypes<Result>(schema: GraphQLSchema, work: () => Result): Result {
  const types = Object.values(schema.getTypeMap()).filter(isAbstractType)
  const originals = types.map(({ resolveType }) => resolveType)
  for (const type of types) type.resolveType = guarded(type.resolveType ?? defaultTypeResolver)
  try {
    return work()
  } finally {
    for (const [index, type] of types.entries()) type.resolveType = originals[index]
  }
}

const guarded =
  (resolveType: GraphQLTypeResolver<unknown, unknown>): GraphQLTypeResolver<unknown, unknown> =>
  (...args) => {
    try {
      return resolveType(...args)
    } catch {
      return undefined
    }
  }

/**
 * Whether the result could differ from that of graphql-js: a compiled query has its fields in one order, also if the first
 * of two selections of a field is skipped, takes an absent variable in an input object for null, and does not parse the
 * default values of variables.
 */
function isCompiledDifferently(document: DocumentNode): boolean {
  let isFound = false
  const found = () => {
    isFound = true
    return BREAK
  }
  visit(document, {
    Directive: ({ name }) => (conditions.has(name.value) ? found() : undefined),
    ObjectValue: (value) => (hasVariables(value) ? found() : false),
    VariableDefinition: ({ defaultValue }) =>
      defaultValue && !unparsed.has(defaultValue.kind) ? found() : undefined,
  })
  return isFound
}

const conditions: ReadonlySet<string> = new Set([GraphQLSkipDirective.name, GraphQLIncludeDirective.name])

/** Values that are the same before and after parsing. */
const unparsed: ReadonlySet<Kind> = new Set([Kind.INT, Kind.BOOLEAN, Kind.ENUM, Kind.NULL])

function hasVariables(value: ObjectValueNode): boolean {
  let isFound = false
  visit(value, {
    Variable() {
      isFound = true
      return BREAK
    },
  })
  return isFound
}

function run({ query }: CompiledQuery, args: ExecutionArgs, execute: Execute): Result {
  const complete = (result: ExecutionResult): Result => {
    if (result.data !== undefined && result.errors === undefined) return result
    // Errors of the library itself, about variables, arguments and values of the wrong type, differ from those of
    // graphql-js. They are rare, and a query can be repeated.
    if (result.data === undefined || !result.errors?.every(isOfResolver)) return execute(args)
    return { ...result, errors: result.errors.map((error) => toGraphQLError(error, args.document)) }
  }
  const result = query(args.rootValue, args.contextValue, args.variableValues)
  return result instanceof Promise ? result.then(complete) : complete(result)
}

const isOfResolver = ({ originalError }: GraphQLError) => originalError !== undefined

/** The same error as that of graphql-js: those of the library have read-only properties and no source. */
function toGraphQLError({ message, path, locations, originalError }: GraphQLError, { loc }: DocumentNode) {
  const source = loc?.source
  return new GraphQLError(message, {
    path,
    originalError,
    ...(source && { source, positions: locations?.map((location) => positionOf(source.body, location)) }),
  })
}

const lineBreak = /\r\n|[\n\r]/g

function positionOf(body: string, { line, column }: SourceLocation): number {
  let lineStart = 0
  for (const { index, 0: text } of [...body.matchAll(lineBreak)].slice(0, line - 1))
    lineStart = index + text.length
  return lineStart + column - 1
}
