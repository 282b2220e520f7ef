import { type ExecutionResult, GraphQLError } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { Viewer } from '../domain/viewer.ts'

/** Largest response, or event of a subscription, in bytes. */
export interface ResponseLimits {
  readonly apiKey: number
  readonly session: number
}

/**
 * Replaces a larger result by the error RESPONSE_TOO_LARGE. Measured on the text that would be sent, which exists anyway;
 * what an operation may build at all is bounded by its cost.
 */
export function useResponseLimit(limits: ResponseLimits): Plugin<{ readonly viewer: Viewer }> {
  const limited = (result: ExecutionResult, { kind }: Viewer): ExecutionResult => {
    const limit = kind === 'API_KEY' ? limits.apiKey : limits.session
    // Yoga calls it in place of JSON.stringify.
    return Object.assign(result, { stringify: (value: unknown) => stringifyWithin(limit, value) })
  }
  return {
    onExecute: ({ args }) => ({
      onExecuteDone({ result, setResult }) {
        if (!isAsyncIterable(result)) setResult(limited(result, args.contextValue.viewer))
      },
    }),
    onSubscribe: ({ args }) => ({
      onSubscribeResult: () => ({
        onNext({ result, setResult }) {
          setResult(limited(result, args.contextValue.viewer))
        },
      }),
    }),
  }
}

function stringifyWithin(limit: number, value: unknown): string {
  const text = JSON.stringify(value)
  // A UTF-16 code unit has at most 3 bytes in UTF-8: most responses need not be counted.
  if (text.length * 3 <= limit || Buffer.byteLength(text) <= limit) return text
  const { message, extensions } = new GraphQLError(
    `The response is larger than ${limit / 1_000_000} MB. The operation was executed. Request fewer entries or fields.`,
    { extensions: { code: 'RESPONSE_TOO_LARGE', limitBytes: limit } },
  )
  return JSON.stringify({ data: null, errors: [{ message, extensions }] })
}
