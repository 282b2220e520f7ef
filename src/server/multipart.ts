import type { ExecutionResult } from 'graphql'

/**
 * The protocol of Apollo Client for subscriptions over HTTP: a multipart response whose parts are
 * `{"payload": <result>}`, `{}` as heartbeat, and `{"payload": null, "errors": […]}` for an error that ends the stream.
 * https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol
 */
export const multipartType = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'

const boundary = '\r\n--graphql'
const part = (json: string) => `\r\ncontent-type: application/json\r\n\r\n${json}${boundary}`

/** The first part starts with the boundary that opens the response; it comes before any heartbeat. */
export const startMultipart = boundary
export const multipartHeartbeat = part('{}')
export const endMultipart = '--\r\n'

/** Text of a result as a part. A result without `data` comes from an error of the stream, which ends it. */
export const toPart = (result: ExecutionResult, json: string): string =>
  part('data' in result ? `{"payload":${json}}` : `{"payload":null,${json.slice(1)}`)

/** Whether an `Accept` header prefers this protocol over server-sent events. */
export function acceptsMultipart(accept: string): boolean {
  const types = accept
    .toLowerCase()
    .split(',')
    .map((type) => type.replaceAll(/[\s"]/g, ''))
  const multipart = types.findIndex(
    (type) => type.startsWith('multipart/mixed;') && type.includes(';subscriptionspec=1.0'),
  )
  const events = types.findIndex((type) => /^text\/event-stream(;|$)/.test(type))
  return multipart !== -1 && (events === -1 || multipart < events)
}
