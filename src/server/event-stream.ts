import type { ExecutionResult } from 'graphql'
import { isAsyncIterable, type Plugin, processRegularResult } from 'graphql-yoga'
import { GraphQLResponse } from './graphql-response.ts'
import { comment } from './heartbeat.ts'

/** Sends the results of subscriptions without the streams and the timer of each that Yoga would create. */
export function useEventStreams(): Plugin {
  return {
    onResultProcess({ result, resultProcessor, setResultProcessor }) {
      // Without a processor the client does not accept event streams.
      if (!isAsyncIterable(result) || resultProcessor === undefined) return
      setResultProcessor(toEventStream, 'text/event-stream')
    },
  }
}

const toEventStream = (results: unknown) =>
  new GraphQLResponse(eventsOf(results as AsyncIterable<ExecutionResult>), {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      connection: 'keep-alive',
      'content-encoding': 'none',
    },
  }) as unknown as Response

/** GraphQL over server-sent events, distinct connections mode. */
async function* eventsOf(results: AsyncIterable<ExecutionResult>): AsyncGenerator<string> {
  // Some clients wait for the first bytes.
  yield comment
  for await (const result of results) yield `event: next\ndata: ${toJson(result)}\n\n`
  yield 'event: complete\ndata:\n\n'
}

/** As in any other response: without what is only for the gateway, and within the limit of its length. */
function toJson(result: ExecutionResult): string {
  const { body } = processRegularResult(
    result,
    { Response: GraphQLResponse } as unknown as Parameters<typeof processRegularResult>[1],
    'application/json',
  ) as unknown as GraphQLResponse
  return String(body)
}
