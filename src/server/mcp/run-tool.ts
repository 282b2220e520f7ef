import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import type { DocumentNode, GraphQLError } from 'graphql'
import type { Viewer } from '../../domain/viewer.ts'
import { cleanMessage } from '../error-message.ts'
import type { HttpExchange } from '../pages/pages-context.ts'
import { codeFor } from '../use-error-codes.ts'
import type { ExecuteOwn, SubscribeOwn } from '../yoga.ts'
import { errorTypes, type Tool } from './tools.ts'

/** Executes operations of the API for the caller of one request. */
export interface McpCaller {
  readonly viewer: Viewer
  readonly exchange: HttpExchange
  readonly execute: ExecuteOwn
  readonly subscribe: SubscribeOwn
}

export type JsonObject = Readonly<Record<string, unknown>>

export interface ToolError extends JsonObject {
  readonly code: string
  readonly message: string
}

/** What the root field of an operation has answered. `missing`: why parts of the value are null. */
export type Outcome =
  | { readonly value: JsonObject; readonly missing: readonly ToolError[]; readonly error?: undefined }
  | { readonly error: ToolError }

/** Executes the operation of a tool; the arguments are its variables. */
export async function runTool(caller: McpCaller, tool: Tool, args: JsonObject): Promise<Outcome> {
  const { variables } = tool
  if (Object.keys(args).some((name) => !variables.has(name))) {
    const message = `The tool has only these arguments: ${[...variables].join(', ')}.`
    return { error: { code: 'BAD_USER_INPUT', message } }
  }
  return runOperation(caller, tool, args)
}

/** Executes an operation with one root field. */
export async function runOperation(
  { execute, viewer, exchange }: McpCaller,
  { document, field }: { readonly document: DocumentNode; readonly field: string },
  variables: JsonObject,
): Promise<Outcome> {
  const { data, errors = [] } = await execute(document, { viewer, variables, exchange })
  const value = data?.[field] as JsonObject | null | undefined
  const [error] = errors
  if (value == null)
    return { error: error ? toolError(error) : { code: 'NOT_FOUND', message: 'There is no such object.' } }
  const { __typename: type, ...rest } = value
  // The types of errors have these fields.
  if (errorTypes.has(String(type))) return { error: rest as ToolError }
  return { value: rest, missing: errors.map(toolError) }
}

/** Code and message of a GraphQL error, without values of the request. */
export const toolError = (error: GraphQLError): ToolError => ({
  code: String(error.extensions.code ?? codeFor(undefined, error.path === undefined)),
  message: cleanMessage(error, true),
})

/** The value as JSON, after texts for people. */
export function toolResult(outcome: Outcome, ...notes: readonly string[]): CallToolResult {
  if (outcome.error) return failedResult(outcome.error)
  const { value, missing } = outcome
  const gaps = missing.map(({ code, message }) => `A part is missing. ${code}: ${message}`)
  return { content: textsOf([...notes, ...gaps, JSON.stringify(value)]), structuredContent: { ...value } }
}

const failedResult = (error: ToolError): CallToolResult => ({
  isError: true,
  content: textsOf([
    `${error.code}: ${error.message}`,
    ...(error.issues ? [JSON.stringify(error.issues)] : []),
  ]),
  structuredContent: { ...error },
})

const textsOf = (texts: readonly string[]) => texts.map((text) => ({ type: 'text' as const, text }))
