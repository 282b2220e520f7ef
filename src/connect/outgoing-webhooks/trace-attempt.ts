import type { PostResult } from '../../http/post-publicly.ts'
import { findCreationTrace } from '../../store/connect-links.ts'
import type { WebhookEndpointRow, WebhookMessageRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'

/**
 * Records an attempt with links to the change that the message reports, and to the creation of its connect link. `post`
 * gets the headers that continue the trace.
 */
export async function traceAttempt(
  { db, tracing }: ConnectContext,
  {
    endpoint,
    message,
  }: { readonly endpoint: Pick<WebhookEndpointRow, 'id'>; readonly message: WebhookMessageRow },
  post: (headers: Readonly<Record<string, string>>) => Promise<PostResult>,
): Promise<PostResult> {
  if (!tracing.isOn) return post({})
  const { id, type, attempts, traceParent, data } = message
  const created = data.link === undefined ? null : await findCreationTrace(db, data.link)
  const attributes = {
    'connect.event': type,
    'connect.attempt': attempts,
    'connect.message_id': id,
    'connect.endpoint_id': endpoint.id,
    'connect.provider': data.provider,
    'connect.connector': data.connector,
    'connect.link_id': data.link,
  }
  const links = [traceParent, created]
  return tracing.run(`send ${type}`, { kind: 'PRODUCER', isRoot: true, links, attributes }, async () => {
    const traceparent = tracing.traceParent()
    const result = await post(traceparent === undefined ? {} : { traceparent })
    tracing.annotate({
      'http.response.status_code': result.status ?? undefined,
      'error.type': result.isDelivered ? undefined : String(result.status ?? 'no response'),
    })
    return result
  })
}
