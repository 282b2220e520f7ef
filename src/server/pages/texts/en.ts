import type { ApplicationName, Names } from '../names.ts'

const app = ({ application }: ApplicationName) => application ?? 'the application'
const as = ({ endUser }: Names) => (endUser === null ? '' : ` as ${endUser}`)
const target = (names: Names) =>
  names.application === null ? as(names) : ` to ${names.application}${as(names)}`

/** The English texts; those of other languages have the same keys and names. */
export const en = {
  page: {
    footer: ({ application }: ApplicationName): string =>
      application === null
        ? 'This page connects your accounts at other services.'
        : `This page connects your accounts at other services to ${application}.`,
    support: 'Help',
    privacy: 'Privacy',
    back: (names: ApplicationName): string => `Back to ${app(names)}`,
    moment: 'One moment',
    continue: 'Continue',
    openToContinue: 'Open this page to see the result.',
    reload: 'Reload this page to see the result.',
  },
  error: {
    notFound: { title: 'Page not found', text: 'There is no page at this address.' },
    unknownLink: {
      title: 'This link does not exist',
      text: 'Part of the link may be missing. Open it again from where you received it, or request a new one.',
    },
    tooManyRequests: {
      title: 'Too many requests',
      text: 'Many requests have come from your network. Wait a minute, then reload this page.',
    },
  },
  link: {
    connect: (names: Names): string => `Connect ${names.connector}${target(names)}`,
    reconnect: (names: Names): string => `Reconnect ${names.connector}${target(names)}`,
    via: ({ provider }: Names): string => `with ${provider}`,
    footer: (names: Names): string =>
      `You sign in at ${names.provider}. Your password is not shown to ${app(names)}.`,
    providerLogin: ({ provider }: Names): string =>
      `Before you continue, make sure you are signed in to ${provider} as a member of the operator’s organization.`,
    continue: ({ provider }: Names): string => `Continue to ${provider}`,
    waiting: ({ provider }: Names): string => `Waiting for you to finish at ${provider}.`,
    newTab: ({ provider }: Names): string =>
      `${provider} opens in a new tab. Keep this page open: it continues automatically when you are done.`,
    whenDone: 'When you are done, come back to this page.',
    checkResult: 'Check the result',
  },
  result: {
    connected: {
      title: 'Connected',
      text: (names: Names): string =>
        `Your ${names.connector} account is connected${target(names)}. You can close this window and go back to ${app(names)}.`,
    },
    used: {
      title: 'Already connected',
      text: ({ connector }: Names): string =>
        `${connector} has already been connected with this link. You can close this window.`,
    },
    expired: {
      title: 'This link has expired',
      text: (names: Names): string =>
        `${names.connector} was not connected. Go back to ${app(names)} and request a new link.`,
    },
    revoked: {
      title: 'This link was canceled',
      text: (names: Names): string =>
        `It was canceled in ${app(names)}. If you still want to connect ${names.connector}, go back to ${app(names)} and request a new link.`,
    },
    superseded: {
      title: 'There is a newer link',
      text: ({ connector }: Names): string =>
        `This link to connect ${connector} has been replaced. Use the most recent link that you received.`,
    },
    failed: {
      title: 'Connection failed',
      text: (names: Names): string =>
        `${names.connector} could not be connected. Go back to ${app(names)} and try again with a new link.`,
    },
  },
  pending: {
    title: 'Almost there',
    text: (names: Names): string =>
      `${names.provider} is still setting up the connection of ${names.connector}${target(names)}.`,
    keepOpen: 'Keep this window open until it is finished.',
    mayClose: 'You can close this window: the result is not lost.',
    status: ({ provider }: Names): string => `Waiting for ${provider} to confirm.`,
  },
  denied: {
    title: 'Nothing was connected',
    text: ({ provider, connector }: Names): string =>
      `${provider} reported no connection of ${connector}. You can try again with the same link.`,
    tryAgain: 'Try again',
  },
  held: {
    code: {
      title: 'Enter this code',
      heading: (names: Names): string => `Enter this code in ${app(names)}`,
      text: (names: Names): string =>
        `Your ${names.connector} account is not connected to ${app(names)}${as(names)} yet. Go back to ${app(names)} and enter the code there within 15 minutes.`,
      status: 'Waiting for the code.',
      warning: (names: Names): string =>
        `Enter the code only if you use ${app(names)}${as(names)} yourself. Never give it to another person: that person would get access to your account.`,
    },
    refused: {
      title: 'This could not be confirmed',
      text: (names: Names): string =>
        `The link was used in more than one browser, so it is not certain whose account it is. ${names.connector} was not connected. Go back to ${app(names)}, request a new link and open it in one browser only.`,
    },
    elsewhere: {
      title: 'Almost done',
      enterCode: (names: ApplicationName): string =>
        `Enter the code in ${app(names)} that is shown in the browser in which you finished.`,
      goBack: (names: ApplicationName): string => `Go back to ${app(names)} to finish.`,
    },
    retry: ({ provider }: Names): string => `${provider} does not answer yet. This page tries again.`,
  },
}

export type Texts = typeof en
