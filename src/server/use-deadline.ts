import { type ExecutionArgs, GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { GraphQLRequest } from './graphql-request.ts'

/**
 * Answers TIMEOUT, with HTTP status 504, when the execution of a query or mutation takes longer, and aborts the signal of
 * its request. As when the client disconnects: reads at providers are aborted, what a mutation has begun at a provider is
 * finished and recorded, and no further field of a mutation is resolved. Subscriptions have no deadline.
 */
export function useDeadline(deadlineMs: number): Plugin<{ readonly request: GraphQLRequest }> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      setExecuteFn(async (executed: ExecutionArgs) => {
        const deadline = new AbortController()
        // Yoga's executor accepts a signal; the type of its arguments is that of graphql-js. The signal is created when it
        // is read, which the executor of compiled queries does not do.
        const abortable: ExecutionArgs & Pick<AbortController, 'signal'> = {
          ...executed,
          get signal() {
            return deadline.signal
          },
        }
        let timer: NodeJS.Timeout | undefined
        const expired = new Promise((resolve) => {
          timer = setTimeout(() => {
            // Resolved first: the executor rejects when its signal aborts.
            resolve({ errors: [timeout(deadlineMs)] })
            deadline.abort()
            args.contextValue.request.abort()
          }, deadlineMs)
        })
        try {
          // Not the executor's promise alone: it waits for a mutation that has begun.
          return await Promise.race([executeFn(abortable), expired])
        } finally {
          clearTimeout(timer)
        }
      })
    },
  }
}

const timeout = (deadlineMs: number) =>
  new GraphQLError(
    `The operation took longer than ${deadlineMs / 1_000} s. What it has begun may still be completed.`,
    {
      extensions: { code: 'TIMEOUT', http: { status: 504 } },
    },
  )
