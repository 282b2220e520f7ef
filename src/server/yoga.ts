import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DocumentNode, ExecutionResult, GraphQLError } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import { recordAudit } from '../connect/audit/record-audit.ts'
import type { ConnectContext } from '../connect/context.ts'
import { withRequestId } from '../domain/current-request.ts'
import type { Viewer } from '../domain/viewer.ts'
import { recordRefused } from '../graphql/audit-call.ts'
import { createGraphQLContext } from '../graphql/context.ts'
import { mutationsOf } from '../graphql/operation-cost.ts'
import { schema } from '../graphql/schema.ts'
import type { Authenticate, NodeContext } from './auth.ts'
import { useAuthentication } from './auth.ts'
import { createAuthFailures } from './auth-failures.ts'
import type { Client, ClientOf } from './client-address.ts'
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

/** An operation of a page of the gateway. */
export interface OwnOperation {
  readonly viewer: Viewer
  readonly variables: Readonly<Record<string, unknown>>
  /** The request for the page. */
  readonly exchange: { readonly request: IncomingMessage; readonly response: ServerResponse }
}

export type ExecuteOwn = (document: DocumentNode, operation: OwnOperation) => Promise<ExecutionResult>

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
      useAuthentication({
        authenticate,
        viewers,
        clientOf,
        log: connect.log,
        failures: createAuthFailures({
          log: connect.log,
          now: connect.now,
          onRepeated: (client) => recordFailure(connect, client),
        }),
      }),
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
     * Executes one of the gateway's own queries or mutations for a caller that a page has authenticated, with everything that
     * applies to the operations of its session: permissions, audit, cost, budgets, deadline.
     */
    async execute(
      document: DocumentNode,
      { viewer, variables, exchange: { request: req, response: res } }: OwnOperation,
    ) {
      const request = new GraphQLRequest(req, res, bodyLimitBytes) as Request & GraphQLRequest
      viewers.set(request, viewer)
      const { contextFactory, execute, schema } = yoga.getEnveloped({ request, req, res })
      const contextValue = await contextFactory()
      const args = { schema, document, contextValue, variableValues: variables }
      const result: ExecutionResult = await withRequestId(request.assignId(), () => execute(args))
      return result
    },
    dispose: () => yoga.dispose(),
  }
}

function consumeCost({ connect, rateLimits }: GraphQLOptions, viewer: Viewer, cost: number) {
  const limit = viewer.endUser ? rateLimits.session : rateLimits.apiKey
  const caller = viewer.endUser ? `session ${viewer.endUser.id}` : `key ${viewer.id}`
  return limit === null ? null : connect.rateLimiter.consume(`cost ${caller}`, cost, limit)
}

const recordFailure = (connect: ConnectContext, client: Client) =>
  connect.background(
    'record failed authentication',
    recordAudit(
      connect,
      { operation: 'authenticate', outcome: 'DENIED', errorCode: 'UNAUTHENTICATED' },
      { ...client, actor: { kind: 'ANONYMOUS', id: null, name: null } },
    ),
  )

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
