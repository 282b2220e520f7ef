import { confirmConnectLink } from '../connect/links/confirm.ts'
import { ConflictError, InvalidInputError, NotFoundError } from '../domain/errors.ts'
import { ProviderError } from '../domain/provider-error.ts'
import type { ConnectLinkRow } from '../store/schema.ts'
import { ownerOf, targetOf } from './audit-call.ts'
import { builder } from './builder.ts'
import { ConnectLinkType } from './connect-link.ts'
import { providerCallCost } from './cost.ts'
import { decodeIdOf } from './ids.ts'

const ConfirmConnectLinkPayloadType = builder
  .objectRef<{ readonly connectLink: ConnectLinkRow }>('ConfirmConnectLinkPayload')
  .implement({
    description: 'The connect link is COMPLETED: its connection belongs to the end user.',
    fields: (t) => ({
      connectLink: t.expose('connectLink', {
        type: ConnectLinkType,
        description: 'The connect link, now COMPLETED.',
      }),
    }),
  })

builder.mutationField('confirmConnectLink', (t) =>
  t.field({
    permission: 'links:write',
    audit: ({ id }, payload) => ({ ...ownerOf(payload?.connectLink), targets: [targetOf(id)] }),
    complexity: providerCallCost,
    type: ConfirmConnectLinkPayloadType,
    description:
      'Gives the held connection of a link with a guard to its end user, while `ConnectLink.awaitingConfirmation` is true. After five wrong codes the link is FAILED and the connection is removed. A call after the success returns the same payload.',
    args: {
      id: t.arg.id({ required: true, description: 'Opaque global ID of the connect link to confirm.' }),
      code: t.arg.string({
        description:
          'Required for the guard SAME_BROWSER: the six digits that the browser shows that completed the link.',
      }),
      codeVerifier: t.arg.string({
        description:
          'Required for the guard CONFIRM: the PKCE code verifier (RFC 7636) of `codeChallenge`, 43 to 128 characters.',
      }),
    },
    errors: {
      types: [InvalidInputError, NotFoundError, ConflictError, ProviderError],
      union: {
        name: 'ConfirmConnectLinkResult',
        description: 'The completed connect link, or why it was not confirmed.',
      },
    },
    resolve: async (_, { id, code, codeVerifier }, { connect, viewer }) => ({
      connectLink: await confirmConnectLink(connect, viewer, {
        linkId: decodeIdOf('ConnectLink', id) ?? '',
        code: code ?? null,
        codeVerifier: codeVerifier ?? null,
      }),
    }),
  }),
)
