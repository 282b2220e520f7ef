import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'
import { readJson } from '../../http/response-body.ts'
import type { ProviderEvent, WebhookDelivery } from '../adapter.ts'
import { paginate } from '../paginate.ts'
import { parseDate } from '../parse-date.ts'

/** What is asked for: the outcome of set-ups, and changes that are made at Fivetran itself. */
const wantedEvents = ['connection_successful', 'connection_failure', 'delete_connector', 'edit_connector']

const kinds: ReadonlyMap<string, ProviderEvent['kind']> = new Map([
  ['connection_successful', 'CONNECTED'],
  ['connection_failure', 'FAILED'],
  ['delete_connector', 'CHANGED'],
  ['edit_connector', 'CHANGED'],
  ['pause_connector', 'CHANGED'],
  ['resume_connector', 'CHANGED'],
])

/** The keys still say connector where the API has long said connection. */
const event = z.object({
  event: z.string(),
  created: z.string().nullish(),
  connector_id: z.string().min(1).nullish(),
  connection_id: z.string().min(1).nullish(),
})

/** A delivery that one of the secrets has signed; what is signed and cannot be used says nothing. */
export function readDelivery(delivery: WebhookDelivery): readonly ProviderEvent[] | undefined {
  if (!isSigned(delivery)) return undefined
  const { data } = event.safeParse(readJson(delivery.body.toString()))
  const kind = data && kinds.get(data.event)
  const remoteId = data?.connection_id ?? data?.connector_id
  if (kind === undefined || remoteId == null) return []
  return [{ kind, remoteId, at: parseDate(data?.created), reason: null }]
}

/** Published samples show the hexadecimal digits in upper case, clients have seen lower case. */
function isSigned({ body, headers, secrets }: WebhookDelivery): boolean {
  const signature = headers['x-fivetran-signature-256']
  if (typeof signature !== 'string' || !/^[0-9a-f]{64}$/i.test(signature)) return false
  const given = Buffer.from(signature, 'hex')
  return secrets.some(
    (secret) => secret !== '' && timingSafeEqual(createHmac('sha256', secret).update(body).digest(), given),
  )
}

const webhook = z.object({
  id: z.string().min(1),
  type: z.string(),
  group_id: z.string().nullish(),
  url: z.string(),
})
const webhookPage = z.object({
  data: z.object({ items: z.array(webhook), next_cursor: z.string().nullish() }),
})
const oneWebhook = z.object({ data: z.object({ id: z.string().min(1) }) })

/** Where a group's events shall go. */
export interface Endpoint {
  readonly group: string
  readonly url: string
  readonly secret: string
}

/** Changes the group's webhook with this address, or makes it. Fivetran probes the address before it agrees. */
export async function registerWebhook(
  http: HttpClient,
  endpoint: Endpoint,
  call: RequestContext,
): Promise<void> {
  const { group, url, secret } = endpoint
  const known = await findWebhook(http, endpoint, call)
  const wanted = { events: wantedEvents, secret, active: true }
  const request = { responseSchema: oneWebhook, purpose: 'register a webhook' } as const
  if (known === undefined) {
    const body = { url, ...wanted }
    await http.send({ ...request, method: 'POST', path: path`/v1/webhooks/group/${group}`, body }, call)
  } else {
    await http.send({ ...request, method: 'PATCH', path: path`/v1/webhooks/${known}`, body: wanted }, call)
  }
}

async function findWebhook(
  http: HttpClient,
  { group, url }: Endpoint,
  call: RequestContext,
): Promise<string | undefined> {
  const all = paginate<z.output<typeof webhook>, string>(async (cursor) => {
    const { data } = await http.send(
      {
        method: 'GET',
        path: '/v1/webhooks',
        query: { limit: 100, cursor },
        responseSchema: webhookPage,
        purpose: 'list webhooks',
      },
      call,
    )
    return { items: data.items, next: data.next_cursor }
  })
  for await (const items of all) {
    const found = items.find(
      (one) => one.type === 'group' && one.url === url && (one.group_id ?? group) === group,
    )
    if (found) return found.id
  }
  return undefined
}
