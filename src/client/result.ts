import type { ConnectLink, ConnectResult } from './types.ts'

const ended = ['COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED']

export const isEnded = ({ status }: Pick<ConnectLink, 'status'>): boolean => ended.includes(status)

/** The result of a link that has ended. */
export function resultOfEnded({ id, status, connection, lastFailure }: ConnectLink): ConnectResult {
  if (status === 'COMPLETED' && connection) return { status: 'completed', linkId: id, connection }
  const failure = status === 'FAILED' && lastFailure ? lastFailure : { code: status, message: null }
  return { status: 'failed', linkId: id, failure: { code: failure.code, message: failure.message } }
}

/** The result of an attempt after which the link is still open: how it failed, or that the end user left it. */
export function resultOfAttempt(link: ConnectLink, failure: ConnectLink['lastFailure']): ConnectResult {
  const { code, message } = failure ?? {
    code: isHandedOver(link) ? 'HANDED_OVER' : 'CANCELLED',
    message: null,
  }
  const isLeft = code === 'CANCELLED' || code === 'HANDED_OVER'
  return { status: isLeft ? 'cancelled' : 'failed', linkId: link.id, failure: { code, message } }
}

/** A colleague of the end user has the link. */
export const isHandedOver = ({ handOver }: ConnectLink): boolean =>
  handOver?.state === 'WAITING' || handOver?.state === 'OPENED'

export const failed = (linkId: string, code: string, message: string | null = null): ConnectResult => ({
  status: 'failed',
  linkId,
  failure: { code, message },
})
