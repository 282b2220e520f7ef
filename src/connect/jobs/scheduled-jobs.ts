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
  const timer = setInterval(() => {
    background('sync connectors', connectorSyncs.startDue().then(catalogue.load))
    background('sync connections', connectionSyncs.startDue())
    background('apply retention', applyRetention(connect))
  }, intervalMs).unref()
  const everySecond = setInterval(() => {
    background('share rate limits', rateLimiter.share())
    background('seal audit events', sealAuditEvents(db))
  }, shortIntervalMs).unref()
  poller.start()
  return () => {
    clearInterval(timer)
    clearInterval(everySecond)
    poller.stop()
  }
}
