import { GraphQLError } from 'graphql'
import type { FetchAPI, Plugin } from 'graphql-yoga'

/**
 * Rejects a longer request body with REQUEST_ENTITY_TOO_LARGE. The HTTP parser of Node reads as many bytes as the
 * `Content-Length` says: only a body without one is counted while it is read. Yoga's own limit counts every body, which
 * costs a stream and a second request object each time.
 */
export function useBodyLimit(limitBytes: number): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser, fetchAPI }) {
      const length = request.headers.get('content-length')
      if (length !== null && !(Number(length) <= limitBytes)) throw tooLarge()
      if (length !== null || requestParser === undefined || request.body === null) return
      setRequestParser((unread) => requestParser(counted(unread, limitBytes, fetchAPI)))
    },
  }
}

function counted(request: Request, limitBytes: number, { Request, TransformStream }: FetchAPI): Request {
  let bytes = 0
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes > limitBytes) controller.error(tooLarge())
      else controller.enqueue(chunk)
    },
  })
  const { method, headers, signal, body } = request
  // Required for a body that is a stream; the types of the standard library lack `duplex`.
  const options: RequestInit & { readonly duplex: 'half' } = {
    method,
    headers,
    signal,
    body: body?.pipeThrough(count) ?? null,
    duplex: 'half',
  }
  return new Request(request.url, options)
}

const tooLarge = () =>
  new GraphQLError('Request body too large', {
    extensions: { code: 'REQUEST_ENTITY_TOO_LARGE', http: { status: 413 } },
  })
