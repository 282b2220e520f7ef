import type { SpanAttributes } from '../../domain/tracing.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'

/** What spans have of a link. */
export const linkAttributes = ({
  id,
  provider,
  connectorKey,
}: Pick<ConnectLinkRow, 'id' | 'provider' | 'connectorKey'>): SpanAttributes => ({
  'connect.provider': provider,
  'connect.connector': connectorKey,
  'connect.link_id': id,
})
