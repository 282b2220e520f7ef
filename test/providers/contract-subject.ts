import type { LinkProgress, RevocableLink } from '../../src/providers/adapter.ts'
import type { Fault, ProviderSetup } from './open.ts'

export interface Contract extends ProviderSetup {
  /** Minimum number of connectors in the sandbox's catalogue. */
  readonly connectors: number
  /** Parts of credentials that must not appear in messages or log lines. */
  readonly secrets: readonly string[]
  /** The HTTP call behind each adapter method; methods that the adapter does not have are absent. */
  readonly calls: Readonly<Partial<Record<CallName, Pick<Fault, 'method' | 'path'>>>>
  /** What each adapter method returns for a 404. Methods that are absent here throw PROVIDER_REJECTED. */
  readonly absent: Partial<Record<CallName, unknown>>
  /** Of a provider that can revoke links. */
  readonly revocation?: Revocation
}

export interface Revocation {
  /** What a second revocation of the same link returns. */
  readonly repeated: boolean
  /** Of the link after its revocation. */
  readonly progress: LinkProgress
  /** What makes the link one that the provider does not have. */
  readonly missing: readonly Partial<RevocableLink>[]
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
