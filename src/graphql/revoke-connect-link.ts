import { type RevokedLink, revokeConnectLink } from '../connect/links/revoke.ts'
import { ConflictError, InvalidInputError, NotFoundError } from '../domain/errors.ts'
import { ProviderError } from '../domain/provider-error.ts'
import { ownerOf, targetOf } from './audit-call.ts'
import { builder } from './builder.ts'
import { ConnectLinkType } from './connect-link.ts'
import { providerCallCost } from './cost.ts'
import { decodeIdOf } from './ids.ts'

const RevokeConnectLinkPayloadType = builder.objectRef<RevokedLink>('RevokeConnectLinkPayload').implement({
  description: 'The connect link was revoked: its URL cannot be used any more.',
  fields: (t) => ({
    connectLink: t.expose('connectLink', {
      type: ConnectLinkType,
      description: 'The connect link, now REVOKED.',
    }),
    revokedAtProvider: t.exposeBoolean('revokedAtProvider', {
      description:
        "Whether the provider revoked its own link too; false if it cannot. A connection that is made through the provider's link all the same is removed again.",
    }),
  }),
})

builder.mutationField('revokeConnectLink', (t) =>
  t.field({
    permission: 'links:write',
    audit: ({ id }, payload) => ({ ...ownerOf(payload?.connectLink), targets: [targetOf(id)] }),
    complexity: providerCallCost,
    type: RevokeConnectLinkPayloadType,
    description:
      'Revokes an open connect link: at once in the gateway, then at its provider. A repeated call returns the same payload.',
    args: {
      id: t.arg.id({ required: true, description: 'Opaque global ID of the connect link to revoke.' }),
    },
    errors: {
      types: [InvalidInputError, NotFoundError, ConflictError, ProviderError],
      union: {
        name: 'RevokeConnectLinkResult',
        description: 'The revoked connect link, or why it was not revoked.',
      },
    },
    resolve: (_, { id }, { connect, viewer }) =>
      revokeConnectLink(connect, viewer, decodeIdOf('ConnectLink', id) ?? ''),
  }),
)
