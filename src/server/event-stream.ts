import type { ExecutionResult } from 'graphql'
import { isAsyncIterable, type Plugin, processRegularResult } from 'graphql-yoga'
import { GraphQLResponse } from './graphql-response.ts'
import { comment } from './heartbeat.ts'
import {
  acceptsMultipart,
  endMultipart,
  multipartHeartbeat,
  multipartType,
  startMultipart,
  toPart,
} from './multipart.ts'

/**
 * Sends the results of subscriptions, as server-sent events or as Apollo Client's multipart response, without the
 * streams and the timer of each that Yoga would create.
 */
export function useEventStreams(): Plugin {
  return {
    onResultProcess({ request, result, resultProcessor, setResultProcessor }) {
      const isStream = isAsyncIterable(result)
      // Without a processor the client accepts no other media type of the result.
      if ((isStream || !resultProcessor) && acceptsMultipart(request.headers.get('accept') ?? ''))
        return setResultProcessor(toMultipart, multipartType)
      if (isStream && resultProcessor) setResultProcessor(toEventStream, 'text/event-stream')
    },
  }
}

const streamHeaders = { 'cache-control': 'no-cache', connection: 'keep-alive', 'content-encoding': 'none' }

const toEventStream = (results: unknown) =>
  new GraphQLResponse(eventsOf(results as AsyncIterable<ExecutionResult>), {
    headers: { 'content-type': 'text/event-stream', ...streamHeaders },
    heartbeat: comment,
  }) as unknown as Response

const toMultipart = (results: unknown) =>
  new GraphQLResponse(partsOf(results as AsyncIterable<ExecutionResult> | ExecutionResult), {
    headers: { 'content-type': multipartType, ...streamHeaders },
    heartbeat: multipartHeartbeat,
  }) as unknown as Response

/** GraphQL over server-sent events, distinct connections mode. */
async function* eventsOf(results: AsyncIterable<ExecutionResult>): AsyncGenerator<string> {
  // Some clients wait for the first bytes.
  yield comment
  for await (const result of results) yield `event: next\ndata: ${toJson(result)}\n\n`
  yield 'event: complete\ndata:\n\n'
}

/** GraphQL subscriptions over multipart HTTP, as Apollo Client and Apollo Router send them. */
async function* partsOf(results: AsyncIterable<ExecutionResult> | ExecutionResult): AsyncGenerator<string> {
  // A client reads a part once it has the boundary that follows: it is sent with the part.
  yield startMultipart + multipartHeartbeat
  for await (const result of isAsyncIterable(results) ? results : [results])
    yield toPart(result, toJson(result))
  yield endMultipart
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
