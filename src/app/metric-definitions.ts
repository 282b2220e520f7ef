/** The gateway's metrics without their prefix: what is exposed, documented, and used by the dashboard and the alerting rules. */
export const metricDefinitions = {
  request_duration_seconds: {
    help: 'GraphQL requests by operation, type, caller and outcome (OK or an error code).',
    labelNames: ['operation', 'type', 'caller', 'outcome'],
  },
  provider_call_duration_seconds: {
    help: 'Calls to providers by provider, purpose and outcome (OK or an error code), retries included.',
    labelNames: ['provider', 'purpose', 'outcome'],
  },
  webhook_attempt_duration_seconds: {
    help: 'Attempts to send webhooks to the application, by outcome (delivered, failed).',
    labelNames: ['outcome'],
  },
  link_completion_seconds: {
    help: 'Time from the creation of connect links to their completion by their end users.',
    labelNames: ['provider'],
  },
  polls_total: {
    help: 'Polled connect links by what was found: open, completed, candidates, ended, failed, not_sent.',
    labelNames: ['provider', 'outcome'],
  },
  circuit_state: {
    help: 'State of the circuit breaker of a provider account: 1 for the present state. SUSPENDED: by the operator, with reads stopped.',
    labelNames: ['provider', 'state'],
  },
  circuit_transitions_total: {
    help: 'Changes of circuit breakers to a state.',
    labelNames: ['provider', 'state'],
  },
  open_links: { help: 'Open connect links by provider and status.', labelNames: ['provider', 'status'] },
  ended_links_last_hour: {
    help: 'Connect links that ended in the last hour, by status.',
    labelNames: ['status'],
  },
  sync_age_seconds: {
    help: 'Age of the last complete sync, by provider and list.',
    labelNames: ['provider', 'list'],
  },
  queued: {
    help: 'Rows that wait: webhooks to the application, and of providers.',
    labelNames: ['queue'],
  },
  database_connections: {
    help: 'Connections to the database in use and idle, and callers that wait for one.',
    labelNames: ['state'],
  },
} as const satisfies Readonly<
  Record<string, { readonly help: string; readonly labelNames: readonly string[] }>
>

export type MetricKey = keyof typeof metricDefinitions

export const metricName = (key: MetricKey): string => `connect_gateway_${key}`

/** A metric as prom-client declares it. */
export const declared = <Key extends MetricKey>(key: Key) => ({
  name: metricName(key),
  help: metricDefinitions[key].help,
  labelNames: [
    ...metricDefinitions[key].labelNames,
  ] as (typeof metricDefinitions)[Key]['labelNames'][number][],
})

/** Metrics of Node.js that the dashboard and the alerting rules use. */
export type NodeMetric =
  | 'nodejs_eventloop_lag_p99_seconds'
  | 'process_cpu_seconds_total'
  | 'process_resident_memory_bytes'
