import { GraphQLError } from 'graphql'
import { unlessAborted, whenAvailable } from '../connect/util/when-available.ts'
import type { GraphQLContext } from './context.ts'

/** Revoked credentials end the event streams of their caller within this time. */
const checkIntervalMs = 2_000
/** `setTimeout` fires at once for a longer delay. */
const maxDelayMs = 2 ** 31 - 1

export interface WatchedCredentials {
  /** Aborts when they expire or are found revoked. Its reason is the error with which the stream has to end. */
  readonly ended: AbortSignal
  /** Resolves when the last check could be made, or when `ended` aborts: nothing is sent without that. */
  confirmed(): Promise<void>
  /** Ends the watch. */
  stop(): void
}

export function watchCredentials({ viewer, connect, isAuthenticated }: GraphQLContext): WatchedCredentials {
  const controller = new AbortController()
  const end = () => controller.abort(credentialsEnded())
  let checking: Promise<void> | null = null
  function check(): void {
    checking ??= whenAvailable(isAuthenticated, controller.signal)
      .then(
        (isValid) => isValid || end(),
        (error: unknown) => controller.abort(error),
      )
      .then(() => {
        checking = null
      })
  }
  const interval = setInterval(check, checkIntervalMs).unref()
  // Not AbortSignal.timeout: Node 20 collects one that only AbortSignal.any refers to, and it never fires.
  const delay = viewer.expiresAt === null ? maxDelayMs : viewer.expiresAt.getTime() - connect.now().getTime()
  const timer = delay < maxDelayMs ? setTimeout(end, Math.max(0, delay)).unref() : undefined
  return {
    ended: controller.signal,
    async confirmed() {
      if (checking) await unlessAborted(checking, controller.signal)
    },
    stop() {
      clearInterval(interval)
      clearTimeout(timer)
      controller.abort()
    },
  }
}

const credentialsEnded = () =>
  new GraphQLError('The session has ended, or the API key is revoked or expired.', {
    extensions: { code: 'UNAUTHENTICATED' },
  })
