import type { ConnectContext } from '../context.ts'
import type { Poller } from './poll-links.ts'
import { applyRetention } from './retention.ts'

const intervalMs = 60_000

/**
 * Starts the poller, and every 60 s a sync of outdated lists and the deletion of expired data. Returns a function that
 * stops both; work that is already running continues.
 */
export function startScheduledJobs(connect: ConnectContext, poller: Poller): () => void {
  const { catalogue, connectorSyncs, connectionSyncs, background } = connect
  const timer = setInterval(() => {
    background('sync connectors', connectorSyncs.ensureFresh(0).then(catalogue.load))
    background('sync connections', connectionSyncs.ensureFresh(0))
    background('apply retention', applyRetention(connect))
  }, intervalMs).unref()
  poller.start()
  return () => {
    clearInterval(timer)
    poller.stop()
  }
}
