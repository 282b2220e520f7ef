import { countIncrease, countRate, gauge, nodeMetric, quantile, rate, share } from './queries.ts'

interface Alert {
  readonly name: string
  readonly expression: string
  /** How long the expression has to hold. */
  readonly duration: string
  readonly severity: 'critical' | 'warning'
  /** May contain labels as Prometheus inserts them. */
  readonly summary: string
  /** What to look at first. */
  readonly runbook: string
}

const own = 'outcome=~"INTERNAL_SERVER_ERROR|SERVICE_UNAVAILABLE|TIMEOUT|HTTP_5.."'
const answered = 'type!="subscription"'

const alerts: readonly Alert[] = [
  {
    name: 'ConnectGatewayErrors',
    expression: `${share(countRate('request_duration_seconds', own), countRate('request_duration_seconds'))} > 0.02`,
    duration: '10m',
    severity: 'critical',
    summary: 'More than 2 % of the GraphQL requests fail because of the gateway.',
    runbook:
      'Find the outcome in the dashboard: SERVICE_UNAVAILABLE is the database or MAX_IN_FLIGHT, INTERNAL_SERVER_ERROR has a line with its stack in the log.',
  },
  {
    name: 'ConnectGatewaySlow',
    expression: `${quantile(0.95, 'request_duration_seconds', { labels: answered })} > 5`,
    duration: '15m',
    severity: 'warning',
    summary: 'One in twenty GraphQL requests takes longer than 5 seconds.',
    runbook:
      'Compare the duration of provider calls, the callers that wait for the database, and the delay of the event loop.',
  },
  {
    name: 'ConnectGatewayProviderFails',
    expression: `${share(countRate('provider_call_duration_seconds', 'outcome=~"PROVIDER_.*"'), countRate('provider_call_duration_seconds'), ['provider'])} > 0.2`,
    duration: '10m',
    severity: 'warning',
    summary: 'More than 20 % of the calls to {{ $labels.provider }} fail.',
    runbook:
      'Read code and cause of the log lines "provider call failed": credentials, the network, or the status page of the provider.',
  },
  {
    name: 'ConnectGatewayCircuitOpen',
    expression: `max by (provider) (${gauge('circuit_state', 'state="OPEN"')}) == 1`,
    duration: '5m',
    severity: 'critical',
    summary: '{{ $labels.provider }} is not called: its circuit breaker stays open.',
    runbook:
      'Query Provider.lastFailure for the cause. The circuit breaker closes by itself when the provider works again.',
  },
  {
    name: 'ConnectGatewayCircuitUnstable',
    expression: `sum by (provider) (increase(${gauge('circuit_transitions_total', 'state="OPEN"')}[1h])) > 10`,
    duration: '5m',
    severity: 'warning',
    summary: 'The circuit breaker of {{ $labels.provider }} has opened more than ten times in an hour.',
    runbook:
      'The provider fails repeatedly: compare the outcomes of its calls, and its rate limits with the number of polls.',
  },
  {
    name: 'ConnectGatewayNoCompletions',
    expression: `sum(${countIncrease('link_completion_seconds', '6h')}) == 0 and sum(max by (provider, status) (${gauge('open_links')})) > 20`,
    duration: '30m',
    severity: 'warning',
    summary: 'No connect link was completed in six hours although more than 20 are open.',
    runbook:
      'Create a link and open it yourself: the page, the provider, the return to PUBLIC_URL, and the polls have to work.',
  },
  {
    name: 'ConnectGatewayLinksFail',
    expression: `max(${gauge('ended_links_last_hour', 'status="FAILED"')}) > 10`,
    duration: '5m',
    severity: 'warning',
    summary: 'More than ten connect links have failed in the last hour.',
    runbook: 'Read history and failure of connectLinks(filter: { statuses: [FAILED] }).',
  },
  {
    name: 'ConnectGatewayPollsFail',
    expression: `${share(rate('polls_total', 'outcome=~"failed|not_sent"'), rate('polls_total'), ['provider'])} > 0.5`,
    duration: '15m',
    severity: 'warning',
    summary: 'More than half of the polls of {{ $labels.provider }} fail: completed links are found late.',
    runbook:
      'Read the log lines "a link could not be checked", and look at the circuit breaker of the provider.',
  },
  {
    name: 'ConnectGatewayConnectionsOld',
    expression: `max by (provider) (${gauge('sync_age_seconds', 'list="connections"')}) > 3600`,
    duration: '15m',
    severity: 'warning',
    summary: 'The connections of {{ $labels.provider }} have not been read completely for more than an hour.',
    runbook: 'Query syncStatus of the list of connections: it has the error of the last sync.',
  },
  {
    name: 'ConnectGatewayConnectorsOld',
    expression: `max by (provider) (${gauge('sync_age_seconds', 'list="connectors"')}) > 172800`,
    duration: '1h',
    severity: 'warning',
    summary: 'The catalogue of {{ $labels.provider }} has not been read completely for more than two days.',
    runbook: 'Query syncStatus of the list of connectors: it has the error of the last sync.',
  },
  {
    name: 'ConnectGatewayQueueLong',
    expression: `max by (queue) (${gauge('queued')}) > 1000`,
    duration: '15m',
    severity: 'warning',
    summary: 'More than 1000 webhooks wait ({{ $labels.queue }}).',
    runbook:
      'webhooks_out: an endpoint of the application does not answer, see lastError of its messages. webhooks_in: the provider cannot be read.',
  },
  {
    name: 'ConnectGatewayWebhooksFail',
    expression: `${share(countRate('webhook_attempt_duration_seconds', 'outcome="failed"'), countRate('webhook_attempt_duration_seconds'))} > 0.5`,
    duration: '15m',
    severity: 'warning',
    summary: 'More than half of the attempts to send webhooks to the application fail.',
    runbook: 'Read status and error of the log lines "a webhook could not be delivered".',
  },
  {
    name: 'ConnectGatewayDatabaseBusy',
    expression: `min_over_time(${gauge('database_connections', 'state="waiting"')}[5m]) > 0`,
    duration: '5m',
    severity: 'warning',
    summary: 'Requests wait for a database connection of {{ $labels.instance }}.',
    runbook:
      'Look for slow statements and locks in PostgreSQL; else add gateways or WORKERS, each with 11 connections.',
  },
  {
    name: 'ConnectGatewayEventLoopSlow',
    expression: `max by (instance) (${nodeMetric('nodejs_eventloop_lag_p99_seconds')}) > 0.5`,
    duration: '10m',
    severity: 'warning',
    summary: 'The event loop of {{ $labels.instance }} is delayed by more than half a second.',
    runbook: 'The process has too little processor time: add WORKERS or gateways, or lower MAX_IN_FLIGHT.',
  },
]

/** A string of JSON is one of YAML. */
const quoted = (text: string) => JSON.stringify(text)

const toYaml = ({ name, expression, duration, severity, summary, runbook }: Alert) => `      - alert: ${name}
        expr: ${quoted(expression)}
        for: ${duration}
        labels:
          severity: ${severity}
        annotations:
          summary: ${quoted(summary)}
          runbook: ${quoted(runbook)}`

/** Alerting rules for Prometheus as YAML. */
export const alertingRules = (): string => `groups:
  - name: connect-gateway
    rules:
${alerts.map(toYaml).join('\n')}`
