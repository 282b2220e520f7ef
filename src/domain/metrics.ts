import type { ProviderKey } from './provider-key.ts'

/** What a process measures of its work; the texts are labels with few different values. */
export interface Metrics {
  /** A GraphQL or MCP request. `operation`: of a trusted document or a tool, else "other"; `outcome`: "OK" or an error code. */
  request(labels: RequestLabels, seconds: number): void
  /** A call to a provider, with its retries. `outcome`: "OK" or the code of the error. */
  providerCall(labels: ProviderCallLabels, seconds: number): void
  /** An attempt to send a webhook to the application. */
  webhook(outcome: 'delivered' | 'failed', seconds: number): void
  /** An end user has completed a connect link. `seconds`: since its creation. */
  linkCompleted(provider: ProviderKey, seconds: number): void
  /** A connect link was polled. `outcome`: what the provider reports, or why it does not. */
  poll(provider: ProviderKey, outcome: string): void
}

export interface RequestLabels {
  readonly operation: string
  readonly type: string
  readonly caller: string
  readonly outcome: string
}

export interface ProviderCallLabels {
  readonly provider: string
  readonly purpose: string
  readonly outcome: string
}

export const noMetrics: Metrics = {
  request: () => undefined,
  providerCall: () => undefined,
  webhook: () => undefined,
  linkCompleted: () => undefined,
  poll: () => undefined,
}
