import type { ConnectionStatus, Direction, FailureCode } from '../../../domain/statuses.ts'
import type { ApplicationName } from '../../pages/names.ts'

const app = ({ application }: ApplicationName) => application ?? 'the application'

/** The English texts of the portal; those of other languages have the same keys. */
export const en = {
  nav: {
    label: 'Portal',
    connect: 'Applications',
    connections: 'My connections',
  },
  search: {
    title: ({ application }: ApplicationName): string =>
      application === null ? 'Connect an application' : `Connect an application to ${application}`,
    label: 'Search applications',
    category: 'Category',
    allCategories: 'All categories',
    submit: 'Search',
    recent: 'Recently used',
    results: 'Applications',
    count: (count: string): string => (count === '1' ? '1 application' : `${count} applications`),
    none: (query: string): string => `No application matches “${query}”.`,
    noneHint: 'Check the spelling, or search for the name of the vendor.',
    noneAtAll: 'There is no application to connect.',
    more: 'Next page',
    all: 'Show all applications',
    keys: 'Press / to search, and the arrow keys to move through the list.',
  },
  application: {
    title: (name: string, { application }: ApplicationName): string =>
      application === null ? `Connect ${name}` : `Connect ${name} to ${application}`,
    next: (application: string): string =>
      `You continue to the page on which you sign in to ${application} and allow the access.`,
    newTab: 'It opens in a new tab.',
    keepOpen: 'Keep this page open: it continues when you are done.',
    already: (application: string): string => `You have connected ${application} already.`,
    another: 'Connect another account',
    direction: 'What do you want to do?',
    directions: {
      SOURCE: (application: string): string => `Read data from ${application}`,
      DESTINATION: (application: string): string => `Write data to ${application}`,
      TOOL: (application: string): string => `Use ${application} in automations`,
    } satisfies Record<Direction, (application: string) => string>,
    submit: (application: string): string => `Connect ${application}`,
    waiting: 'Waiting for you to finish in the other tab.',
    waitingTitle: (application: string): string => `Finish connecting ${application}`,
    open: 'Open the page again',
    unavailable: 'This application cannot be connected here',
    unavailableText: 'It does not exist, or it is not available to you.',
    other: 'Choose another application',
  },
  connections: {
    title: 'My connections',
    none: 'You have no connections yet.',
    noneLeft: 'You have no connections.',
    first: 'Connect an application',
    connectedAt: (date: string): string => `Connected on ${date}`,
    via: (provider: string): string => `with ${provider}`,
    ofOrganization: (organization: string): string => `Shared in ${organization}`,
    organization: 'your organization',
    statuses: {
      PENDING: 'Being set up',
      ACTIVE: 'Connected',
      NEEDS_ATTENTION: 'Needs attention',
      PAUSED: 'Paused',
      DISCONNECTED: 'Removed',
      UNKNOWN: 'Status unknown',
    } satisfies Record<ConnectionStatus, string>,
    problems: {
      NEEDS_REAUTH: 'The access has expired or was withdrawn. Reconnect the account.',
      NEEDS_CONFIG: 'Settings are missing. Reconnect the account to complete them.',
      REVOKED: 'The access was withdrawn. Reconnect the account.',
      DEGRADED: 'It does not work at the moment.',
    },
    reconnect: 'Reconnect',
    remove: 'Remove',
    nameOf: (action: string, connection: string): string => `${action}: ${connection}`,
    unfinished: 'Not finished',
    opened: (date: string): string => `Started on ${date}, and not completed yet`,
    failures: {
      ACCESS_DENIED: 'The last attempt failed: the access was not allowed.',
      AMBIGUOUS: 'The last attempt failed: it is not clear which account was connected.',
      CANCELLED: 'The last attempt was canceled.',
      DECLINED: 'Your colleague declined.',
      INVALID_CREDENTIALS: 'The last attempt failed: the credentials were not accepted.',
      NOT_CONFIRMED: 'The last attempt failed: it was not confirmed.',
      OTHER_CONNECTOR: 'The last attempt failed: an account of another application was connected.',
      REMOVED_AT_PROVIDER: 'The last attempt failed: it was removed at the provider.',
      SETUP_TEST_FAILED: 'The last attempt failed: the test of the connection did not succeed.',
      UNKNOWN: 'The last attempt failed.',
    } satisfies Record<FailureCode, string>,
    resume: 'Continue',
    cancel: 'Cancel',
    removed: (connection: string): string => `${connection} was removed.`,
    canceled: (application: string): string => `The attempt to connect ${application} was canceled.`,
    more: 'Next page',
    newest: 'Show the newest connections',
  },
  remove: {
    title: (connection: string): string => `Remove ${connection}?`,
    text: (names: ApplicationName): string =>
      `The account is disconnected, and ${app(names)} can no longer use it. This cannot be undone; you can connect the account again later.`,
    submit: 'Remove',
    keep: 'Keep it',
  },
  done: {
    completed: (application: string): string => `${application} is connected`,
    completedText: (application: string, names: ApplicationName): string =>
      `Your ${application} account is connected to ${app(names)}.`,
    reconnected: (application: string): string => `${application} is connected again`,
    pending: 'Almost there',
    pendingText: (application: string): string => `The connection to ${application} is still being set up.`,
    pendingLive: 'This page shows the result as soon as it is known.',
    pendingStatus: 'Waiting for confirmation.',
    check: 'Check the result',
    failed: (application: string): string => `${application} was not connected`,
    failedText: 'The access was not allowed, or something went wrong. You can try again.',
    expiredText: 'It took too long. You can try again.',
    revokedText: 'It was canceled. You can try again.',
    confirmText: (names: ApplicationName): string =>
      `Go back to ${app(names)} to finish: it has to confirm the connection.`,
    unknown: 'You are back',
    unknownText: (names: ApplicationName): string => `You see the result in ${app(names)}.`,
    retry: 'Try again',
    another: 'Connect another application',
    close: 'You can close this tab: the page from which you started shows the result too.',
  },
  ended: {
    expired: 'Your session has ended',
    expiredText: (names: ApplicationName): string =>
      `For your security this page works only for a limited time. Go back to ${app(names)} and open it again. What you have connected stays connected.`,
    revoked: 'This session was closed',
    revokedText: (names: ApplicationName): string =>
      `It was closed by ${app(names)}. If you still need this page, go back there and open it again.`,
    unknown: 'This address is not valid',
    unknownText: 'Part of it may be missing. Go back to the application and open the page again.',
  },
  errors: {
    tooManyLinks: 'Too many connections are not finished yet. Finish or cancel one of them first.',
    providerDown: (application: string): string =>
      `${application} cannot be connected at the moment: the service that makes the connection does not answer. Nothing was connected. Try again in a few minutes.`,
    rejected: (application: string): string =>
      `The service that makes the connection refused to connect ${application}. Nothing was connected.`,
    unsupported: (application: string): string => `${application} cannot be connected here.`,
    direction: 'Choose what you want to do.',
    settings: (application: string, names: ApplicationName): string =>
      `${application} needs settings that only ${app(names)} can give. Ask the people who operate it.`,
    inProgress: 'It is still being prepared. Wait a moment, then try again.',
    used: 'That attempt has ended. You can start again.',
    notRemoved: 'It could not be removed. Try again later.',
    notRemovable: 'It cannot be removed here.',
    notReconnectable: 'It cannot be reconnected here.',
    gone: 'It does not exist any more.',
    wait: (seconds: string): string => `Too many requests. Try again in ${seconds} seconds.`,
    busy: 'Too many requests',
    unavailable: 'This page is not available at the moment',
    unavailableText: 'Try again in a few moments.',
    forbidden: 'This is not possible in this session',
    forbiddenText: 'Go back and choose something else.',
    form: 'This form was not sent from this page',
    formText: 'Open the page again, and send it from there.',
  },
}

export type PortalTexts = typeof en
