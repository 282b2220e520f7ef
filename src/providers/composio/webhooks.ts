import { timingSafeEqual } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { z } from 'zod'
import { path, type RequestContext } from '../../http/http-types.ts'
import { readJson } from '../../http/response-body.ts'
import type { AdapterContext, ProviderEvent, WebhookDelivery } from '../adapter.ts'
import { lenientText } from '../lenient.ts'
import { cursorField } from '../paginate.ts'
import { parseDate, timestamp } from '../parse-date.ts'
import { rowsOf } from '../rows.ts'
import type { Api } from './api.ts'

/** SEEN in the list of webhook events: the only one about an account. */
const expired = 'composio.connected_account.expired'

const event = z.object({
  type: z.string(),
  timestamp,
  // The ID becomes a path segment: dots only would resolve to another path.
  data: z.object({ id: z.string().regex(/^[\w-]+$/) }),
})

type Clock = Pick<AdapterContext, 'now' | 'toGatewayTime'>

/**
 * `secret`: of the subscription, which Composio generates. Returns `undefined` for an invalid signature and no events for
 * a signed body that is not about an account.
 */
export function parseWebhook(
  delivery: WebhookDelivery,
  secret: string | undefined,
  clock: Clock,
): readonly ProviderEvent[] | undefined {
  if (!secret || !isSigned(delivery, secret, clock)) return undefined
  const { data } = event.safeParse(readJson(delivery.body.toString()))
  if (data?.type !== expired) return []
  return [{ kind: 'CHANGED', remoteId: data.data.id, at: parseDate(data.timestamp), failure: null }]
}

const toleranceMs = 300_000

/** Standard Webhooks; the key is the text of the secret. `webhook-signature` may have several signatures. */
function isSigned({ body, headers }: WebhookDelivery, secret: string, clock: Clock): boolean {
  const id = headers['webhook-id']
  const sentAt = Number(headers['webhook-timestamp'])
  const signatures = headers['webhook-signature']
  if (typeof id !== 'string' || typeof signatures !== 'string' || !Number.isSafeInteger(sentAt)) return false
  const at = new Date(sentAt * 1000)
  if (!isRecent(at, clock)) return false
  const expected = Buffer.from(new Webhook(secret, { format: 'raw' }).sign(id, at, body))
  return signatures.split(' ').some((signature) => {
    const received = Buffer.from(signature)
    return received.length === expected.length && timingSafeEqual(received, expected)
  })
}

/** By Composio's clock, as far as its offset is known: an older delivery may be a repetition by another sender. */
function isRecent(at: Date, { now, toGatewayTime }: Clock): boolean {
  if (Number.isNaN(at.getTime())) return false
  const { earliest, latest } = toGatewayTime(at) ?? { earliest: at, latest: at }
  const nowMs = now().getTime()
  return latest.getTime() >= nowMs - toleranceMs && earliest.getTime() <= nowMs + toleranceMs
}

const subscription = z.object({ id: z.string().min(1), webhook_url: z.string(), secret: lenientText })
const subscriptionPageResponse = z.object({
  items: rowsOf(subscription),
  next_cursor: cursorField(z.string()),
})

/** Updates the project's subscription with this URL or creates it. Returns the setting with its secret. */
export async function registerWebhook(
  api: Api,
  url: string,
  call: RequestContext,
): Promise<Readonly<Record<string, string>>> {
  const existing = await findSubscription(api, url, call)
  const body = { webhook_url: url, enabled_events: [expired], version: 'V3' }
  const request = { body, responseSchema: subscription, purpose: 'register a webhook' } as const
  const { secret } = await api.http.send(
    existing === undefined
      ? { ...request, method: 'POST', path: '/api/v3.1/webhook_subscriptions' }
      : { ...request, method: 'PATCH', path: path`/api/v3.1/webhook_subscriptions/${existing}` },
    call,
  )
  return secret ? { COMPOSIO_WEBHOOK_SECRET: secret } : {}
}

async function findSubscription(
  { http, paginate }: Api,
  url: string,
  call: RequestContext,
): Promise<string | undefined> {
  const purpose = 'list webhooks'
  const pages = paginate<z.output<typeof subscription>, string>({ kind: 'CALL', purpose }, async (cursor) => {
    const { items, next_cursor } = await http.send(
      {
        method: 'GET',
        path: '/api/v3.1/webhook_subscriptions',
        query: { limit: 50, cursor },
        responseSchema: subscriptionPageResponse,
        purpose,
      },
      call,
    )
    return { ...items, next: next_cursor }
  })
  for await (const { items } of pages) {
    const existing = items.find(({ webhook_url }) => webhook_url === url)
    if (existing) return existing.id
  }
  return undefined
}
