import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { ConnectContext } from '../connect/context.ts'
import type { Metrics } from '../domain/metrics.ts'
import type { OpenDatabase } from '../store/database.ts'
import { declared } from './metric-definitions.ts'
import { observeGateway } from './observe-gateway.ts'
import { type ProcessMetrics, type RenderedMetrics, render } from './render-metrics.ts'

export interface MetricsRegistry {
  readonly metrics: Metrics
  /** Adds what is read when the metrics are requested. */
  observe(connect: ConnectContext, database: Pick<OpenDatabase, 'connections'>): void
  render(): Promise<RenderedMetrics>
  read(): Promise<ProcessMetrics>
}

/** In seconds: from a read of the store to the deadline of an operation. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** In seconds: from an authorization that needs one click to the maximum lifetime of a link by default. */
const completionBuckets = [5, 15, 30, 60, 120, 300, 900, 3_600, 14_400, 86_400]

/** Gauges with the suffix of a counter, which tools report as errors. They are sums of others. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

/** The metrics of this process. */
export function createMetrics(): MetricsRegistry {
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register })
  for (const name of misnamed) register.removeSingleMetric(name)
  const requests = new Histogram({ ...declared('request_duration_seconds'), buckets, registers })
  const calls = new Histogram({ ...declared('provider_call_duration_seconds'), buckets, registers })
  const webhooks = new Histogram({ ...declared('webhook_attempt_duration_seconds'), buckets, registers })
  const completions = new Histogram({
    ...declared('link_completion_seconds'),
    ...{ buckets: completionBuckets, registers },
  })
  const polls = new Counter({ ...declared('polls_total'), registers })
  return {
    metrics: {
      request: (labels, seconds) => requests.observe({ ...labels }, seconds),
      providerCall: (labels, seconds) => calls.observe({ ...labels }, seconds),
      webhook: (outcome, seconds) => webhooks.observe({ outcome }, seconds),
      linkCompleted: (provider, seconds) => completions.observe({ provider }, seconds),
      poll: (provider, outcome) => polls.inc({ provider, outcome }),
    },
    observe: (connect, database) => observeGateway({ connect, database, registers }),
    render: () => render(register),
    read: () => register.getMetricsAsJSON(),
  }
}
