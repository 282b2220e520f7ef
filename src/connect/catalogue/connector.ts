import type { ProviderKey } from '../../domain/provider-key.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { RemoteConnector } from '../../providers/adapter.ts'
import { isEndUser } from '../authorization.ts'

/** A connector with the provider that offers it. */
export interface Connector extends RemoteConnector {
  readonly provider: ProviderKey
}

/** Whether the caller can create a link for the connector. A session cannot give credentials. */
export const isLinkable = (viewer: Viewer, { linkable, credentialsOption }: Connector): boolean =>
  linkable && (credentialsOption === null || !isEndUser(viewer))
