import { GraphQLError } from 'graphql'
import type { GraphQLContext } from './context.ts'

/** Revoked credentials end the event streams of their caller within this time. */
const checkIntervalMs = 2_000
/** `setTimeout` fires at once for a longer delay. */
const maxDelayMs = 2 ** 31 - 1

/**
 * `ended` aborts when the credentials of the request expire or are found revoked, or when that cannot be determined.
 * Its reason is the error with which the stream has to end. `stop` ends the watch.
 */
export function watchCredentials({ viewer, connect, isAuthenticated }: GraphQLContext): {
  readonly ended: AbortSignal
  stop(): void
} {
  const controller = new AbortController()
  const end = () => controller.abort(credentialsEnded())
  const check = () =>
    isAuthenticated().then(
      (isValid) => isValid || end(),
      (error: unknown) => controller.abort(error),
    )
  const interval = setInterval(check, checkIntervalMs).unref()
  // Not AbortSignal.timeout: Node 20 collects one that only AbortSignal.any refers to, and it never fires.
  const delay = viewer.expiresAt === null ? maxDelayMs : viewer.expiresAt.getTime() - connect.now().getTime()
  const timer = delay < maxDelayMs ? setTimeout(end, Math.max(0, delay)).unref() : undefined
  return {
    ended: controller.signal,
    stop() {
      clearInterval(interval)
      clearTimeout(timer)
    },
  }
}

const credentialsEnded = () =>
  new GraphQLError('The session has ended, or the API key is revoked or expired.', {
    extensions: { code: 'UNAUTHENTICATED' },
  })
