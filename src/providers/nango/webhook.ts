import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { readJson } from '../../http/response-body.ts'
import type { ProviderEvent, WebhookDelivery } from '../adapter.ts'
import { lenient, lenientText } from '../lenient.ts'
import { failureFromText } from '../link-failure.ts'
import { toRemoteId } from './connection.ts'

/** Of the types `auth`, `sync` and `forward` only the first is about authorizations. */
const authEvent = z.object({
  type: z.literal('auth'),
  operation: lenientText,
  connectionId: lenientText,
  providerConfigKey: lenientText,
  success: lenient(z.boolean()),
  error: lenient(z.object({ type: lenientText, description: lenientText })),
})

/** Returns `undefined` for an invalid signature and no events for a signed body that is not usable. */
export function parseWebhook(
  delivery: WebhookDelivery,
  secret: string,
): readonly ProviderEvent[] | undefined {
  if (!isSigned(delivery, secret)) return undefined
  const { data } = authEvent.safeParse(readJson(delivery.body.toString()))
  if (data?.success == null) return []
  const { operation, connectionId, providerConfigKey, success, error } = data
  const remoteId = connectionId && providerConfigKey ? toRemoteId(connectionId, providerConfigKey) : null
  // A refresh of the credentials is no attempt of an end user.
  if (operation !== 'creation' && operation !== 'override')
    return [{ kind: 'CHANGED', remoteId, at: null, failure: null }]
  if (success) return [{ kind: 'CONNECTED', remoteId, at: null, failure: null }]
  // SEEN: the ID in it is that of no connection, unless one was to be renewed.
  const failure = failureFromText(error?.description?.trim() || error?.type || null)
  return [{ kind: 'FAILED', remoteId: operation === 'override' ? remoteId : null, at: null, failure }]
}

/** Header: HMAC-SHA256 of the body, in hexadecimal digits. */
function isSigned({ body, headers }: WebhookDelivery, secret: string): boolean {
  const signature = headers['x-nango-hmac-sha256']
  if (typeof signature !== 'string' || !/^[0-9a-f]{64}$/i.test(signature)) return false
  return timingSafeEqual(createHmac('sha256', secret).update(body).digest(), Buffer.from(signature, 'hex'))
}
