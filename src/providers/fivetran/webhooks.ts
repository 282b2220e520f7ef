import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { path, type RequestContext } from '../../http/http-types.ts'
import { readJson } from '../../http/response-body.ts'
import type { ProviderEvent, WebhookDelivery } from '../adapter.ts'
import { lenient, lenientText } from '../lenient.ts'
import { cursorField } from '../paginate.ts'
import { parseDate, timestamp } from '../parse-date.ts'
import { rowsOf } from '../rows.ts'
import type { FivetranDeps } from './api.ts'

/** Outcomes of connection setup, and changes that are made at Fivetran itself. */
const subscribedEvents = ['connection_successful', 'connection_failure', 'delete_connector', 'edit_connector']

const kinds: ReadonlyMap<string, ProviderEvent['kind']> = new Map([
  ['connection_successful', 'CONNECTED'],
  ['connection_failure', 'FAILED'],
  ['delete_connector', 'CHANGED'],
  ['edit_connector', 'CHANGED'],
  ['pause_connector', 'CHANGED'],
  ['resume_connector', 'CHANGED'],
])

/** Events may use the older name `connector_id` instead of `connection_id`. */
const event = z.object({
  event: z.string(),
  created: timestamp,
  connector_id: lenient(z.string().min(1)),
  connection_id: lenient(z.string().min(1)),
})

/** Returns `undefined` for an invalid signature and no events for a signed body that is not usable. */
export function parseWebhook(delivery: WebhookDelivery): readonly ProviderEvent[] | undefined {
  if (!isSigned(delivery)) return undefined
  const { data } = event.safeParse(readJson(delivery.body.toString()))
  const kind = data && kinds.get(data.event)
  const remoteId = data?.connection_id ?? data?.connector_id
  if (kind === undefined || remoteId == null) return []
  return [{ kind, remoteId, at: parseDate(data?.created), failure: null }]
}

/** Published samples have upper-case hexadecimal digits, clients have received lower case. */
function isSigned({ body, headers, secrets }: WebhookDelivery): boolean {
  const signature = headers['x-fivetran-signature-256']
  if (typeof signature !== 'string' || !/^[0-9a-f]{64}$/i.test(signature)) return false
  const received = Buffer.from(signature, 'hex')
  return secrets.some(
    (secret) =>
      secret !== '' && timingSafeEqual(createHmac('sha256', secret).update(body).digest(), received),
  )
}

const webhook = z.object({
  id: z.string().min(1),
  type: z.string(),
  group_id: lenientText,
  url: z.string(),
  active: lenient(z.boolean()),
})
const webhookPageResponse = z.object({
  data: z.object({ items: rowsOf(webhook), next_cursor: cursorField(z.string()) }),
})
const webhookResponse = z.object({ data: z.object({ id: z.string().min(1) }) })

type Deps = Pick<FivetranDeps, 'http' | 'paginate'>

/** The target URL of a group's webhook events. */
export interface Endpoint {
  readonly group: string
  readonly url: string
  readonly secret: string
}

/** Updates the group's webhook with this URL or creates it. Fivetran sends a test request to the URL first. */
export async function registerWebhook(deps: Deps, endpoint: Endpoint, call: RequestContext): Promise<void> {
  const { http } = deps
  const { group, url, secret } = endpoint
  const existingId = (await findWebhook(deps, endpoint, call))?.id
  const settings = { events: subscribedEvents, secret, active: true }
  const request = { responseSchema: webhookResponse, purpose: 'register a webhook' } as const
  if (existingId === undefined) {
    const body = { url, ...settings }
    await http.send({ ...request, method: 'POST', path: path`/v1/webhooks/group/${group}`, body }, call)
  } else {
    const target = path`/v1/webhooks/${existingId}`
    await http.send({ ...request, method: 'PATCH', path: target, body: settings }, call)
  }
}

/** The group's webhook with this URL; `undefined`: there is none. */
export async function findWebhook(
  { http, paginate }: Deps,
  { group, url }: Pick<Endpoint, 'group' | 'url'>,
  call: RequestContext,
): Promise<z.output<typeof webhook> | undefined> {
  const purpose = 'list webhooks'
  const all = paginate<z.output<typeof webhook>, string>({ kind: 'CALL', purpose }, async (cursor) => {
    const { data } = await http.send(
      {
        method: 'GET',
        path: '/v1/webhooks',
        query: { limit: 100, cursor },
        responseSchema: webhookPageResponse,
        purpose,
      },
      call,
    )
    return { ...data.items, next: data.next_cursor }
  })
  for await (const { items } of all) {
    const existing = items.find(
      (item) => item.type === 'group' && item.url === url && (item.group_id ?? group) === group,
    )
    if (existing) return existing
  }
  return undefined
}
