import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ConnectContext } from '../connect/context.ts'
import type { Metrics } from '../domain/metrics.ts'
import { readStoreMetrics } from '../store/store-metrics.ts'

export interface MetricsRegistry {
  readonly metrics: Metrics
  /** Adds what is read when the metrics are requested. */
  observe(connect: ConnectContext): void
  /** In the text format of Prometheus. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>
}

/** In seconds: from a read of the store to the deadline of an operation. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const prefix = 'connect_gateway_'

/** The metrics of this process. */
export function createMetrics(): MetricsRegistry {
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register })
  const requests = new Histogram({
    name: `${prefix}request_duration_seconds`,
    help: 'GraphQL requests by operation, type, caller and outcome (OK or an error code).',
    labelNames: ['operation', 'type', 'caller', 'outcome'] as const,
    ...{ buckets, registers },
  })
  const providerCalls = new Histogram({
    name: `${prefix}provider_call_duration_seconds`,
    help: 'Calls to providers by provider, purpose and outcome (OK or an error code), retries included.',
    labelNames: ['provider', 'purpose', 'outcome'] as const,
    ...{ buckets, registers },
  })
  const webhooks = new Histogram({
    name: `${prefix}webhook_attempt_duration_seconds`,
    help: 'Attempts to send webhooks to the application, by outcome (delivered, failed).',
    labelNames: ['outcome'] as const,
    ...{ buckets, registers },
  })
  return {
    metrics: {
      request: (labels, seconds) => requests.observe({ ...labels }, seconds),
      providerCall: ({ provider, purpose, outcome }, seconds) =>
        providerCalls.observe({ provider, purpose, outcome }, seconds),
      webhook: (outcome, seconds) => webhooks.observe({ outcome }, seconds),
    },
    observe: (connect) => observeContext(connect, registers),
    render: async () => ({ contentType: register.contentType, text: await register.metrics() }),
  }
}

function observeContext(connect: ConnectContext, registers: Registry[]): void {
  const { providers, health } = connect
  new Gauge({
    name: `${prefix}circuit_state`,
    help: 'State of the circuit breaker of a provider account: 1 for the present state.',
    labelNames: ['provider', 'state'] as const,
    registers,
    collect() {
      this.reset()
      for (const { key, accountKey } of providers.configured)
        for (const state of circuitStates)
          this.set({ provider: key, state }, health.circuit(accountKey) === state ? 1 : 0)
    },
  })
  new Counter({
    name: `${prefix}circuit_transitions_total`,
    help: 'Changes of circuit breakers to a state.',
    labelNames: ['provider', 'state'] as const,
    registers,
    collect() {
      this.reset()
      for (const [accountKey, counts] of health.transitions()) {
        const provider = providers.byAccountKey(accountKey)?.key ?? 'unknown'
        for (const [state, count] of Object.entries(counts)) this.inc({ provider, state }, count)
      }
    },
  })
  observeStore(connect, registers)
}

const circuitStates = ['CLOSED', 'HALF_OPEN', 'OPEN'] as const

/** The same on every gateway that shares the database: take the maximum, not the sum. */
function observeStore({ db, providers, now }: ConnectContext, registers: Registry[]): void {
  let reading: ReturnType<typeof readStoreMetrics> | undefined
  // Gauges are collected together: one read serves them all.
  const read = () => {
    reading ??= readStoreMetrics(db, now()).finally(() => {
      reading = undefined
    })
    return reading
  }
  const gauge = (name: string, help: string, labelNames: string[], set: (gauge: Gauge) => Promise<void>) =>
    new Gauge({
      name: `${prefix}${name}`,
      ...{ help, labelNames, registers },
      async collect() {
        this.reset()
        await set(this)
      },
    })
  gauge('open_links', 'Open connect links by provider and status.', ['provider', 'status'], async (open) => {
    for (const { provider, status, count } of (await read()).openLinks) open.set({ provider, status }, count)
  })
  gauge(
    'ended_links_last_hour',
    'Connect links that ended in the last hour, by status.',
    ['status'],
    async (ended) => {
      for (const { status, count } of (await read()).endedLinks) ended.set({ status }, count)
    },
  )
  gauge(
    'link_completion_seconds',
    'Time from creation to completion of the links of the last hour; quantiles.',
    ['quantile'],
    async (completion) => {
      const { medianSeconds, p95Seconds } = await read()
      if (medianSeconds !== null) completion.set({ quantile: '0.5' }, medianSeconds)
      if (p95Seconds !== null) completion.set({ quantile: '0.95' }, p95Seconds)
    },
  )
  gauge(
    'sync_age_seconds',
    'Age of the last complete sync, by provider and list.',
    ['provider', 'list'],
    async (age) => {
      for (const { accountKey, kind, seconds } of (await read()).syncAges) {
        const provider = providers.configured.find((one) => one.accountKey === accountKey)
        if (provider) age.set({ provider: provider.key, list: kind.toLowerCase() }, seconds)
      }
    },
  )
  gauge(
    'queued',
    'Rows that wait: webhooks to the application, and of providers.',
    ['queue'],
    async (queued) => {
      const { pendingMessages, pendingDeliveries } = await read()
      queued.set({ queue: 'webhooks_out' }, pendingMessages)
      queued.set({ queue: 'webhooks_in' }, pendingDeliveries)
    },
  )
}
