import type { Fault, Setting } from './open.ts'

export interface Contract extends Setting {
  /** The fewest connectors that the sandbox's catalogue may have. */
  readonly connectors: number
  /** Parts of credentials that no message and no log line may show. */
  readonly secrets: readonly string[]
  /** Which HTTP call decides each of the adapter's; one that the adapter cannot make is absent. */
  readonly calls: Readonly<Partial<Record<CallName, Pick<Fault, 'method' | 'path'>>>>
  /** What each of the adapter's calls answers to a 404; those not named refuse with PROVIDER_REJECTED. */
  readonly absent: Partial<Record<CallName, unknown>>
}

export const callNames = [
  'createLink',
  'createReconnectLink',
  'checkLink',
  'revokeLink',
  'getConnection',
  'listConnections',
  'listConnectors',
  'disconnect',
] as const
export type CallName = (typeof callNames)[number]
