import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  getOperationAST,
  OperationTypeNode,
  type SourceLocation,
} from 'graphql'
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit'

type Result = ExecutionResult | Promise<ExecutionResult>
/** Executes a query or mutation whose document is valid. */
export type Execute = (args: ExecutionArgs) => Result

/** A document that is executed once may never come again: compiling it would take longer than executing it. */
const defaultExecutionsBeforeCompiling = 1

/**
 * Executes queries by functions that are compiled from their documents, which takes about a third of the time. Everything
 * else is left to `execute`: the first execution of a document, mutations, whose fields must not be resolved after a
 * deadline, and queries that cannot be compiled.
 */
export function createCompiledExecutor(
  execute: Execute,
  executionsBeforeCompiling = defaultExecutionsBeforeCompiling,
): Execute {
  // By identity: the server caches documents by their text.
  const queries = new WeakMap<DocumentNode, Map<string | null, CandidateQuery>>()

  return (args) => {
    const { document, operationName = null } = args
    let operations = queries.get(document)
    if (operations === undefined) {
      operations = new Map()
      queries.set(document, operations)
    }
    let candidate = operations.get(operationName)
    if (candidate === undefined) {
      candidate = { executions: 0, compiled: undefined }
      operations.set(operationName, candidate)
    }
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
  if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.QUERY) return null
  const compiled = compileQuery(schema, document, operationName ?? undefined)
  return isCompiledQuery(compiled) ? compiled : null
}

function run({ query }: CompiledQuery, args: ExecutionArgs, execute: Execute): Result {
  const complete = (result: ExecutionResult): Result => {
    // The variables are invalid, and nothing was resolved: the library has messages of its own.
    if (result.data === undefined) return execute(args)
    if (result.errors === undefined) return result
    return { ...result, errors: result.errors.map((error) => toGraphQLError(error, args.document)) }
  }
  const result = query(args.rootValue, args.contextValue, args.variableValues)
  return result instanceof Promise ? result.then(complete) : complete(result)
}

/** The same error as that of graphql-js: those of the library have read-only properties and no source. */
function toGraphQLError({ message, path, locations, originalError }: GraphQLError, { loc }: DocumentNode) {
  const source = loc?.source
  return new GraphQLError(message, {
    path,
    // A null in a non-null field is a plain error in graphql-js: its message is not for clients.
    originalError: originalError ?? new Error(message),
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
