import { z } from 'zod'
import { readJson } from '../../http/response-body.ts'
import type { ProviderEvent, WebhookDelivery } from '../adapter.ts'
import { failureFromText } from '../link-failure.ts'

// These webhooks are not signed. `connect_session_id` is not read: the number exceeds the range of a double.
const eventBody = z.object({
  event: z.string().nullish().catch(null),
  // The ID becomes a path segment: dots only would resolve to another path.
  account: z
    .object({ id: z.string().regex(/^[\w-]+$/) })
    .nullish()
    .catch(null),
  error: z.string().nullish().catch(null),
})

/**
 * Events about one link, which the webhook URL identifies. Returns `undefined` if the body does not have the
 * expected format.
 */
export function parseWebhook({ body }: WebhookDelivery): readonly ProviderEvent[] | undefined {
  const { data } = eventBody.safeParse(readJson(body.toString()))
  if (data === undefined) return undefined
  const common = { remoteId: data.account?.id ?? null, at: null }
  switch (data.event) {
    case 'CONNECTION_SUCCESS':
      return [{ kind: 'CONNECTED', ...common, failure: null }]
    case 'CONNECTION_ERROR':
      return [{ kind: 'FAILED', ...common, failure: failureFromText(data.error?.trim() || null) }]
    default:
      return []
  }
}
