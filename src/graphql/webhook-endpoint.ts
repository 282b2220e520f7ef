import { type DisabledReason, type MessageState, webhookEventTypes } from '../domain/webhook-events.ts'
import type { WebhookEndpointRow, WebhookMessageRow } from '../store/schema.ts'
import { listEndpoints } from '../store/webhook-endpoints.ts'
import { countMessages, listMessages } from '../store/webhook-messages.ts'
import { builder } from './builder.ts'
import type { Values } from './enums.ts'
import { afterArg, decodePosition, firstArg, pageSize, positionCursor, toPage } from './paging.ts'

/** For descriptions: the types with what they report. */
export const eventTypeTexts = Object.entries(webhookEventTypes)
  .map(([type, text]) => `\`${type}\`: ${text}`)
  .join('\n\n')

const disabledReasonValues: Values<DisabledReason> = {
  API_CALL: { description: 'By `updateWebhookEndpoint`.' },
  GONE: { description: 'The endpoint answered with HTTP status 410.' },
  FAILING: {
    description:
      'All attempts of a message failed, over about 30 hours, and no other message was delivered for 24 hours.',
  },
}

const DisabledReasonEnum = builder.enumType('WebhookEndpointDisabledReason', {
  description: 'Why a webhook endpoint receives nothing.',
  values: disabledReasonValues,
})

const messageStateValues: Values<MessageState> = {
  PENDING: { description: 'It is sent at `nextAttemptAt`, if the endpoint is enabled.' },
  DELIVERED: { description: 'The endpoint has answered with a 2xx status.' },
  FAILED: { description: 'All 12 attempts failed. It is sent again by `redeliverWebhook` only.' },
}

const MessageStateEnum = builder.enumType('WebhookMessageState', {
  description: 'Whether a webhook message is still to be delivered.',
  values: messageStateValues,
})

export const WebhookMessageType = builder.objectRef<WebhookMessageRow>('WebhookMessage')

builder.node(WebhookMessageType, {
  description:
    'A message to a webhook endpoint about one event. Kept for 30 days. Of several messages about the same link or connection, each is sent after the one before has been delivered or has failed for good.',
  id: { resolve: ({ id }) => id },
  fields: (t) => ({
    messageId: t.string({
      description:
        'The header `webhook-id`, the same for each attempt: receivers can recognize repetitions by it.',
      resolve: ({ id }) => `msg_${id}`,
    }),
    type: t.exposeString('type', { description: `Type of the event.\n\n${eventTypeTexts}` }),
    state: t.field({
      type: MessageStateEnum,
      description: 'Whether the message is still to be delivered.',
      resolve: ({ state }) => state,
    }),
    attempts: t.exposeInt('attempts', { description: 'How many attempts have begun, of at most 12.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the event occurred.' }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is sent next; null unless it is PENDING.',
    }),
    lastAttemptAt: t.expose('lastAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last attempt began; null if there was none.',
    }),
    lastStatus: t.exposeInt('lastStatus', {
      nullable: true,
      description: 'HTTP status of the last response; null if there was none.',
    }),
    lastError: t.exposeString('lastError', {
      nullable: true,
      description:
        'Why the last attempt failed, such as `HTTP 500` or `ECONNREFUSED`; null if it did not fail.',
    }),
    lastDurationMs: t.exposeInt('lastDurationMs', {
      nullable: true,
      description: 'Duration of the last attempt in milliseconds; null if there was none.',
    }),
  }),
})

const WebhookMessageConnectionType = builder.connectionObject(
  {
    type: WebhookMessageType,
    name: 'WebhookMessageConnection',
    description: 'A page of webhook messages.',
    fields: (t) => ({
      totalCount: t.int({
        nullable: true,
        description: 'How many messages match; null if more than 10,000.',
        resolve: ({ count }) => count(),
      }),
    }),
  },
  { name: 'WebhookMessageEdge', description: 'A webhook message in a page.' },
)

export const WebhookEndpointType = builder.objectRef<WebhookEndpointRow>('WebhookEndpoint')

builder.node(WebhookEndpointType, {
  description:
    'An address of the application to which the gateway posts events, signed as Standard Webhooks (https://www.standardwebhooks.com). At least once, and in order for each link and each connection.',
  id: { resolve: ({ id }) => id },
  fields: (t) => ({
    url: t.exposeString('url', { description: 'The URL to which messages are posted.' }),
    description: t.exposeString('description', { nullable: true, description: 'For display, as given.' }),
    eventTypes: t.stringList({
      description: 'The types of events that it receives; empty: all.',
      resolve: ({ eventTypes }) => [...eventTypes],
    }),
    thin: t.exposeBoolean('thin', {
      description:
        'Whether `data` of its messages has only the `id` of the link or connection, to be read by the API.',
    }),
    isFromEnvironment: t.boolean({
      description:
        'Whether it is that of the variables WEBHOOK_URL and WEBHOOK_SECRET, which mutations cannot change.',
      resolve: ({ managedBy }) => managedBy === 'ENVIRONMENT',
    }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'Since when it receives nothing; null if it is enabled. Events of that time are not queued for it.',
    }),
    disabledReason: t.field({
      type: DisabledReasonEnum,
      nullable: true,
      description: 'Why it is disabled; null if it is enabled.',
      resolve: ({ disabledReason }) => disabledReason,
    }),
    failingSince: t.expose('failingSince', {
      type: 'DateTime',
      nullable: true,
      description:
        'Since when all attempts have failed; null if the last one succeeded, or if there was none.',
    }),
    previousSecretExpiresAt: t.expose('previousSecretExpiresAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'Until when messages are also signed with the secret before the last rotation; null without one.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the endpoint was created.' }),
    messages: t.field({
      type: WebhookMessageConnectionType,
      description: 'The messages to the endpoint, newest first: its delivery log.',
      args: {
        states: t.arg({
          type: [MessageStateEnum],
          description: 'Only messages in these states. Default: all.',
        }),
        first: firstArg(t),
        after: afterArg(t),
      },
      resolve: async ({ id }, { states, first, after }, { connect: { db } }) => {
        const page = { first: pageSize(first), after: decodePosition(after) }
        const filter = { endpointId: id, states: states ?? null }
        const { rows, hasNextPage } = await listMessages(db, filter, page)
        const extras = { syncStatus: [], count: () => countMessages(db, filter) }
        return toPage(rows, { cursor: positionCursor, hasNextPage, after }, extras)
      },
    }),
  }),
})

builder.queryField('webhookEndpoints', (t) =>
  t.field({
    permission: 'webhooks:admin',
    type: [WebhookEndpointType],
    description:
      'All webhook endpoints, oldest first; there are at most 51. For API keys only; a session gets a GraphQL error with code FORBIDDEN.',
    resolve: async (_, __, { connect: { db } }) => [...(await listEndpoints(db))],
  }),
)
