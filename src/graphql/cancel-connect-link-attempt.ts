import { cancelConnectLinkAttempt } from '../connect/links/cancel.ts'
import { InvalidInputError, NotFoundError } from '../domain/errors.ts'
import type { ConnectLinkRow } from '../store/schema.ts'
import { ownerOf, targetOf } from './audit-call.ts'
import { builder } from './builder.ts'
import { ConnectLinkType } from './connect-link.ts'
import { decodeIdOf } from './ids.ts'

const CancelPayloadType = builder
  .objectRef<{ readonly connectLink: ConnectLinkRow }>('CancelConnectLinkAttemptPayload')
  .implement({
    description: 'The attempt is over; the connect link stays usable until it expires.',
    fields: (t) => ({
      connectLink: t.expose('connectLink', {
        type: ConnectLinkType,
        description: 'The connect link, with `lastFailure` CANCELLED if an attempt was canceled.',
      }),
    }),
  })

builder.mutationField('cancelConnectLinkAttempt', (t) =>
  t.field({
    permission: 'links:write',
    audit: ({ id }, payload) => ({ ...ownerOf(payload?.connectLink), targets: [targetOf(id)] }),
    type: CancelPayloadType,
    description:
      'Records that the end user gave up the current attempt, such as by closing the window: `lastFailure` is CANCELLED and the status AUTHORIZING, as after a denial at the provider. Repeated calls change nothing until the link is opened again. The link is returned unchanged if the last attempt has failed already, or if the link has ended, is held or is handed over, so that a completion at the same time wins.',
    args: {
      id: t.arg.id({ required: true, description: 'Opaque global ID of the connect link.' }),
    },
    errors: {
      types: [InvalidInputError, NotFoundError],
      union: {
        name: 'CancelConnectLinkAttemptResult',
        description: 'The connect link, or why it is not accessible.',
      },
    },
    resolve: async (_, { id }, { connect, viewer }) => ({
      connectLink: await cancelConnectLinkAttempt(connect, viewer, decodeIdOf('ConnectLink', id) ?? ''),
    }),
  }),
)
