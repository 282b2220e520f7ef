import type { AdapterLink } from '../../providers/adapter.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'

/** Maps a row to the adapter's type; `event` is `null`. `connectorName` is `null` if unknown. */
export function toAdapterLink(link: ConnectLinkRow, connectorName: string | null): AdapterLink {
  return {
    linkId: link.id,
    purpose: link.purpose,
    event: null,
    connectorKey: link.connectorKey,
    connectorName,
    direction: link.direction,
    endUserId: link.endUserId,
    remoteLinkId: link.remoteLinkId,
    remoteGroup: link.remoteGroup,
    remoteConnectionId: link.remoteConnectionId,
    providerState: link.providerState,
    createdAt: link.createdAt,
    returnedAt: link.returnedAt,
  }
}
