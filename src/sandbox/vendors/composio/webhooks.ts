import { createHmac } from 'node:crypto'
import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { type JsonObject, objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { badRequest, notFound, ok, page } from './responses.ts'
import { type Account, type ComposioState, newId, type Subscription } from './state.ts'

const eventTypes = [
  'composio.trigger.message',
  'composio.trigger.disabled',
  'composio.connected_account.expired',
]

/** Routes of webhook subscriptions. */
export function webhookRoutes(state: ComposioState): Record<string, Route> {
  const withSubscription =
    (run: (subscription: Subscription, request: SandboxRequest) => SandboxResponse): Route =>
    (request, id = '') => {
      const found = state.data().subscriptions.find((one) => one.id === id)
      return found === undefined ? notFound('WebhookSubscription', id) : run(found, request)
    }
  return {
    'GET /webhook_subscriptions/event_types': () =>
      ok({
        items: eventTypes.map((event_type) => ({
          event_type,
          description: event_type,
          supported_versions: ['V3'],
        })),
      }),
    'GET /webhook_subscriptions': ({ query }) => {
      const { rows, fields } = page(state.data().subscriptions, query, [20, 50])
      return ok({ items: rows.map((one) => render(state, one)), ...fields })
    },
    'POST /webhook_subscriptions': (request) => create(state, request),
    'GET /webhook_subscriptions/:id': withSubscription((one) => ok(render(state, one))),
    'PATCH /webhook_subscriptions/:id': withSubscription((one, { body, now }) => {
      const settings = readSettings({ webhook_url: one.url, enabled_events: one.events, ...objectOf(body) })
      if (settings === undefined) return invalid
      Object.assign(one, settings, { updatedAt: now.toISOString() })
      return ok(render(state, one))
    }),
    'DELETE /webhook_subscriptions/:id': withSubscription((one) => {
      state.data().subscriptions = state.data().subscriptions.filter(({ id }) => id !== one.id)
      return ok({ success: true })
    }),
    'POST /webhook_subscriptions/:id/rotate_secret': withSubscription(({ id }) => {
      state.data().secretNumber += 1
      return ok({ id, secret: state.webhookSecret() })
    }),
  }
}

function create(state: ComposioState, { body, now }: SandboxRequest): SandboxResponse {
  const settings = readSettings(objectOf(body))
  if (settings === undefined) return invalid
  const at = now.toISOString()
  const created = { id: newId('ws'), createdAt: at, updatedAt: at, ...settings }
  state.data().subscriptions.push(created)
  return ok(render(state, created), 201)
}

/** `undefined`: a field is invalid. Loopback addresses are allowed too: a gateway on this machine has no certificate. */
function readSettings(fields: JsonObject): Pick<Subscription, 'url' | 'events' | 'version'> | undefined {
  const url = textOf(fields.webhook_url) ?? ''
  const events = Array.isArray(fields.enabled_events) ? fields.enabled_events : []
  if (!/^(https:\/\/|http:\/\/(127\.|localhost))/i.test(url)) return undefined
  if (events.length === 0 || !events.every((one) => eventTypes.includes(String(one)))) return undefined
  return { url, events: events.map(String), version: textOf(fields.version) ?? 'V3' }
}

const invalid = badRequest('WebhookSubscription', 'webhook_url or enabled_events is invalid')

const render = (state: ComposioState, { id, url, version, events, createdAt, updatedAt }: Subscription) => ({
  id,
  webhook_url: url,
  version,
  enabled_events: events,
  secret: state.webhookSecret(),
  created_at: createdAt,
  updated_at: updatedAt,
})

/** Sends the event of an account whose credentials do not work any more, in the background and without retries. */
export function sendExpired(state: ComposioState, account: Account): void {
  const type = 'composio.connected_account.expired'
  const id = newId('evt')
  const now = state.context.now()
  const body = JSON.stringify({
    id,
    type,
    metadata: { project_id: 'pr_sandbox', org_id: 'ok_sandbox' },
    data: {
      id: account.id,
      toolkit: { slug: account.toolkit },
      auth_config: { id: account.authConfigId },
      status: account.status,
      status_reason: account.statusReason,
    },
    timestamp: now.toISOString(),
  })
  const sentAt = String(Math.floor(now.getTime() / 1000))
  const signature = createHmac('sha256', state.webhookSecret())
    .update(`${id}.${sentAt}.${body}`)
    .digest('base64')
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': sentAt,
    'webhook-signature': `v1,${signature}`,
    'x-composio-webhook-version': 'V3',
  }
  for (const { url, events } of state.data().subscriptions)
    if (events.includes(type)) void state.context.sendWebhook({ url, body, headers })
}
