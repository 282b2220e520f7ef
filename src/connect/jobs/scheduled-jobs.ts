import type { ConnectContext } from '../context.ts'
import type { Poller } from './poll-links.ts'
import { applyRetention } from './retention.ts'

const intervalMs = 60_000
/** By this time gateways know late what callers have used at the others. */
const shareIntervalMs = 1_000

/**
 * Starts the poller, every 60 s a sync of outdated lists and the deletion of expired data, and every second
 * an exchange of rate limits. Returns a function that
 * stops both; work that is already running continues.
 */
export function startScheduledJobs(connect: ConnectContext, poller: Poller): () => void {
  const { catalogue, connectorSyncs, connectionSyncs, rateLimiter, background } = connect
  const timer = setInterval(() => {
    background('sync connectors', connectorSyncs.startDue().then(catalogue.load))
    background('sync connections', connectionSyncs.startDue())
    background('apply retention', applyRetention(connect))
  }, intervalMs).unref()
  const sharing = setInterval(
    () => background('share rate limits', rateLimiter.share()),
    shareIntervalMs,
  ).unref()
  poller.start()
  return () => {
    clearInterval(timer)
    clearInterval(sharing)
    poller.stop()
  }
}
