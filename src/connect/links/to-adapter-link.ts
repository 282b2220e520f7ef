import type { OpenLink } from '../../providers/adapter.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'

/** A link in the words of its provider's adapter. */
export function toOpenLink(link: ConnectLinkRow, connectorName: string | null): OpenLink {
  return {
    linkId: link.id,
    purpose: link.purpose,
    news: null,
    connectorKey: link.connector_key,
    connectorName,
    direction: link.direction,
    endUserId: link.end_user_id,
    remoteLinkId: link.remote_link_id,
    remoteGroup: link.remote_group,
    remoteConnectionId: link.remote_connection_id,
    memo: link.memo,
    createdAt: link.created_at,
  }
}
