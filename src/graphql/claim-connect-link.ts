import { claimConnectLink, type LinkClaim } from '../connect/links/claim.ts'
import { ConflictError, InvalidInputError, NotFoundError } from '../domain/errors.ts'
import { ownerOf, targetOf } from './audit-call.ts'
import { builder } from './builder.ts'
import { ConnectLinkType } from './connect-link.ts'
import { decodeIdOf } from './ids.ts'

const ClaimConnectLinkPayloadType = builder.objectRef<LinkClaim>('ClaimConnectLinkPayload').implement({
  description: 'The end user can open the connect link now, with a form of a page of the application.',
  fields: (t) => ({
    connectLink: t.expose('connectLink', { type: ConnectLinkType, description: 'The connect link.' }),
    claim: t.exposeString('claim', {
      description:
        'One-time code for the form field `claim`. It counts only in a form submission from an origin in CORS_ORIGINS or REDIRECT_ORIGINS, so that it is of no use in a URL that is sent to another person.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When the code expires: after 5 minutes, or earlier with the next claim.',
    }),
  }),
})

builder.mutationField('claimConnectLink', (t) =>
  t.field({
    permission: 'links:write',
    audit: ({ id }, payload) => ({ ...ownerOf(payload?.connectLink), targets: [targetOf(id)] }),
    type: ClaimConnectLinkPayloadType,
    description:
      'For the guard SAME_BROWSER: prepares opening the link in the browser of the end user. The application opens the link by submitting a form, by a button or by script, in the same tab or a new one: `<form method="post" action="[ConnectLink.url]"><input type="hidden" name="claim" value="[claim]"></form>`. The gateway checks the `Origin` header, sets an HttpOnly cookie of its own origin (no third-party cookie is needed) and goes on to the provider. The page needs a referrer policy other than `no-referrer`, and the gateway in the `form-action` of its Content Security Policy. When this browser returns from the provider, the link completes. Without a claim the link can be opened too; its completion then needs a code.',
    args: {
      id: t.arg.id({ required: true, description: 'Opaque global ID of the connect link to open.' }),
    },
    errors: {
      types: [InvalidInputError, NotFoundError, ConflictError],
      union: {
        name: 'ClaimConnectLinkResult',
        description:
          'The claim, or why there is none: the link has ended, is held, has another guard or is outside the limits of the session.',
      },
    },
    resolve: (_, { id }, { connect, viewer }) =>
      claimConnectLink(connect, viewer, decodeIdOf('ConnectLink', id) ?? ''),
  }),
)
