import { createHmac } from 'node:crypto'
import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import type { Json, JsonObject } from '../../json.ts'
import { isObject, objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { done, invalidInput, listPage, notFound, refusal, requiredField, success } from './responses.ts'
import type { Connection, Ledger, Webhook } from './state.ts'

/** Tells every webhook that asked for it; deliveries run beside the answer and are not repeated. */
export type Emit = (event: string, connection: Connection) => void

export function createEmit(ledger: Ledger): Emit {
  return (event, connection) => {
    const body = JSON.stringify({
      event,
      created: ledger.world.now().toISOString(),
      connector_type: connection.service,
      connector_id: connection.id,
      connector_name: connection.schema,
      destination_group_id: connection.group_id,
    })
    for (const webhook of ledger.state().webhooks) {
      const concerned = webhook.type === 'account' || webhook.group_id === connection.group_id
      if (webhook.active && concerned && webhook.events.includes(event)) void post(ledger, webhook, body)
    }
  }
}

export function webhookRoutes(ledger: Ledger): Record<string, Route> {
  const one = (id: string) => ledger.state().webhooks.find((webhook) => webhook.id === id)
  return {
    'POST /v1/webhooks/account': (request) => create(ledger, request),
    'POST /v1/webhooks/group/:groupId': (request, groupId) => {
      const known = ledger.state().groups.some(({ id }) => id === groupId)
      return known ? create(ledger, request, groupId) : notFound('Group', groupId)
    },
    'GET /v1/webhooks': (request) => listPage(ledger.state().webhooks, request, render),
    'GET /v1/webhooks/:id': (_request, id) => {
      const webhook = one(id)
      return webhook === undefined ? notFound('Webhook', id) : success(render(webhook))
    },
    'PATCH /v1/webhooks/:id': (request, id) => {
      const webhook = one(id)
      return webhook === undefined ? notFound('Webhook', id) : update(ledger, webhook, objectOf(request.body))
    },
    'DELETE /v1/webhooks/:id': (_request, id) => {
      const { webhooks } = ledger.state()
      const at = webhooks.findIndex((webhook) => webhook.id === id)
      if (at === -1) return notFound('Webhook', id)
      webhooks.splice(at, 1)
      return done(`Webhook with id '${id}' has been deleted`)
    },
    'POST /v1/webhooks/:id/test': async (request, id) => {
      const webhook = one(id)
      if (webhook === undefined) return notFound('Webhook', id)
      const event = textOf(objectOf(request.body).event) ?? 'test_event'
      const status = (await post(ledger, webhook, dummyBody(ledger, event))) ?? 0
      return success({ succeed: isGood(status), status, message: isGood(status) ? 'OK' : 'No success' })
    },
  }
}

async function create(ledger: Ledger, request: SandboxRequest, groupId?: string): Promise<SandboxResponse> {
  const given = objectOf(request.body)
  const url = textOf(given.url)
  if (url === undefined) return requiredField('url')
  const events = eventList(given.events)
  if (events === undefined) return requiredField('events')
  if (!isAcceptable(url)) return invalidInput('Webhook URL must be HTTPS')
  const webhook: Webhook = {
    id: ledger.newId(),
    type: groupId === undefined ? 'account' : 'group',
    ...(groupId === undefined ? {} : { group_id: groupId }),
    url,
    events,
    active: given.active !== false,
    secret: textOf(given.secret) ?? '',
    created_at: request.now.toISOString(),
  }
  if (webhook.active && !(await answers(ledger, webhook))) return unreachable
  ledger.state().webhooks.push(webhook)
  // 200, not 201: go-fivetran webhooks/webhook_account_create_test.go
  return success(render(webhook), `${groupId === undefined ? 'Account' : 'Group'} webhook has been created`)
}

async function update(ledger: Ledger, webhook: Webhook, given: JsonObject): Promise<SandboxResponse> {
  const changed: Webhook = {
    ...webhook,
    url: textOf(given.url) ?? webhook.url,
    events: eventList(given.events) ?? webhook.events,
    active: typeof given.active === 'boolean' ? given.active : webhook.active,
    secret: textOf(given.secret) ?? webhook.secret,
  }
  if (!isAcceptable(changed.url)) return invalidInput('Webhook URL must be HTTPS')
  if (changed.active && !webhook.active && !(await answers(ledger, changed))) return unreachable
  Object.assign(webhook, changed)
  return success(render(webhook), 'Webhook has been updated')
}

const unreachable = refusal(400, 'InvalidInput', 'Webhook URL did not answer the test event with success')

/** The probe on creation: its ids are dummies and its group is called `group_id`. */
async function answers(ledger: Ledger, webhook: Webhook): Promise<boolean> {
  return isGood(await post(ledger, webhook, dummyBody(ledger, 'test_event')))
}

function dummyBody(ledger: Ledger, event: string): string {
  return JSON.stringify({
    event,
    created: ledger.world.now().toISOString(),
    connector_type: '_connector_type',
    connector_id: '_connector_1',
    group_id: '_destination_1',
  })
}

function post(ledger: Ledger, { url, secret }: Webhook, body: string): Promise<number | undefined> {
  // Hex over the raw body, without a prefix; published samples show upper case, so clients must take either.
  const signature = createHmac('sha256', secret).update(body).digest('hex').toUpperCase()
  const headers = secret === '' ? {} : { 'X-Fivetran-Signature-256': signature }
  return ledger.world.deliver({ url, body, headers })
}

function isGood(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300
}

// The one departure from "HTTPS only": a gateway on this machine has no certificate.
function isAcceptable(url: string): boolean {
  return (
    /^https:\/\/[^/]/i.test(url) || /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$)/i.test(url)
  )
}

function eventList(value: Json | undefined): string[] | undefined {
  if (!Array.isArray(value) || isObject(value)) return undefined
  const events = value.filter((event) => typeof event === 'string')
  return events.length === value.length && events.length > 0 ? events : undefined
}

function render(webhook: Webhook): object {
  return { ...webhook, secret: '******', created_by: 'sandbox_user' }
}
