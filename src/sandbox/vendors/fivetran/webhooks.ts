import { createHmac } from 'node:crypto'
import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import type { Json, JsonObject } from '../../json.ts'
import { isObject, objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import {
  errorResponse,
  invalidInput,
  listPage,
  notFound,
  requiredField,
  success,
  successWithoutData,
} from './responses.ts'
import type { Connection, FivetranState, Webhook } from './state.ts'

/** Sends an event to every subscribed webhook, in the background and without retries. */
export type Emit = (event: string, connection: Connection) => void

export function createEmit(state: FivetranState): Emit {
  return (event, connection) => {
    const body = JSON.stringify({
      event,
      created: state.context.now().toISOString(),
      connector_type: connection.service,
      connector_id: connection.id,
      connector_name: connection.schema,
      destination_group_id: connection.group_id,
    })
    for (const webhook of state.data().webhooks) {
      const isInScope = webhook.type === 'account' || webhook.group_id === connection.group_id
      if (webhook.active && isInScope && webhook.events.includes(event)) void post(state, webhook, body)
    }
  }
}

export function webhookRoutes(state: FivetranState): Record<string, Route> {
  const findWebhook = (id: string) => state.data().webhooks.find((webhook) => webhook.id === id)
  return {
    'POST /v1/webhooks/account': (request) => create(state, request),
    'POST /v1/webhooks/group/:groupId': (request, groupId) => {
      const known = state.data().groups.some(({ id }) => id === groupId)
      return known ? create(state, request, groupId) : notFound('Group', groupId)
    },
    'GET /v1/webhooks': (request) => listPage(state.data().webhooks, request, render),
    'GET /v1/webhooks/:id': (_request, id) => {
      const webhook = findWebhook(id)
      return webhook === undefined ? notFound('Webhook', id) : success(render(webhook))
    },
    'PATCH /v1/webhooks/:id': (request, id) => {
      const webhook = findWebhook(id)
      return webhook === undefined ? notFound('Webhook', id) : update(state, webhook, objectOf(request.body))
    },
    'DELETE /v1/webhooks/:id': (_request, id) => {
      const { webhooks } = state.data()
      const at = webhooks.findIndex((webhook) => webhook.id === id)
      if (at === -1) return notFound('Webhook', id)
      webhooks.splice(at, 1)
      return successWithoutData(`Webhook with id '${id}' has been deleted`)
    },
    'POST /v1/webhooks/:id/test': async (request, id) => {
      const webhook = findWebhook(id)
      if (webhook === undefined) return notFound('Webhook', id)
      const event = textOf(objectOf(request.body).event) ?? 'test_event'
      const status = (await post(state, webhook, testEventBody(state, event))) ?? 0
      return success({
        succeed: isSuccessStatus(status),
        status,
        message: isSuccessStatus(status) ? 'OK' : 'No success',
      })
    },
  }
}

async function create(
  state: FivetranState,
  request: SandboxRequest,
  groupId?: string,
): Promise<SandboxResponse> {
  const fields = objectOf(request.body)
  const url = textOf(fields.url)
  if (url === undefined) return requiredField('url')
  const events = eventList(fields.events)
  if (events === undefined) return requiredField('events')
  if (!isAllowedUrl(url)) return invalidInput('Webhook URL must be HTTPS')
  const webhook: Webhook = {
    id: state.newId(),
    type: groupId === undefined ? 'account' : 'group',
    ...(groupId === undefined ? {} : { group_id: groupId }),
    url,
    events,
    active: fields.active !== false,
    secret: textOf(fields.secret) ?? '',
    created_at: request.now.toISOString(),
  }
  if (webhook.active && !(await acceptsTestEvent(state, webhook))) return unreachableResponse
  state.data().webhooks.push(webhook)
  // 200, not 201: go-fivetran webhooks/webhook_account_create_test.go
  return success(render(webhook), `${groupId === undefined ? 'Account' : 'Group'} webhook has been created`)
}

async function update(state: FivetranState, webhook: Webhook, fields: JsonObject): Promise<SandboxResponse> {
  const updated: Webhook = {
    ...webhook,
    url: textOf(fields.url) ?? webhook.url,
    events: eventList(fields.events) ?? webhook.events,
    active: typeof fields.active === 'boolean' ? fields.active : webhook.active,
    secret: textOf(fields.secret) ?? webhook.secret,
  }
  if (!isAllowedUrl(updated.url)) return invalidInput('Webhook URL must be HTTPS')
  if (updated.active && !webhook.active && !(await acceptsTestEvent(state, updated)))
    return unreachableResponse
  Object.assign(webhook, updated)
  return success(render(webhook), 'Webhook has been updated')
}

const unreachableResponse = errorResponse(
  400,
  'InvalidInput',
  'Webhook URL did not respond to the test event with a success status',
)

/**
 * Sends the test event and returns whether the status was 2xx. Its IDs are placeholders, and its group field is
 * `group_id` instead of `destination_group_id`.
 */
async function acceptsTestEvent(state: FivetranState, webhook: Webhook): Promise<boolean> {
  return isSuccessStatus(await post(state, webhook, testEventBody(state, 'test_event')))
}

function testEventBody(state: FivetranState, event: string): string {
  return JSON.stringify({
    event,
    created: state.context.now().toISOString(),
    connector_type: '_connector_type',
    connector_id: '_connector_1',
    group_id: '_destination_1',
  })
}

function post(state: FivetranState, { url, secret }: Webhook, body: string): Promise<number | undefined> {
  // Hex HMAC-SHA256 of the raw body, without a prefix. Published samples are upper case: clients must accept any case.
  const signature = createHmac('sha256', secret).update(body).digest('hex').toUpperCase()
  const headers = secret === '' ? {} : { 'X-Fivetran-Signature-256': signature }
  return state.context.sendWebhook({ url, body, headers })
}

function isSuccessStatus(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300
}

// Fivetran accepts HTTPS only. The sandbox also accepts loopback HTTP: a gateway on this machine has no certificate.
function isAllowedUrl(url: string): boolean {
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
