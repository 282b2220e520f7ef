import type { IncomingMessage } from 'node:http'

/**
 * Pages below that of a link, which change it when a form is submitted to them; "page" is that of the link itself, which does
 * not lead to the provider there.
 */
export const linkActions = ['page', 'hand-over', 'take-back', 'cancel', 'decline'] as const
export type LinkAction = (typeof linkActions)[number]

/** The path of the page of a link, relative to the page that is requested: that page, or one below it. */
export function relativeAddress({ url = '' }: IncomingMessage, token: string): string {
  const [path = ''] = url.split('?')
  return /^\/connect\/[^/]+\//.test(path) ? `../${token}` : token
}
