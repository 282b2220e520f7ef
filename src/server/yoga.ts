import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DocumentNode, ExecutionResult, GraphQLError } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { ConnectContext } from '../connect/context.ts'
import { withRequestId } from '../domain/current-request.ts'
import type { Viewer } from '../domain/viewer.ts'
import { recordRefused } from '../graphql/audit-call.ts'
import { createGraphQLContext } from '../graphql/context.ts'
import { mutationsOf } from '../graphql/operation-cost.ts'
import { schema } from '../graphql/schema.ts'
import type { Authenticate, NodeContext } from './auth.ts'
import { type CheckCaller, useAuthentication } from './check-caller.ts'
import type { ClientOf } from './client-address.ts'
import { type AllowsOrigin, useCors } from './cors.ts'
import { useCsrfPrevention } from './csrf.ts'
import { useEventStreams } from './event-stream.ts'
import { GraphQLRequest } from './graphql-request.ts'
import { GraphQLResponse, sendResponse } from './graphql-response.ts'
import { traceRequest } from './trace-request.ts'
import { useCompiledQueries } from './use-compiled-queries.ts'
import { type MeasuredOperation, useCostLimit } from './use-cost-limit.ts'
import { useDeadline } from './use-deadline.ts'
import { maskAndLog, useErrorCodes } from './use-error-codes.ts'
import { createOperationLog, operationNames } from './use-operation-log.ts'
import { useQueryLimits } from './use-query-limits.ts'
import { useResponseLimit } from './use-response-limit.ts'
import { useTracing } from './use-tracing.ts'
import {
  type TrustedDocuments,
  type TrustedDocumentsMode,
  useTrustedDocuments,
} from './use-trusted-documents.ts'

export interface GraphQLOptions {
  readonly connect: ConnectContext
  readonly authenticate: Authenticate
  readonly checkCaller: CheckCaller
  readonly clientOf: ClientOf
  readonly allowsOrigin: AllowsOrigin
  readonly trustedDocuments: { readonly documents: TrustedDocuments; readonly mode: TrustedDocumentsMode }
  /** Cost per minute. */
  readonly rateLimits: { readonly session: number; readonly apiKey: number | null }
  /** Longest execution of a query or mutation. */
  readonly executionTimeoutMs: number
  readonly admission: Plugin
  /** Hides suggestions of schema names in error messages. */
  readonly production: boolean
}

/** An operation that the gateway itself sends: one of its pages, or a tool of its MCP server. */
export interface OwnOperation {
  readonly viewer: Viewer
  readonly variables: Readonly<Record<string, unknown>>
  /** The request that it is executed for. */
  readonly exchange: { readonly request: IncomingMessage; readonly response: ServerResponse }
}

export type ExecuteOwn = (document: DocumentNode, operation: OwnOperation) => Promise<ExecutionResult>
export type SubscribeOwn = (
  document: DocumentNode,
  operation: OwnOperation,
  signal: AbortSignal,
) => Promise<AsyncIterable<ExecutionResult> | ExecutionResult>

export const limits = { depth: 12, aliases: 15, tokens: 1500 } as const
export const costLimits = { apiKey: 50_000, session: 10_000 } as const
export const responseLimits = { apiKey: 10_000_000, session: 2_000_000 } as const
const bodyLimitBytes = 100_000

/** The GraphQL endpoint. Differs from Yoga's defaults, which are too permissive, as commented at each option. */
export function createGraphQLServer(options: GraphQLOptions) {
  const { connect, authenticate, clientOf } = options
  const viewers = new WeakMap<Request, Viewer>()
  const knownNames = operationNames(options.trustedDocuments.documents)
  const operationLog = createOperationLog(connect, viewers, knownNames)
  const yoga = createYoga<NodeContext>({
    schema,
    graphqlEndpoint: '/graphql',
    // Yoga and the plugins use no more of it than the class has.
    fetchAPI: { Response: GraphQLResponse as unknown as typeof Response },
    context: ({ request, req }) => {
      const viewer = viewers.get(request)
      if (viewer === undefined) throw new Error('an unauthenticated request reached the GraphQL context')
      const requestId = (request as Request & GraphQLRequest).assignId()
      return createGraphQLContext(connect, {
        viewer,
        client: { requestId, ...clientOf(req) },
        isAuthenticated: async () => (await authenticate(request.headers.get('authorization'))) !== null,
        request,
      })
    },
    // By default any origin is echoed, with credentials. A list would answer "null" to other origins, and "null" is the
    // origin of sandboxed frames.
    cors: false, // `useCors`
    maxRequestBodySize: false, // `GraphQLRequest` has a limit
    multipart: false,
    batching: false,
    landingPage: false,
    healthCheckEndpoint: '/graphql/health', // not routed; the gateway's own is `/health`
    logging: false,
    maskedErrors: { maskError: maskAndLog(connect.log), isDev: false },
    graphiql: false, // its page is served without Yoga
    plugins: [
      useCors(options.allowsOrigin),
      options.admission,
      useAuthentication({ checkCaller: options.checkCaller, viewers, clientOf }),
      useCsrfPrevention(),
      useTrustedDocuments({ ...options.trustedDocuments, viewers }),
      useQueryLimits(limits),
      useCostLimit({
        limits: costLimits,
        isCostShown: !options.production,
        consume: (viewer, cost) => consumeCost(options, viewer, cost),
        onRejected: recordRejected,
      }),
      useCompiledQueries(),
      useDeadline(options.executionTimeoutMs),
      useResponseLimit(responseLimits),
      useErrorCodes({ hideNames: options.production }),
      operationLog.plugin,
      ...(connect.tracing.isOn ? [useTracing(connect.tracing, knownNames)] : []),
      useEventStreams(),
    ],
  })
  async function prepare(
    document: DocumentNode,
    { viewer, variables, exchange: { request: req, response: res } }: OwnOperation,
  ) {
    const request = new GraphQLRequest(req, res, bodyLimitBytes)
    const asRequest = request as unknown as Request
    viewers.set(asRequest, viewer)
    const enveloped = yoga.getEnveloped({ request: asRequest, req, res })
    const { contextFactory, execute, subscribe, schema } = enveloped
    const contextValue = await contextFactory()
    const args = { schema, document, contextValue, variableValues: variables }
    return { execute, subscribe, args, request }
  }
  return {
    async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
      const startedAt = performance.now()
      const request = new GraphQLRequest(req, res, bodyLimitBytes)
      const requestId = request.assignId()
      async function answer() {
        const response = await yoga.handleRequest(request as unknown as Request, { req, res })
        response.headers.set('x-request-id', requestId)
        operationLog.write(request, { status: response.status, ms: performance.now() - startedAt })
        return response
      }
      const traced = { request: req, route: '/graphql', requestId, isContinued: true }
      const response = await withRequestId(requestId, () =>
        traceRequest(connect.tracing, traced, { answer, statusOf: ({ status }) => status }),
      )
      // Outside: what an event stream does later is no part of the request.
      await sendResponse(response as unknown as GraphQLResponse, res)
    },
    /**
     * Executes one of the gateway's own queries or mutations for a caller that is authenticated already, with everything that
     * applies to the operations of that caller: permissions, audit, cost, budgets, deadline.
     */
    async execute(document: DocumentNode, operation: OwnOperation) {
      const { execute, args, request } = await prepare(document, operation)
      const result: ExecutionResult = await withRequestId(request.assignId(), () => execute(args))
      return result
    },
    /** The same for one of its own subscriptions; ends when `signal` aborts. Returns a result if it is refused. */
    async subscribe(document: DocumentNode, operation: OwnOperation, signal: AbortSignal) {
      const { subscribe, args, request } = await prepare(document, operation)
      signal.addEventListener('abort', () => request.abort(), { once: true })
      const results: AsyncIterable<ExecutionResult> | ExecutionResult = await subscribe(args)
      return results
    },
    dispose: () => yoga.dispose(),
  }
}

function consumeCost({ connect, rateLimits }: GraphQLOptions, viewer: Viewer, cost: number) {
  const limit = viewer.endUser ? rateLimits.session : rateLimits.apiKey
  const caller = viewer.endUser ? `session ${viewer.endUser.id}` : `key ${viewer.id}`
  return limit === null ? null : connect.rateLimiter.consume(`cost ${caller}`, cost, limit)
}

function recordRejected(args: MeasuredOperation, { extensions }: GraphQLError): void {
  const { contextValue } = args
  const { code } = extensions
  // Other errors are of operations that cannot be executed.
  if (code !== 'COST_LIMIT' && code !== 'RATE_LIMITED') return
  contextValue.connect.background(
    'record refused mutations',
    recordRefused(contextValue, mutationsOf(args), code),
  )
}
