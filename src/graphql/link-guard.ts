import { builder } from './builder.ts'
import { ConnectLinkType } from './connect-link.ts'
import { LinkGuardEnum } from './enums.ts'

builder.objectFields(ConnectLinkType, (t) => ({
  guard: t.expose('guard', {
    type: LinkGuardEnum,
    description: 'What has to show that the person who completes the link is the end user.',
  }),
  awaitingConfirmation: t.boolean({
    description:
      'Whether the connection was made but is held back until `confirmConnectLink`. The status is AUTHORIZING meanwhile, and subscriptions send the change. No caller sees the connection; `expiresAt` does not end the link any more.',
    resolve: ({ heldUntil }) => heldUntil !== null,
  }),
  confirmationExpiresAt: t.expose('heldUntil', {
    type: 'DateTime',
    nullable: true,
    description:
      'Until when a held connection can be confirmed, 15 minutes after it was made. Then the link is FAILED with NOT_CONFIRMED, and the connection is removed at the provider; where that is impossible, it is listed without an end user, for API keys only. Null if nothing is held.',
  }),
}))
