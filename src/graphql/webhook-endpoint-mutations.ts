import {
  createEndpoint,
  deleteEndpoint,
  type IssuedEndpoint,
  rotateSecret,
  updateEndpoint,
} from '../connect/outgoing-webhooks/manage-endpoints.ts'
import { ConflictError, InvalidInputError, NotFoundError } from '../domain/errors.ts'
import { subscribableTypes } from '../domain/webhook-events.ts'
import type { WebhookEndpointRow } from '../store/schema.ts'
import { targetOf } from './audit-call.ts'
import { builder } from './builder.ts'
import { decodeIdOf } from './ids.ts'
import { WebhookEndpointType } from './webhook-endpoint.ts'

const typeNames = subscribableTypes.map((type) => `\`${type}\``).join(', ')
const endpointId = (globalId: string) => decodeIdOf('WebhookEndpoint', globalId) ?? ''
const idArg = { required: true, description: 'Opaque global ID of the webhook endpoint.' } as const

const CreateWebhookEndpointInput = builder.inputType('CreateWebhookEndpointInput', {
  description: 'Where the endpoint is, and what it receives.',
  fields: (t) => ({
    url: t.string({
      required: true,
      description:
        'An https URL without credentials and fragment, at most 2,000 characters. Its host must resolve to public addresses, unless WEBHOOK_ALLOW_PRIVATE is true. Redirects are not followed.',
    }),
    description: t.string({ description: 'For display, at most 200 characters.' }),
    eventTypes: t.stringList({ description: `Types of events, of: ${typeNames}. Default: all.` }),
    thin: t.boolean({
      description: 'Whether messages have only the `id` of what has changed. Default: false.',
    }),
  }),
})

const UpdateWebhookEndpointInput = builder.inputType('UpdateWebhookEndpointInput', {
  description: 'Changes of a webhook endpoint; what is absent stays as it is.',
  fields: (t) => ({
    url: t.string({ description: 'The new URL, under the same rules as at the creation.' }),
    description: t.string({ description: 'For display, at most 200 characters; null removes it.' }),
    eventTypes: t.stringList({ description: `Types of events, of: ${typeNames}. Empty: all.` }),
    thin: t.boolean({ description: 'Whether messages have only the `id` of what has changed.' }),
    disabled: t.boolean({
      description:
        'true: it receives nothing any more, and events of that time are not queued for it. false: it receives again, first what was pending when it was disabled.',
    }),
  }),
})

const issued = (name: string, description: string) =>
  builder.objectRef<IssuedEndpoint>(name).implement({
    description,
    fields: (t) => ({
      webhookEndpoint: t.expose('endpoint', {
        type: WebhookEndpointType,
        description: 'The webhook endpoint.',
      }),
      secret: t.exposeString('secret', {
        description:
          'The secret that its messages are signed with, for a library of Standard Webhooks: `whsec_…`. It cannot be read again.',
      }),
    }),
  })

const changed = (name: string, description: string) =>
  builder.objectRef<{ readonly endpoint: WebhookEndpointRow }>(name).implement({
    description,
    fields: (t) => ({
      webhookEndpoint: t.expose('endpoint', {
        type: WebhookEndpointType,
        description: 'The webhook endpoint; a deleted one as it was before.',
      }),
    }),
  })

builder.mutationField('createWebhookEndpoint', (t) =>
  t.field({
    permission: 'webhooks:admin',
    audit: (_, payload) => ({ targets: [payload && { type: 'WebhookEndpoint', id: payload.endpoint.id }] }),
    type: issued('CreateWebhookEndpointPayload', 'A webhook endpoint was created.'),
    description:
      'Creates a webhook endpoint, to which events are posted from now on. There can be 50. For API keys only.',
    args: {
      input: t.arg({
        type: CreateWebhookEndpointInput,
        required: true,
        description: 'The endpoint to create.',
      }),
    },
    errors: {
      types: [InvalidInputError, ConflictError],
      union: {
        name: 'CreateWebhookEndpointResult',
        description: 'The created endpoint, or why none was created.',
      },
    },
    resolve: (_, { input }, { connect }) => createEndpoint(connect, input),
  }),
)

builder.mutationField('updateWebhookEndpoint', (t) =>
  t.field({
    permission: 'webhooks:admin',
    audit: ({ id }) => ({ targets: [targetOf(id)] }),
    type: changed('UpdateWebhookEndpointPayload', 'The webhook endpoint was changed.'),
    description: 'Changes, disables or enables a webhook endpoint. For API keys only.',
    args: {
      id: t.arg.id(idArg),
      input: t.arg({ type: UpdateWebhookEndpointInput, required: true, description: 'What to change.' }),
    },
    errors: {
      types: [NotFoundError, InvalidInputError, ConflictError],
      union: {
        name: 'UpdateWebhookEndpointResult',
        description: 'The changed endpoint, or why it was not changed.',
      },
    },
    resolve: async (_, { id, input }, { connect }) => ({
      endpoint: await updateEndpoint(connect, endpointId(id), input),
    }),
  }),
)

builder.mutationField('rotateWebhookSecret', (t) =>
  t.field({
    permission: 'webhooks:admin',
    audit: ({ id }) => ({ targets: [targetOf(id)] }),
    type: issued('RotateWebhookSecretPayload', 'The webhook endpoint has a new secret.'),
    description:
      'Replaces the secret of a webhook endpoint. For a while messages are signed with both secrets, so that none is refused while receivers are updated. For API keys only.',
    args: {
      id: t.arg.id(idArg),
      overlapSeconds: t.arg.int({
        description:
          'How long messages are also signed with the former secret, from 0 to 604800 (a week). Default: 86400 (a day).',
      }),
    },
    errors: {
      types: [NotFoundError, InvalidInputError, ConflictError],
      union: {
        name: 'RotateWebhookSecretResult',
        description: 'The new secret, or why it was not replaced.',
      },
    },
    resolve: (_, { id, overlapSeconds }, { connect }) =>
      rotateSecret(connect, { id: endpointId(id), overlapSeconds }),
  }),
)

builder.mutationField('deleteWebhookEndpoint', (t) =>
  t.field({
    permission: 'webhooks:admin',
    audit: ({ id }) => ({ targets: [targetOf(id)] }),
    type: changed('DeleteWebhookEndpointPayload', 'The webhook endpoint was deleted.'),
    description: 'Deletes a webhook endpoint with its messages, delivered or not. For API keys only.',
    args: { id: t.arg.id(idArg) },
    errors: {
      types: [NotFoundError, ConflictError],
      union: {
        name: 'DeleteWebhookEndpointResult',
        description: 'The deleted endpoint, or why it was not deleted.',
      },
    },
    resolve: async (_, { id }, { connect }) => ({ endpoint: await deleteEndpoint(connect, endpointId(id)) }),
  }),
)
