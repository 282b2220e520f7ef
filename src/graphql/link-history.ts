import type { LinkSnapshot } from '../connect/links/watch-links.ts'
import type { FailureCode, LinkFailure } from '../domain/statuses.ts'
import type { ConnectLinkRow, LinkTransitionRow } from '../store/schema.ts'
import { builder } from './builder.ts'
import type { GraphQLContext } from './context.ts'
import { LinkStatusEnum, TransitionSourceEnum, type Values } from './enums.ts'

const failureCodeValues: Values<FailureCode> = {
  ACCESS_DENIED: { description: 'The end user or the application refused access.' },
  INVALID_CREDENTIALS: { description: 'The application did not accept the credentials.' },
  SETUP_TEST_FAILED: { description: 'The provider tested the connection, and a test failed.' },
  CANCELLED: {
    description:
      "The end user canceled the attempt: at the provider, on the gateway's page or by `cancelConnectLinkAttempt`.",
  },
  DECLINED: {
    description:
      'The colleague whom the link was handed over to declined; `message` is the reason that the colleague gave, as plain text. The link is with the end user again.',
  },
  AMBIGUOUS: {
    description:
      'Several new connections may be the one that was made through the link. They are listed without an end user; an API key can assign them.',
  },
  OTHER_CONNECTOR: {
    description:
      "An account of another connector than that of the link was connected, such as after a change of the address of the provider's page. It does not belong to the end user: it is removed at the provider, or listed without an end user.",
  },
  REMOVED_AT_PROVIDER: {
    description: 'The connect link or its connection was deleted at the provider.',
  },
  NOT_CONFIRMED: {
    description:
      'The connection was made, but not confirmed as the `guard` of the link requires: in time, or within five codes. It was removed.',
  },
  UNKNOWN: { description: 'The provider did not report a reason that the gateway knows.' },
}

export const FailureCodeEnum = builder.enumType('FailureCode', {
  description: 'Why an attempt to connect failed.',
  values: failureCodeValues,
})

interface LinkFailureEntry extends LinkFailure {
  readonly at: Date
}

export const LinkFailureType = builder.objectRef<LinkFailureEntry>('LinkFailure').implement({
  description: 'A failed attempt to connect. The link stays open unless a success has become impossible.',
  fields: (t) => ({
    code: t.expose('code', { type: FailureCodeEnum, description: 'Why the attempt failed, for programs.' }),
    message: t.exposeString('message', {
      nullable: true,
      description:
        'Why the attempt failed, for people, in the words of the provider or (DECLINED) of the colleague; null if there are none.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When the gateway learned of the failure.' }),
  }),
})

export const toFailure = ({ failureCode, failureMessage, at }: LinkTransitionRow): LinkFailureEntry | null =>
  failureCode === null ? null : { code: failureCode, message: failureMessage, at }

export const LinkTransitionType = builder.objectRef<LinkTransitionRow>('LinkTransition').implement({
  description:
    'A status change of a connect link; or a failed attempt, another opening or a step of a hand-over, which may leave the status unchanged.',
  fields: (t) => ({
    from: t.expose('fromStatus', {
      type: LinkStatusEnum,
      nullable: true,
      description: 'Status before the change; null for the first entry.',
    }),
    to: t.expose('toStatus', { type: LinkStatusEnum, description: 'Status after the change.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When the status changed.' }),
    source: t.expose('source', { type: TransitionSourceEnum, description: 'What caused the change.' }),
    reason: t.exposeString('reason', {
      nullable: true,
      description:
        'Machine-readable reason, such as "REUSED", "REOPENED" (opened for another attempt), "HANDED_OVER" (passed on to a colleague), "OPENED_BY_COLLEAGUE" (who has not continued yet), "TAKEN_BACK" (from the colleague) or "AWAITING_CONFIRMATION" (the connection is held back); of a failed attempt, its code; null if there is none.',
    }),
    failure: t.field({
      type: LinkFailureType,
      nullable: true,
      description: 'The failed attempt that the entry records; null if it records none.',
      resolve: toFailure,
    }),
  }),
})

/** The history of a link; of a snapshot, up to its entry. */
export async function historyOf(
  link: ConnectLinkRow | LinkSnapshot,
  { histories }: GraphQLContext,
): Promise<readonly LinkTransitionRow[]> {
  if (!('history' in link)) return histories.load(link.id)
  return link.history.filter(({ number }) => number <= link.historyNumber)
}
