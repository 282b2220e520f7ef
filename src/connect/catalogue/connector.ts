import type { ProviderKey } from '../../domain/provider-key.ts'
import type { RemoteConnector } from '../../providers/adapter.ts'

/** A connector with the provider that offers it. */
export interface Connector extends RemoteConnector {
  readonly provider: ProviderKey
}
