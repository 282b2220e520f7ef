import type { WebhookMessageRow } from '../../store/schema.ts'

/** Delays in seconds after each failed attempt: 12 attempts in about 30 hours. */
const delaysSeconds = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 21_600, 28_800, 28_800] as const

/** Delays vary by so much, so that receivers do not get all of their messages at the same time. */
const jitter = 0.2
/** A receiver can delay the next attempt by `Retry-After` for this time at most. */
const maxRetryAfterSeconds = 28_800

export const maxAttempts = delaysSeconds.length + 1

/** When a message is sent again after its last attempt failed; `null`: there are no more attempts. */
export function nextAttemptAt(
  { attempts }: Pick<WebhookMessageRow, 'attempts'>,
  {
    now,
    retryAfterSeconds = 0,
    random = Math.random,
  }: {
    readonly now: Date
    readonly retryAfterSeconds?: number | undefined
    readonly random?: () => number
  },
): Date | null {
  const delay = delaysSeconds[attempts - 1]
  if (delay === undefined) return null
  const varied = delay * (1 - jitter + 2 * jitter * random())
  const seconds = Math.max(varied, Math.min(retryAfterSeconds, maxRetryAfterSeconds))
  return new Date(now.getTime() + seconds * 1_000)
}
