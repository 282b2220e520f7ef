import type { AdapterLink } from '../../providers/adapter.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'

/** A link in the words of its provider's adapter. */
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
  }
}
