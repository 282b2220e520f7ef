import { complexityFromQuery } from '@pothos/plugin-complexity'
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  getOperationAST,
  getVariableValues,
  Kind,
} from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { Viewer } from '../domain/viewer.ts'

/** Highest cost of one operation, in units of one field; see src/graphql/cost.ts for what fields cost. */
export interface CostLimits {
  readonly apiKey: number
  /** Of end-user sessions, whose requests come from browsers that the application does not control. */
  readonly session: number
}

export interface CostLimitOptions {
  readonly limits: CostLimits
  /** Adds `extensions.cost` to the results of API keys. */
  readonly isCostShown: boolean
}

/** Rejects operations above the limit with COST_LIMIT before anything is resolved. */
export function useCostLimit({ limits, isCostShown }: CostLimitOptions): Plugin<{ readonly viewer: Viewer }> {
  const check = (
    args: MeasuredOperation,
  ): { readonly cost: OperationCost; readonly error: GraphQLError | null } => {
    const limit = args.contextValue.viewer.kind === 'API_KEY' ? limits.apiKey : limits.session
    const requested = costOf(args)
    if (requested instanceof GraphQLError) return { cost: { requested: 0, limit }, error: requested }
    const cost = { requested, limit }
    return { cost, error: requested > limit ? overLimit(cost) : null }
  }
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { cost, error } = check(args)
      if (error) return setResultAndStopExecution({ errors: [error] })
      if (!isCostShown || args.contextValue.viewer.kind !== 'API_KEY') return undefined
      return {
        onExecuteDone({ result, setResult }) {
          if (!isAsyncIterable(result)) setResult(withCost(result, cost))
        },
      }
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const { error } = check(args)
      if (error) setResultAndStopExecution({ errors: [error] })
    },
  }
}

interface OperationCost {
  readonly requested: number
  readonly limit: number
}

const withCost = (result: ExecutionResult, cost: OperationCost): ExecutionResult => ({
  ...result,
  extensions: { ...result.extensions, cost },
})

const overLimit = (cost: OperationCost) =>
  new GraphQLError(
    `The operation costs ${cost.requested}, and at most ${cost.limit} is allowed. Request fewer entries or fields.`,
    { extensions: { code: 'COST_LIMIT', cost, http: { status: 400, spec: true } } },
  )

interface MeasuredOperation
  extends Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'> {
  readonly contextValue: { readonly viewer: Viewer }
}

/**
 * The cost of the operation that will be executed. 0 if its variables are invalid: execution then resolves nothing and
 * reports all of them. An argument that cannot be read makes the cost unknown: its error is returned.
 */
export function costOf(args: Omit<MeasuredOperation, 'contextValue'>): number | GraphQLError {
  const operation = getOperationAST(args.document, args.operationName)
  if (operation == null) return 0
  const fragments = args.document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
  // The library measures the first operation of a document.
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] }
  try {
    return complexityFromQuery(document, {
      schema: args.schema,
      variables: args.variableValues ?? {},
    }).complexity
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    const variables = getVariableValues(
      args.schema,
      operation.variableDefinitions ?? [],
      args.variableValues ?? {},
    )
    return variables.errors ? 0 : error
  }
}
