import { redeliverMessages, sendTest } from '../connect/outgoing-webhooks/redeliver.ts'
import { ConflictError, InvalidInputError, NotFoundError } from '../domain/errors.ts'
import type { WebhookMessageRow } from '../store/schema.ts'
import { targetOf } from './audit-call.ts'
import { builder } from './builder.ts'
import { decodeIdOf } from './ids.ts'
import { WebhookMessageType } from './webhook-endpoint.ts'

const SendTestWebhookPayloadType = builder
  .objectRef<{ readonly message: WebhookMessageRow }>('SendTestWebhookPayload')
  .implement({
    description: 'A test message was queued.',
    fields: (t) => ({
      webhookMessage: t.expose('message', {
        type: WebhookMessageType,
        description: 'The message; read it again by `node(id:)` for the result.',
      }),
    }),
  })

builder.mutationField('sendTestWebhook', (t) =>
  t.field({
    permission: 'webhooks:admin',
    audit: ({ endpointId }) => ({ targets: [targetOf(endpointId)] }),
    type: SendTestWebhookPayloadType,
    description: 'Sends a message of the type `webhook.test` to one webhook endpoint. For API keys only.',
    args: {
      endpointId: t.arg.id({ required: true, description: 'Opaque global ID of the webhook endpoint.' }),
    },
    errors: {
      types: [NotFoundError, ConflictError],
      union: { name: 'SendTestWebhookResult', description: 'The queued message, or why none was queued.' },
    },
    resolve: async (_, { endpointId }, { connect }) => ({
      message: await sendTest(connect, decodeIdOf('WebhookEndpoint', endpointId) ?? ''),
    }),
  }),
)

const RedeliverWebhookPayloadType = builder
  .objectRef<{ readonly count: number }>('RedeliverWebhookPayload')
  .implement({
    description: 'Messages were queued again.',
    fields: (t) => ({
      count: t.exposeInt('count', { description: 'How many messages are sent again.' }),
    }),
  })

builder.mutationField('redeliverWebhook', (t) =>
  t.field({
    permission: 'webhooks:admin',
    audit: ({ id, endpointId }) => ({ targets: [targetOf(id ?? endpointId ?? '')] }),
    type: RedeliverWebhookPayloadType,
    description:
      'Sends messages again, with the same `webhook-id` and all attempts: one message by `id`, or all messages to `endpointId` since a time, whether they were delivered or not. For API keys only.',
    args: {
      id: t.arg.id({ description: 'Opaque global ID of one webhook message.' }),
      endpointId: t.arg.id({ description: 'Opaque global ID of a webhook endpoint; needs `since`.' }),
      since: t.arg({
        type: 'DateTime',
        description: 'Messages whose events occurred at that time or later.',
      }),
    },
    errors: {
      types: [NotFoundError, InvalidInputError],
      union: {
        name: 'RedeliverWebhookResult',
        description: 'How many messages are sent again, or why none.',
      },
    },
    resolve: async (_, { id, endpointId, since }, { connect }) => ({
      count: await redeliverMessages(connect, {
        id: id == null ? null : (decodeIdOf('WebhookMessage', id) ?? ''),
        endpointId: endpointId == null ? null : (decodeIdOf('WebhookEndpoint', endpointId) ?? ''),
        since: since ?? null,
      }),
    }),
  }),
)
