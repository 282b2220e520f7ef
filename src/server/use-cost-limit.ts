import { type ExecutionResult, GraphQLError } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { RateLimitState } from '../connect/util/rate-limiter.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { GraphQLContext } from '../graphql/context.ts'
import { costOf, type Operation } from '../graphql/operation-cost.ts'

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
  /** Counts the cost against what the caller may use in a minute; `null`: the caller is not limited. */
  consume(viewer: Viewer, cost: number): RateLimitState | null
  /** Called with each operation that was rejected. */
  onRejected(args: MeasuredOperation, error: GraphQLError): void
}

/**
 * Rejects operations above the limit with COST_LIMIT, and those of callers that have used up their minute with
 * RATE_LIMITED, before anything is resolved. Headers: draft-ietf-httpapi-ratelimit-headers-10.
 */
export function useCostLimit({
  limits,
  isCostShown,
  consume,
  onRejected,
}: CostLimitOptions): Plugin<CostContext> {
  const states = new WeakMap<Request, RateLimitState>()

  function check(args: MeasuredOperation): {
    readonly cost: OperationCost
    readonly error: GraphQLError | null
  } {
    const { viewer, request } = args.contextValue
    const limit = viewer.kind === 'API_KEY' ? limits.apiKey : limits.session
    const requested = costOf(args)
    if (requested instanceof GraphQLError) return { cost: { requested: 0, limit }, error: requested }
    const cost = { requested, limit }
    if (requested > limit) return { cost, error: overLimit(cost) }
    const state = consume(viewer, requested)
    if (state) states.set(request, state)
    return { cost, error: state?.isAllowed === false ? rateLimited(state) : null }
  }

  return {
    onResponse({ request, response }) {
      const state = states.get(request)
      if (state === undefined) return
      response.headers.set('ratelimit-policy', `"cost";q=${state.limit};w=60`)
      response.headers.set('ratelimit', `"cost";r=${state.remaining};t=${state.resetSeconds}`)
      if (!state.isAllowed) response.headers.set('retry-after', String(state.resetSeconds))
    },
    onExecute({ args, setResultAndStopExecution }) {
      const { cost, error } = check(args)
      if (error) {
        onRejected(args, error)
        return setResultAndStopExecution({ errors: [error] })
      }
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

const rateLimited = ({ resetSeconds }: RateLimitState) =>
  new GraphQLError(`Too many requests. Try again in ${resetSeconds} s.`, {
    extensions: { code: 'RATE_LIMITED', retryAfterSeconds: resetSeconds, http: { status: 429 } },
  })

type CostContext = GraphQLContext & { readonly request: Request }

export interface MeasuredOperation extends Operation {
  readonly contextValue: CostContext
}
