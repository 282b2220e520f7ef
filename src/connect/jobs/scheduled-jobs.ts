import { sealAuditEvents } from '../../store/audit-chain.ts'
import type { ConnectContext } from '../context.ts'
import type { Poller } from './poll-links.ts'
import { applyRetention } from './retention.ts'

const intervalMs = 60_000
/** By this time gateways know late what callers have used at the others, and events of the audit log have no hash. */
const shortIntervalMs = 1_000

/**
 * Starts the poller, every 60 s a sync of outdated lists and the deletion of expired data, and every second
 * an exchange of rate limits and the hashing of audit events. Returns a function that
 * stops both; work that is already running continues.
 */
export function startScheduledJobs(connect: ConnectContext, poller: Poller): () => void {
  const { catalogue, connectorSyncs, connectionSyncs, rateLimiter, background, db } = connect
  /** A job that still runs is not started again: while the database hangs, its connections would be missing for requests. */
  function every(ms: number, name: string, work: () => Promise<void>) {
    let isRunning = false
    return setInterval(() => {
      if (isRunning) return
      isRunning = true
      background(
        name,
        work().finally(() => {
          isRunning = false
        }),
      )
    }, ms).unref()
  }
  const timers = [
    every(intervalMs, 'sync connectors', () => connectorSyncs.startDue().then(catalogue.load)),
    every(intervalMs, 'sync connections', () => connectionSyncs.startDue()),
    every(intervalMs, 'apply retention', () => applyRetention(connect)),
    every(shortIntervalMs, 'share rate limits', () => rateLimiter.share()),
    every(shortIntervalMs, 'seal audit events', () => sealAuditEvents(db)),
  ]
  poller.start()
  return () => {
    for (const timer of timers) clearInterval(timer)
    poller.stop()
  }
}
