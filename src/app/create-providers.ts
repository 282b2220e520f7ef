import type { Log } from '../domain/log.ts'
import { type Metrics, noMetrics } from '../domain/metrics.ts'
import { noTracing, type Tracing } from '../domain/tracing.ts'
import type { CircuitSettings } from '../http/circuit-breaker.ts'
import { createHttp } from '../http/client.ts'
import { createHealth } from '../http/health.ts'
import { createProviderClocks } from '../http/provider-clocks.ts'
import { definitionByKey, providerDefinitions } from '../providers/index.ts'
import { createOwnAccounts } from '../providers/own-accounts.ts'
import {
  type AccountContextOf,
  configureProvider,
  createProviderRegistry,
  type SandboxLocation,
} from '../providers/provider-registry.ts'
import type { Config } from './config.ts'

export interface CreateProvidersOptions {
  readonly config: Config
  readonly log: Log
  /** Location of a running sandbox; `null`: none runs, and providers in SANDBOX mode are not configured. */
  readonly sandbox: SandboxLocation | null
  readonly now?: () => Date
  /** Deadline of an operation at a provider, over all its calls; 10 s by default. */
  readonly providerDeadlineMs?: number
  /** Default: nothing is measured. */
  readonly metrics?: Metrics
  /** Default: nothing is recorded. */
  readonly tracing?: Tracing
  /** When the circuit breaker of a provider account opens, and for how long. */
  readonly circuitSettings?: CircuitSettings
}

export const systemNow = () => new Date()

/** The providers as configured, with the state that their calls update: health and clocks. `close` closes their connections. */
export function createProviders({
  config,
  log,
  sandbox,
  now = systemNow,
  providerDeadlineMs,
  circuitSettings,
  metrics = noMetrics,
  tracing = noTracing,
}: CreateProvidersOptions) {
  const health = createHealth({ log, now, circuitSettings })
  const clocks = createProviderClocks()
  const closeHttp: (() => Promise<void>)[] = []
  const deadlineMs = providerDeadlineMs ?? 10_000
  const contextOf: AccountContextOf = (accountKey) => {
    const http = createHttp({
      log,
      now,
      deadlineMs,
      proxy: config.proxy,
      circuit: health.breaker(accountKey),
      onCall: metrics.providerCall,
      tracing,
      onOutcome: (error) => health.record(accountKey, error),
      onResponse: (sample) => clocks.observe(accountKey, sample),
    })
    closeHttp.push(http.close)
    return { http: http.client, now, log, toGatewayTime: (at) => clocks.toGatewayTime(accountKey, at) }
  }
  function openTrial() {
    const http = createHttp({ log, now, deadlineMs, proxy: config.proxy, tracing })
    return { context: { http: http.client, now, log, toGatewayTime: () => null }, close: http.close }
  }
  const setup = { modes: config.providerModes, environment: config.environment, sandbox }
  const providers = createProviderRegistry(
    providerDefinitions.map((definition) => configureProvider(definition, setup, contextOf)),
  )
  return {
    providers,
    ownAccounts: createOwnAccounts({ ...setup, definitions: definitionByKey, contextOf, openTrial }),
    health,
    clocks,
    close: async () => void (await Promise.all(closeHttp.map((close) => close()))),
  }
}
