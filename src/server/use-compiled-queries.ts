import type { ExecutionArgs } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { createCompiledExecutor, type Execute } from '../graphql/compiled-executor.ts'

/** Executes queries by compiled functions. Before the plugins that replace the executor. */
export function useCompiledQueries(): Plugin {
  let execute: Execute | undefined
  return {
    onExecute({ executeFn, setExecuteFn }) {
      // The same for all requests, so that it keeps what it has compiled.
      execute ??= createCompiledExecutor((args: ExecutionArgs) => executeFn(args))
      setExecuteFn(execute)
    },
  }
}
