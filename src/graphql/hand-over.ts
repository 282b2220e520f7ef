import { handOverProblem, handOverStateOf } from '../connect/links/hand-over-state.ts'
import { linkUrl } from '../connect/links/link-url.ts'
import type { HandOverState } from '../domain/statuses.ts'
import type { LinkHandOverRow } from '../store/schema.ts'
import { builder } from './builder.ts'
import { ConnectLinkType } from './connect-link.ts'
import type { Values } from './enums.ts'

const stateValues: Values<HandOverState> = {
  WAITING: { description: 'The colleague has not opened the address yet.' },
  OPENED: { description: 'The colleague has opened the address.' },
  DECLINED: { description: 'The colleague declined: the link is with its end user again.' },
  TAKEN_BACK: { description: 'The link was taken back: it is with its end user again.' },
  EXPIRED: { description: "The colleague's address has expired: the link is with its end user again." },
}

const HandOverStateEnum = builder.enumType('HandOverState', {
  description:
    'How a hand-over of a connect link stands. Whether the colleague connected is `ConnectLink.status`.',
  values: stateValues,
})

export const HandOverType = builder.objectRef<LinkHandOverRow>('ConnectLinkHandOver').implement({
  description:
    "A connect link that its end user has passed on to a colleague. The colleague's address is not readable here: `handOverConnectLink` and the gateway's page answer it once.",
  fields: (t) => ({
    state: t.field({
      type: HandOverStateEnum,
      description: 'How the hand-over stands.',
      resolve: (handOver, _, { connect }) => handOverStateOf(handOver, connect.now()),
    }),
    requesterName: t.exposeString('requesterName', {
      nullable: true,
      description:
        'Name that the end user gave; null if none. The colleague sees it only if the link has neither a name nor an email address of its end user.',
    }),
    message: t.exposeString('message', {
      nullable: true,
      description: 'Message to the colleague, as plain text on one line; null if there is none.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the link was handed over.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: "When the colleague's address expires; null if it does not expire.",
    }),
    openedAt: t.expose('openedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the colleague first opened the address; null before.',
    }),
    declineReason: t.exposeString('declineReason', {
      nullable: true,
      description: 'Why the colleague declined, as plain text on one line; null if no reason was given.',
    }),
  }),
})

builder.objectFields(ConnectLinkType, (t) => ({
  handOver: t.field({
    type: HandOverType,
    nullable: true,
    description:
      'The latest hand-over of the link to a colleague, as it stands now; null if it was not handed over.',
    resolve: (link, _, { handOvers }) => handOvers.load(link.id),
  }),
  handOverPageUrl: t.field({
    type: 'URL',
    nullable: true,
    description:
      'The gateway\'s page at which the end user passes the link on to a colleague, for a link "I am not the administrator" of the application: `url` leads to the provider at once where that redirects back. Null if the link cannot be handed over: it has ended, is held, or has the guard SAME_BROWSER.',
    resolve: (link, _, { connect }) => {
      const url = handOverProblem(link, connect.now()) === null ? linkUrl(link, connect) : null
      return url === null ? null : `${url}/hand-over`
    },
  }),
}))
