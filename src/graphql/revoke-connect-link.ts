import { type RevokedLink, revokeConnectLink } from '../connect/links/revoke.ts'
import { ConflictError, NotFoundError, ProviderError } from '../domain/errors.ts'
import { builder } from './builder.ts'
import { ConnectLinkType } from './connect-link.ts'
import { decodeIdOf } from './ids.ts'

const RevokeConnectLinkPayloadType = builder.objectRef<RevokedLink>('RevokeConnectLinkPayload').implement({
  description: 'The link is withdrawn: its address leads nowhere any more.',
  fields: (t) => ({
    connectLink: t.expose('connectLink', { type: ConnectLinkType, description: 'The link, now REVOKED.' }),
    revokedAtProvider: t.exposeBoolean('revokedAtProvider', {
      description:
        "Whether the provider took its own link back; false: it cannot. What is connected through the provider's link all the same is removed again.",
    }),
  }),
})

builder.mutationField('revokeConnectLink', (t) =>
  t.field({
    type: RevokeConnectLinkPayloadType,
    description:
      'Withdraws a link that is still open, at once here and then at its provider. A repetition answers the same.',
    args: { id: t.arg.id({ required: true, description: 'Which link.' }) },
    errors: {
      types: [NotFoundError, ConflictError, ProviderError],
      union: { name: 'RevokeConnectLinkResult', description: 'What became of it.' },
    },
    resolve: (_, { id }, { connect, viewer }) =>
      revokeConnectLink(connect, viewer, decodeIdOf('ConnectLink', id) ?? ''),
  }),
)
