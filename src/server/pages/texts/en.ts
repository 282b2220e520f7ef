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
    failure: {
      title: 'Something went wrong',
      text: 'This page cannot be shown at the moment. Try again in a minute.',
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
    footer: (names: Names): string => `Your password for ${names.connector} is not shown to ${app(names)}.`,
    providerLogin: ({ provider }: Names): string =>
      `Before you continue, make sure you are signed in to ${provider} as a member of the operator’s organization.`,
    continue: ({ provider }: Names): string => `Continue to ${provider}`,
    waiting: ({ provider }: Names): string => `Waiting for you to finish at ${provider}.`,
    newTab: ({ provider }: Names): string => `${provider} opens in a new tab.`,
    keepOpen: 'Keep this page open: it continues automatically when you are done.',
    whenDone: 'When you are done, come back to this page.',
    checkResult: 'Check the result',
    nameConnection: (name: string): string => `Name the connection “${name}”.`,
    shareConnection: 'Make it available to the whole organization.',
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
    suspended: {
      title: 'This cannot be connected right now',
      text: ({ connector }: Names): string =>
        `Connecting ${connector} is paused because of a problem with the service that it is connected through. Please try this address again later.`,
    },
    elsewhere: {
      title: 'You can close this window',
      text: ({ connector }: Names): string =>
        `The result is shown where you started to connect ${connector}.`,
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
  cancel: {
    button: 'Cancel',
    title: 'You have canceled',
    text: ({ connector }: Names): string =>
      `${connector} was not connected. You can try again with the same link until it expires.`,
  },
  handOver: {
    offer: 'I am not the administrator: pass this on to a colleague',
    title: 'Pass this on to a colleague',
    text: (names: Names): string =>
      `You get an address for the colleague who can connect ${names.connector}${target(names)}. You cannot connect it yourself meanwhile, but you can take it back.`,
    yourName: 'Your name, which your colleague sees (optional)',
    message: 'Message to your colleague (optional)',
    create: 'Create the address',
    back: 'Back',
    impossible: {
      title: 'This cannot be passed on',
      text: ({ connector }: Names): string =>
        `The link to connect ${connector} can only be used by yourself, or has been passed on too often.`,
    },
    waiting: 'Passed on to a colleague',
    send: ({ connector }: Names): string =>
      `Send this address to your colleague in a private message. Each person who has it can connect ${connector} for you. It is shown until your colleague opens it.`,
    hidden:
      'The address is shown only in the browser that created it. If you no longer have it, take the link back and pass it on again.',
    address: 'Address for your colleague',
    copy: 'Copy the address',
    copied: 'Copied',
    notOpened: 'Your colleague has not opened the address yet.',
    opened: ({ connector }: Names): string =>
      `Your colleague has opened the address and can now connect ${connector}.`,
    next: ({ connector }: Names): string =>
      `When ${connector} is connected, you see it on this page. You can still take the link back and connect it yourself.`,
    takeBack: 'Take it back',
    takenBack: 'You have taken the link back. The address of your colleague no longer works.',
    expired: 'The address of your colleague has expired. You can use the link yourself again.',
    declined: 'Your colleague declined. You can use the link yourself again.',
  },
  request: {
    title: (names: Names): string => `Connect ${names.connector} for ${names.endUser ?? 'a colleague'}`,
    text: (names: Names): string =>
      `${names.endUser ?? 'A colleague'} would like you to connect ${names.connector} to ${app(names)}, and will then be able to use the account there.`,
    message: 'Message from your colleague:',
    caution: 'Continue only if you know who sent you this address, and if you may connect this account.',
    declineHeading: 'I do not want to connect this',
    reason: 'Reason, which your colleague sees (optional)',
    decline: 'Decline',
    declined: {
      title: 'You have declined',
      text: ({ connector }: Names): string =>
        `${connector} was not connected. Your colleague is informed. You can close this window.`,
    },
    withdrawn: {
      title: 'This address no longer works',
      text: ({ connector }: Names): string =>
        `The request to connect ${connector} was taken back or declined, or has expired. You can close this window.`,
    },
    connected: (names: Names): string =>
      `${names.connector} is connected to ${app(names)} for ${names.endUser ?? 'your colleague'}. You can close this window.`,
    toBeConfirmed: (names: Names): string =>
      `Your colleague has to confirm in ${app(names)} that ${names.connector} is connected. You can close this window.`,
  },
}

export type Texts = typeof en
