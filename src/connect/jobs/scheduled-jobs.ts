import { sealAuditEvents } from '../../store/audit-chain.ts'
import type { ConnectContext } from '../context.ts'
import type { WebhookSender } from '../outgoing-webhooks/webhook-sender.ts'
import type { Poller } from './poll-links.ts'
import { applyRetention } from './retention.ts'

const intervalMs = 60_000
/** By this time gateways know late what callers have used at the others, and events of the audit log have no hash. */
const shortIntervalMs = 1_000

/** Stops jobs; work that is already running continues. */
export type StopJobs = () => void

/** Starts what each process does for itself: every 60 s it loads lists that others have synced, every second it shares rate limits. */
export function startOwnJobs(connect: ConnectContext): StopJobs {
  const { catalogue, rateLimiter } = connect
  return startTimers(connect, [
    [intervalMs, 'load connectors', catalogue.load],
    [shortIntervalMs, 'share rate limits', () => rateLimiter.share()],
  ])
}

/**
 * Starts what one process does for all on its machine: the poller, every 60 s a sync of outdated lists and the deletion of
 * expired data, and every second the hashing of audit events. Webhooks are sent when they are queued, and retried within a second of the time
 * at which they are due.
 */
export function startSharedJobs(
  connect: ConnectContext,
  { poller, webhooks }: { readonly poller: Poller; readonly webhooks: WebhookSender },
): StopJobs {
  const { connectorSyncs, connectionSyncs, db, events } = connect
  events.onWebhooksQueued(() => connect.background('send webhooks', webhooks.sendDue()))
  const stopTimers = startTimers(connect, [
    [intervalMs, 'sync connectors', () => connectorSyncs.startDue()],
    [intervalMs, 'sync connections', () => connectionSyncs.startDue()],
    [intervalMs, 'apply retention', () => applyRetention(connect)],
    [shortIntervalMs, 'seal audit events', () => sealAuditEvents(db)],
    [shortIntervalMs, 'send webhooks', webhooks.sendDue],
  ])
  poller.start()
  return () => {
    stopTimers()
    poller.stop()
  }
}

type Job = readonly [intervalMs: number, name: string, run: () => Promise<void>]

/** A job that still runs is not started again: while the database hangs, its connections would be missing for requests. */
function startTimers({ background }: ConnectContext, jobs: readonly Job[]): StopJobs {
  const timers = jobs.map(([ms, name, run]) => {
    let isRunning = false
    return setInterval(() => {
      if (isRunning) return
      isRunning = true
      background(
        name,
        run().finally(() => {
          isRunning = false
        }),
      )
    }, ms).unref()
  })
  return () => timers.forEach(clearInterval)
}
