import { setTimeout as sleep } from 'node:timers/promises'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { ConnectContext } from '../connect/context.ts'
import type { OpenDatabase } from '../store/database.ts'
import { readStoreMetrics, type StoreMetrics } from '../store/store-metrics.ts'
import { declared, type MetricKey } from './metric-definitions.ts'

interface Observed {
  readonly connect: ConnectContext
  readonly database: Pick<OpenDatabase, 'connections'>
  readonly registers: Registry[]
}

const circuitStates = ['CLOSED', 'HALF_OPEN', 'OPEN', 'SUSPENDED'] as const

/** Registers the metrics that are read when they are requested. */
export function observeGateway({ connect, database, registers }: Observed): void {
  const { providers, health } = connect
  new Gauge({
    ...declared('circuit_state'),
    // Each process has circuit breakers of its own.
    ...{ registers, aggregator: 'max' },
    collect() {
      this.reset()
      for (const { key, accountKey } of providers.configured) {
        const breaker = health.breaker(accountKey)
        const present = breaker.isSuspended?.() ? 'SUSPENDED' : breaker.state()
        for (const state of circuitStates) this.set({ provider: key, state }, present === state ? 1 : 0)
      }
    },
  })
  new Counter({
    ...declared('circuit_transitions_total'),
    registers,
    collect() {
      this.reset()
      for (const [accountKey, counts] of health.transitions()) {
        const provider = providers.byAccountKey(accountKey)?.key ?? 'unknown'
        for (const [state, count] of Object.entries(counts)) this.inc({ provider, state }, count)
      }
    },
  })
  new Gauge({
    ...declared('database_connections'),
    registers,
    collect() {
      for (const [state, count] of Object.entries(database.connections())) this.set({ state }, count)
    },
  })
  observeStore(connect, registers)
}

/** Less than Prometheus waits. */
const readLimitMs = 3_000

/** The same on every gateway that shares the database: take the maximum, not the sum. */
function observeStore({ db, providers, now }: ConnectContext, registers: Registry[]): void {
  let reading: Promise<StoreMetrics | undefined> | undefined
  // Gauges are collected together: one read serves them all. While the database fails, the other metrics still show it.
  const read = () => {
    reading ??= readStoreMetrics(db, now())
      .catch(() => undefined)
      .finally(() => {
        reading = undefined
      })
    return Promise.race([reading, sleep(readLimitMs, undefined, { ref: false })])
  }
  const gauge = (key: MetricKey, set: (gauge: Gauge) => Promise<void>) =>
    new Gauge<string>({
      ...declared(key),
      ...{ registers, aggregator: 'max' },
      async collect() {
        this.reset()
        await set(this)
      },
    })
  gauge('open_links', async (open) => {
    for (const { provider, status, count } of (await read())?.openLinks ?? [])
      open.set({ provider, status }, count)
  })
  gauge('ended_links_last_hour', async (ended) => {
    for (const { status, count } of (await read())?.endedLinks ?? []) ended.set({ status }, count)
  })
  gauge('sync_age_seconds', async (age) => {
    for (const { accountKey, kind, seconds } of (await read())?.syncAges ?? []) {
      const provider = providers.configured.find((one) => one.accountKey === accountKey)
      if (provider) age.set({ provider: provider.key, list: kind.toLowerCase() }, seconds)
    }
  })
  gauge('queued', async (queued) => {
    const metrics = await read()
    if (metrics === undefined) return
    queued.set({ queue: 'webhooks_out' }, metrics.pendingMessages)
    queued.set({ queue: 'webhooks_in' }, metrics.pendingDeliveries)
  })
}
