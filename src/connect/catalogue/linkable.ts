import type { Viewer } from '../../domain/viewer.ts'
import { isEndUser } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'
import { sessionRestrictions } from '../session-limits.ts'
import type { Connector } from './connector.ts'

/** Whether the connector needs credentials that the caller cannot give: sessions give none. */
export const needsOthersCredentials = (viewer: Viewer, { credentialsOption }: Connector): boolean =>
  credentialsOption !== null && isEndUser(viewer)

/** Whether the caller can create a link for the connector. */
export const isLinkable = (
  viewer: Viewer,
  context: Pick<ConnectContext, 'catalogue' | 'providers'>,
  connector: Connector,
): boolean =>
  connector.linkable &&
  !needsOthersCredentials(viewer, connector) &&
  sessionRestrictions(viewer, context, { provider: connector.provider, connector: connector.key }).length ===
    0
