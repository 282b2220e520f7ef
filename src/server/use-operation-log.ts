import type { ExecutionArgs, ExecutionResult } from 'graphql'
import { getOperationAST } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Log } from '../domain/log.ts'
import type { Metrics } from '../domain/metrics.ts'
import { type Tracing, traceIdOf } from '../domain/tracing.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { GraphQLContext } from '../graphql/context.ts'
import type { GraphQLRequest } from './graphql-request.ts'
import type { TrustedDocuments } from './use-trusted-documents.ts'

/** What is known of the operation of a request. */
interface LoggedOperation {
  name?: string | undefined
  type?: string
  /** Code of the first GraphQL error. */
  code?: string
}

/** Collects what the log line and the metrics of a request say. */
export interface OperationLog {
  readonly plugin: Plugin
  /** Writes one line at `info`, and measures; a subscription when its stream begins. */
  write(request: GraphQLRequest, response: { readonly status: number; readonly ms: number }): void
}

/** Names are chosen by callers. */
export const maxNameLength = 100

export function createOperationLog(
  { log, metrics, tracing }: { readonly log: Log; readonly metrics: Metrics; readonly tracing: Tracing },
  viewers: WeakMap<Request, Viewer>,
  knownNames: ReadonlySet<string>,
): OperationLog {
  const operations = new WeakMap<object, LoggedOperation>()
  const operationOf = (request: object): LoggedOperation => {
    const known = operations.get(request) ?? {}
    operations.set(request, known)
    return known
  }
  function note({ document, operationName, contextValue }: ExecutionArgs): void {
    const found = getOperationAST(document, operationName)
    const operation = operationOf((contextValue as GraphQLContext).request)
    operation.name = found?.name?.value.slice(0, maxNameLength)
    if (found) operation.type = found.operation
  }
  return {
    plugin: {
      onExecute: ({ args }) => note(args),
      onSubscribe: ({ args }) => note(args),
      onResultProcess({ request, result }) {
        const code = codeOf(result)
        if (code !== undefined) operationOf(request).code = code
      },
    },
    write(request, { status, ms }) {
      const { name, type, code } = operations.get(request) ?? {}
      const caller = viewers.get(request as unknown as Request)?.kind
      const labels = {
        // Callers choose names: only those of trusted documents become labels.
        operation: name !== undefined && knownNames.has(name) ? name : 'other',
        type: type ?? 'none',
        caller: caller ?? 'ANONYMOUS',
        outcome: code ?? (status < 400 ? 'OK' : `HTTP_${status}`),
      }
      metrics.request(labels, ms / 1_000)
      tracing.annotate({ 'connect.outcome': labels.outcome })
      const ids = { requestId: request.assignId(), traceId: traceIdOf(tracing.traceParent()) }
      log.info({ ...ids, operation: name, type, caller, status, code, ms: Math.round(ms) }, 'request')
    },
  }
}

/** The names of operations in trusted documents. */
export const operationNames = (documents: TrustedDocuments): ReadonlySet<string> =>
  new Set(
    [...documents.values()].flatMap((text) =>
      [...text.matchAll(/(?:^|[\s}])(?:query|mutation|subscription)\s+(\w+)/g)].map(([, name = '']) => name),
    ),
  )

/** Code of the first GraphQL error of a result; `undefined`: it has none. */
export function codeOf(result: unknown): string | undefined {
  if (typeof result !== 'object' || result === null || !('errors' in result)) return undefined
  const [first] = (result as ExecutionResult).errors ?? []
  return first && String(first.extensions.code ?? 'INTERNAL_SERVER_ERROR')
}
