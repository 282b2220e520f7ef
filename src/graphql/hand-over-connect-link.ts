import { takeBackConnectLink } from '../connect/links/end-hand-over.ts'
import { type HandedOver, handOverConnectLink } from '../connect/links/hand-over.ts'
import { ConflictError, InvalidInputError, NotFoundError } from '../domain/errors.ts'
import type { ConnectLinkRow } from '../store/schema.ts'
import { ownerOf, targetOf } from './audit-call.ts'
import { builder } from './builder.ts'
import { ConnectLinkType } from './connect-link.ts'
import { decodeIdOf } from './ids.ts'

const HandOverInputType = builder.inputType('HandOverConnectLinkInput', {
  description: 'What the colleague sees, and for how long the address of the colleague works.',
  fields: (t) => ({
    message: t.string({
      description:
        'Message to the colleague, at most 300 characters. Shown as plain text on one line. Default: none.',
    }),
    requesterName: t.string({
      description:
        'Name of the end user, at most 100 characters; shown only if the link has neither a name nor an email address of its end user. Default: none.',
    }),
    expiresInSeconds: t.int({
      description:
        'Lifetime of the address of the colleague. Default, and at most: the remaining lifetime of the link.',
    }),
  }),
})

const HandOverPayloadType = builder.objectRef<HandedOver>('HandOverConnectLinkPayload').implement({
  description: 'The connect link was handed over: `ConnectLink.url` leads nowhere until it is taken back.',
  fields: (t) => ({
    connectLink: t.expose('connectLink', { type: ConnectLinkType, description: 'The connect link.' }),
    url: t.expose('url', {
      type: 'URL',
      description:
        'Address for the colleague. It is a secret: who has it can connect an account for the end user. It cannot be read again.',
    }),
  }),
})

builder.mutationField('handOverConnectLink', (t) =>
  t.field({
    permission: 'links:write',
    audit: ({ id }, payload) => ({ ...ownerOf(payload?.connectLink), targets: [targetOf(id)] }),
    type: HandOverPayloadType,
    description:
      "Passes an open connect link on to a colleague, who may connect the account for the end user or decline. The link stays the same, with a second address of its own; the first one then shows how it stands. The colleague's browser is not sent to `redirectUri`. At most five times for each link, one at a time. A page of the provider that the end user has opened before keeps working.",
    args: {
      id: t.arg.id({ required: true, description: 'Opaque global ID of the connect link to hand over.' }),
      input: t.arg({ type: HandOverInputType, description: 'Default: no message.' }),
    },
    errors: {
      types: [InvalidInputError, NotFoundError, ConflictError],
      union: {
        name: 'HandOverConnectLinkResult',
        description:
          'The address for the colleague, or why there is none: INVALID_STATE if the link has ended, is held, is handed over already, was handed over five times, or has the guard SAME_BROWSER.',
      },
    },
    resolve: (_, { id, input }, { connect, viewer }) =>
      handOverConnectLink(connect, viewer, {
        id: decodeIdOf('ConnectLink', id) ?? '',
        input: {
          message: input?.message ?? null,
          requesterName: input?.requesterName ?? null,
          expiresInSeconds: input?.expiresInSeconds ?? null,
        },
      }),
  }),
)

const TakeBackPayloadType = builder
  .objectRef<{ readonly connectLink: ConnectLinkRow }>('TakeBackConnectLinkPayload')
  .implement({
    description: 'The connect link is with its end user; or it has ended, or is held, and is unchanged.',
    fields: (t) => ({
      connectLink: t.expose('connectLink', { type: ConnectLinkType, description: 'The connect link.' }),
    }),
  })

builder.mutationField('takeBackConnectLink', (t) =>
  t.field({
    permission: 'links:write',
    audit: ({ id }, payload) => ({ ...ownerOf(payload?.connectLink), targets: [targetOf(id)] }),
    type: TakeBackPayloadType,
    description:
      'Takes a connect link back from the colleague: the address of the colleague leads nowhere, and `ConnectLink.url` works again. Changes nothing if the link is not handed over or has ended, so that repeating it is harmless. A page of the provider that the colleague has opened keeps working.',
    args: {
      id: t.arg.id({ required: true, description: 'Opaque global ID of the connect link to take back.' }),
    },
    errors: {
      types: [InvalidInputError, NotFoundError],
      union: {
        name: 'TakeBackConnectLinkResult',
        description: 'The connect link, or why it is not accessible.',
      },
    },
    resolve: async (_, { id }, { connect, viewer }) => ({
      connectLink: await takeBackConnectLink(connect, viewer, decodeIdOf('ConnectLink', id) ?? ''),
    }),
  }),
)
