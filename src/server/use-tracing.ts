import { type ExecutionArgs, getOperationAST } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Tracing } from '../domain/tracing.ts'
import type { GraphQLContext } from '../graphql/context.ts'
import { codeOf, maxNameLength } from './use-operation-log.ts'

/**
 * Records operations, without their documents and variables. After the plugins that replace the executor. The name of
 * the span is one of few: it contains that of the operation only if it is one of `knownNames`.
 */
export function useTracing(tracing: Tracing, knownNames: ReadonlySet<string>): Plugin {
  function traced<Result>(
    { document, operationName, contextValue }: ExecutionArgs,
    run: () => Promise<Result>,
  ): Promise<Result> {
    const found = getOperationAST(document, operationName)
    const { value: name = '' } = found?.name ?? {}
    const isKnown = knownNames.has(name)
    const attributes = {
      'graphql.operation.type': found?.operation,
      'graphql.operation.name': name.slice(0, maxNameLength) || undefined,
      'connect.caller': (contextValue as GraphQLContext).viewer.kind,
    }
    const title = [found?.operation ?? 'operation', ...(isKnown ? [name] : [])].join(' ')
    return tracing.run(title, { attributes }, async () => {
      const result = await run()
      const code = codeOf(result)
      tracing.annotate({ 'connect.outcome': code ?? 'OK', 'error.type': code })
      return result
    })
  }
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => traced(args, async () => executeFn(args)))
    },
    onSubscribe({ subscribeFn, setSubscribeFn }) {
      setSubscribeFn((args: ExecutionArgs) => traced(args, async () => subscribeFn(args)))
    },
  }
}
