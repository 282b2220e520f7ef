import { createPoster, type Poster, type PostResult } from '../../http/post-publicly.ts'
import type { WebhookEndpointRow, WebhookMessageRow } from '../../store/schema.ts'
import { disableEndpoint, findEndpoints, recordOutcome } from '../../store/webhook-endpoints.ts'
import { claimMessages, recordAttempt } from '../../store/webhook-messages.ts'
import type { ConnectContext } from '../context.ts'
import { messageBody } from './message-body.ts'
import { nextAttemptAt } from './retry-schedule.ts'
import { signedHeaders } from './sign-message.ts'
import { traceAttempt } from './trace-attempt.ts'

/** Sends the queued messages. Several gateways share the work. */
export interface WebhookSender {
  /** Sends what is due; returns when no more can be claimed at the moment, not when all is sent. */
  sendDue(): Promise<void>
  /** Stops claiming messages. Attempts that have begun end within 15 seconds. */
  close(): Promise<void>
}

const timeoutMs = 15_000
/** A message whose attempt was not recorded, because the process was killed, is sent again after this time. */
const claimMs = 60_000
/** Messages that are under way to one endpoint at the same time. */
const places = 10
const placesWhileFailing = 2
/** An endpoint is disabled when a message to it has failed for good, and all others for this time. */
const failingMs = 24 * 3_600_000
const gone = 410

export function createWebhookSender(
  context: ConnectContext,
  options: { readonly allowPrivate: boolean; readonly trustedUrl?: string | null },
): WebhookSender {
  const { db, now } = context
  const poster = createPoster({ ...options, timeoutMs })
  const inFlight = new Map<string, number>()
  let isClaiming = false
  let isWanted = false
  let isClosed = false

  async function claimAll(): Promise<void> {
    do {
      isWanted = false
      const at = now()
      const until = new Date(at.getTime() + claimMs)
      const underWay = [...inFlight].map(([id, count]) => ({ id, count }))
      const messages = await claimMessages(db, { now: at, until, places, placesWhileFailing, underWay })
      const endpoints = await findEndpoints(db, [...new Set(messages.map(({ endpointId }) => endpointId))])
      for (const message of messages) {
        const endpoint = endpoints.find(({ id }) => id === message.endpointId)
        if (endpoint !== undefined) start(endpoint, message)
      }
      isWanted ||= messages.length > 0
    } while (isWanted && !isClosed)
  }

  function start(endpoint: WebhookEndpointRow, message: WebhookMessageRow): void {
    inFlight.set(endpoint.id, (inFlight.get(endpoint.id) ?? 0) + 1)
    const attempt = attemptMessage(context, { endpoint, message, poster }).finally(() => {
      const left = (inFlight.get(endpoint.id) ?? 1) - 1
      if (left > 0) inFlight.set(endpoint.id, left)
      else inFlight.delete(endpoint.id)
      // The next message about the same subject may be due.
      if (!isClosed) context.background('send webhooks', sendDue())
    })
    context.background('send a webhook', attempt)
  }

  async function sendDue(): Promise<void> {
    isWanted = true
    if (isClaiming || isClosed) return
    isClaiming = true
    try {
      await claimAll()
    } finally {
      isClaiming = false
    }
  }

  return {
    sendDue,
    async close() {
      isClosed = true
      await poster.close()
    },
  }
}

/** An attempt as any other: it is repeated, fails for good, and disables the endpoint. */
const cannotSign: PostResult = {
  isDelivered: false,
  status: null,
  error: 'the secret cannot be decrypted: rotate it',
}

interface Attempted {
  readonly endpoint: WebhookEndpointRow
  readonly message: WebhookMessageRow
  readonly poster: Poster
}

async function attemptMessage(context: ConnectContext, attempted: Attempted): Promise<void> {
  const { endpoint, message, poster } = attempted
  const { encryption, now, log } = context
  const startedAt = performance.now()
  const signed = signedMessage()
  const result =
    signed === null
      ? cannotSign
      : await traceAttempt(context, attempted, (trace) =>
          poster.post({ url: endpoint.url, ...signed, headers: { ...signed.headers, ...trace } }, now()),
        )
  const durationMs = Math.round(performance.now() - startedAt)
  await recordResult(context, attempted, { ...result, durationMs })

  /** `null`: the secret was encrypted with a key that is not configured any more. */
  function signedMessage() {
    try {
      const body = messageBody(message, endpoint.thin)
      return { body, headers: signedHeaders(encryption, endpoint, { id: message.id, body, now: now() }) }
    } catch (err) {
      log.debug({ err, endpointId: endpoint.id }, 'a webhook could not be signed')
      return null
    }
  }
}

async function recordResult(
  { db, now, log, metrics }: ConnectContext,
  { endpoint, message }: Attempted,
  { isDelivered, status, error, durationMs, ...result }: PostResult & { readonly durationMs: number },
): Promise<void> {
  const at = now()
  const nextAt = isDelivered
    ? null
    : nextAttemptAt(message, { now: at, retryAfterSeconds: result.retryAfterSeconds })
  const state = isDelivered ? 'DELIVERED' : nextAt === null ? 'FAILED' : 'PENDING'
  const outcome = { endpointId: endpoint.id, messageId: message.id, type: message.type, status, durationMs }
  metrics.webhook(isDelivered ? 'delivered' : 'failed', durationMs / 1_000)
  if (isDelivered) log.info(outcome, 'a webhook was delivered')
  else log.warn({ ...outcome, error, attempts: message.attempts, nextAt }, 'a webhook could not be delivered')
  await recordAttempt(db, message, { state, nextAttemptAt: nextAt, status, error, durationMs })
  await recordOutcome(db, endpoint.id, { isSuccess: isDelivered, at })
  const reason = status === gone ? 'GONE' : state === 'FAILED' && isFailing(endpoint, at) ? 'FAILING' : null
  if (reason !== null && (await disableEndpoint(db, endpoint.id, { reason, at })))
    log.error({ endpointId: endpoint.id, reason }, 'a webhook endpoint was disabled')
}

const isFailing = ({ failingSince }: WebhookEndpointRow, at: Date): boolean =>
  failingSince !== null && at.getTime() - failingSince.getTime() >= failingMs
