import { countRate, gauge, nodeMetric, quantile, rate } from './queries.ts'

interface Panel {
  readonly title: string
  /** Of Grafana. */
  readonly unit: string
  /** PromQL by the legend of its series. */
  readonly queries: Readonly<Record<string, string>>
}

const panels: readonly Panel[] = [
  {
    title: 'Requests by outcome',
    unit: 'reqps',
    queries: { '{{outcome}}': `sum by (outcome) (${countRate('request_duration_seconds')})` },
  },
  {
    title: 'Duration of requests (95 %)',
    unit: 's',
    queries: { '{{operation}}': quantile(0.95, 'request_duration_seconds', { by: ['operation'] }) },
  },
  {
    title: 'Provider calls by outcome',
    unit: 'reqps',
    queries: {
      '{{provider}} {{outcome}}': `sum by (provider, outcome) (${countRate('provider_call_duration_seconds')})`,
    },
  },
  {
    title: 'Duration of provider calls (95 %)',
    unit: 's',
    queries: { '{{provider}}': quantile(0.95, 'provider_call_duration_seconds', { by: ['provider'] }) },
  },
  {
    title: 'Circuit breakers that are not closed',
    unit: 'none',
    queries: {
      '{{provider}} {{state}}': `max by (provider, state) (${gauge('circuit_state', 'state!="CLOSED"')})`,
    },
  },
  {
    title: 'Circuit breakers that opened, per second',
    unit: 'none',
    queries: { '{{provider}}': `sum by (provider) (${rate('circuit_transitions_total', 'state="OPEN"')})` },
  },
  {
    title: 'Open connect links',
    unit: 'none',
    queries: { '{{provider}} {{status}}': `max by (provider, status) (${gauge('open_links')})` },
  },
  {
    title: 'Connect links that ended in the last hour',
    unit: 'none',
    queries: { '{{status}}': `max by (status) (${gauge('ended_links_last_hour')})` },
  },
  {
    title: 'Time from created to completed',
    unit: 's',
    queries: {
      median: quantile(0.5, 'link_completion_seconds', { range: '1h' }),
      '95 %': quantile(0.95, 'link_completion_seconds', { range: '1h' }),
    },
  },
  {
    title: 'Polled connect links',
    unit: 'reqps',
    queries: { '{{provider}} {{outcome}}': `sum by (provider, outcome) (${rate('polls_total')})` },
  },
  {
    title: 'Age of the last complete sync',
    unit: 's',
    queries: { '{{provider}} {{list}}': `max by (provider, list) (${gauge('sync_age_seconds')})` },
  },
  {
    title: 'Webhooks that wait',
    unit: 'none',
    queries: { '{{queue}}': `max by (queue) (${gauge('queued')})` },
  },
  {
    title: 'Attempts to send webhooks',
    unit: 'reqps',
    queries: { '{{outcome}}': `sum by (outcome) (${countRate('webhook_attempt_duration_seconds')})` },
  },
  {
    title: 'Database connections',
    unit: 'none',
    queries: { '{{instance}} {{state}}': `sum by (instance, state) (${gauge('database_connections')})` },
  },
  {
    title: 'Delay of the event loop (99 %)',
    unit: 's',
    queries: { '{{instance}}': `max by (instance) (${nodeMetric('nodejs_eventloop_lag_p99_seconds')})` },
  },
  {
    title: 'Memory',
    unit: 'bytes',
    queries: { '{{instance}}': `sum by (instance) (${nodeMetric('process_resident_memory_bytes')})` },
  },
  {
    title: 'Processor time',
    unit: 'percentunit',
    queries: { '{{instance}}': `sum by (instance) (rate(${nodeMetric('process_cpu_seconds_total')}[5m]))` },
  },
]

const datasource = { type: 'prometheus', uid: '$datasource' }
const size = { w: 12, h: 8 } as const

const toGrafana = ({ title, unit, queries }: Panel, index: number) => ({
  id: index + 1,
  type: 'timeseries',
  title,
  datasource,
  gridPos: { ...size, x: (index % 2) * size.w, y: Math.floor(index / 2) * size.h },
  fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
  targets: Object.entries(queries).map(([legendFormat, expr], at) => ({
    ...{ refId: String.fromCharCode(65 + at), datasource, expr, legendFormat },
  })),
})

/** A dashboard for Grafana 10 and newer as JSON, to be imported; it asks for the data source. */
export function dashboard(): string {
  const variable = { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }
  const dashboard = {
    uid: 'connect-gateway',
    title: 'Connect Gateway',
    tags: ['connect-gateway'],
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [variable] },
    panels: panels.map(toGrafana),
  }
  return JSON.stringify(dashboard, null, 2)
}
